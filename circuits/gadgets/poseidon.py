"""Poseidon over the scalar field with the iden3 parameters, widths t = 2..17.

Cost: three constraints an S-box, the linear layers are free, so 3 (8 t + R_P), less three when the
first word is a static constant (its first S-box is then known while the circuit is built):

    inputs (t - 1)      1    2    3    4    5    6   16
    constraints       213  240  261  297  321  354  609

Soundness: every S-box output is a polynomial of its input, fixed by constraints; there are no hints
and no witness freedom, so a prover can change the result only by changing the inputs.
"""

from __future__ import annotations

from collections.abc import Sequence

from circuits.frontend import Builder, Wire, template
from circuits.gadgets.partial_rounds import partial_rounds
from native.constants import FR_MODULUS
from native.reference.poseidon import parameters


def poseidon(b: Builder, inputs: Sequence[Wire], *, initial_state: int = 0) -> Wire:
    """Word 0 of the permutation of [initial_state, inputs...], as a single wire.

    Statement: result = Poseidon(inputs), 1 to 16 of them. No preconditions: any field elements.
    """
    return _first_word(b, list(inputs), first=initial_state)


def first_word(b: Builder, state: Sequence[Wire]) -> Wire:
    """Word 0 of the permutation of a whole state, as a single wire."""
    return _first_word(b, list(state), first=None)


def permutation(b: Builder, words: Sequence[Wire], *, first: int | None = None) -> list[Wire]:
    """All t words of the permutation of [first, words...], as linear combinations of wires.

    `first` is a word known while the circuit is built; None when `words` holds the whole state.
    """
    return _permutation(b, list(words), first=first)


@template
def _first_word(b: Builder, words: list[Wire], *, first: int | None) -> Wire:
    *others, last = _up_to_last_boxes(b, words if first is None else [b.constant(first), *words])
    *row, corner = parameters(len(others) + 1).M[0]
    boxed = [_fifth_power(word) for word in others]
    return b.multiply_add(_fourth_power(last), last * corner, b.linear(row, boxed))


@template
def _permutation(b: Builder, words: list[Wire], *, first: int | None) -> list[Wire]:
    state = words if first is None else [b.constant(first), *words]
    boxed = [_fifth_power(word) for word in _up_to_last_boxes(b, state)]
    return [b.linear(row, boxed) for row in parameters(len(state)).M]


def _up_to_last_boxes(b: Builder, state: list[Wire]) -> list[Wire]:
    """The state as it enters the S-boxes of the last round."""
    t = len(state)
    p = parameters(t)
    half = p.rounds_full // 2
    constants = [p.C[i : i + t] for i in range(0, len(p.C), t)]
    state = _add(state, constants[0])
    for r in range(half):
        state = _full_round(b, state, p.M, constants[r + 1])
    state = _partial_rounds(b, state)
    for r in range(half + p.rounds_partial, len(constants) - 1):
        state = _full_round(b, state, p.M, constants[r + 1])
    return state


def _full_round(
    b: Builder, state: list[Wire], matrix: list[list[int]], constants: list[int]
) -> list[Wire]:
    """S-boxes on all words, mix, then the constants of the next round."""
    boxed = [_fifth_power(word) for word in state]
    return _add([b.linear(row, boxed) for row in matrix], constants)


def _partial_rounds(b: Builder, state: list[Wire]) -> list[Wire]:
    """All rounds with an S-box on word 0 only, up to the constants of the round after them.

    The other words are sums that grow by a term a round. So that they stay out of the A and B
    columns, the fresh wire is not the S-box output but the next word 0; the output is recovered
    from it linearly.
    """
    plan = partial_rounds(len(state))
    unscaled = pow(plan.corner, -1, FR_MODULUS)
    word, *others = state
    for step in plan.rounds:
        rest = b.linear(step.reads, others) + step.constant
        following = b.multiply_add(_fourth_power(word), word * plan.corner, rest)
        boxed = (following - rest) * unscaled
        others = [u + boxed * weight for u, weight in zip(others, step.writes, strict=True)]
        word = following
    mixed = [b.linear(row, others) for row in plan.mixing]
    return [word, *_add(mixed, plan.constants)]


def _fourth_power(word: Wire) -> Wire:
    square = word * word
    return square * square


def _fifth_power(word: Wire) -> Wire:
    """word^5: three constraints, none for a constant."""
    return _fourth_power(word) * word


def _add(words: Sequence[Wire], constants: Sequence[int]) -> list[Wire]:
    return [word + constant for word, constant in zip(words, constants, strict=True)]
