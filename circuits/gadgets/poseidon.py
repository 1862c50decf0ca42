"""Poseidon over the scalar field with the iden3 parameters, widths t = 2..17.

Cost: three constraints an S-box, the linear layers are free, so 3 (8 t + R_P), less three when the
first word is a static constant (its first S-box is then known while the circuit is built):

    inputs (t - 1)      1    2    3    4    5    6   16
    constraints       213  240  261  297  321  354  609

Soundness: every S-box output is a polynomial of its input, fixed by constraints; there is no
witness freedom, so a prover can change the result only by changing the inputs. The values are
hinted all at once, which is fast; three constraints fix those of each S-box one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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


def input_constants(n_inputs: int) -> list[int]:
    """What the first round adds to each input of a hash."""
    return parameters(n_inputs + 1).C[1 : n_inputs + 1]


def boxed_inputs(inputs: Sequence[Wire]) -> list[Wire]:
    """The first round's S-box of each input of a hash. Three constraints an input."""
    return [fifth_power(word) for word in _add(inputs, input_constants(len(inputs)))]


def hash_of_boxed(b: Builder, boxed: Sequence[Wire]) -> Wire:
    """`poseidon` of the inputs of which `boxed` are the `boxed_inputs`.

    For hashes that share inputs. The S-box is a bijection, so the boxed inputs fix the inputs.
    Cost: that of the hash, less three constraints an input.
    """
    return _hash_of_boxed(b, list(boxed))


def fifth_power(word: Wire) -> Wire:
    """word^5, the S-box. Three constraints, none for a constant."""
    b = word.builder
    if word.is_constant:
        return b.constant(pow(word.constant_value, 5, b.modulus))
    return _boxed(b, word, iter(b.fifth_power_hint(word)))


@template
def _first_word(b: Builder, words: list[Wire], *, first: int | None) -> Wire:
    return _word_after(b, _boxed_state(b, words, first))


@template
def _permutation(b: Builder, words: list[Wire], *, first: int | None) -> list[Wire]:
    boxed = _boxed_state(b, words, first)
    values = iter(b.poseidon_hint(boxed, first_word=False))
    last = [_boxed(b, word, values) for word in _up_to_last_boxes(b, boxed, values)]
    return [b.linear(row, last) for row in parameters(len(last)).M]


@template
def _hash_of_boxed(b: Builder, boxed: list[Wire]) -> Wire:
    first = b.constant(parameters(len(boxed) + 1).C[0])
    return _word_after(b, [fifth_power(first), *boxed])


def _boxed_state(b: Builder, words: list[Wire], first: int | None) -> list[Wire]:
    """The state after the S-boxes of the first round."""
    state = words if first is None else [b.constant(first), *words]
    constants = parameters(len(state)).C[: len(state)]
    return [fifth_power(word) for word in _add(state, constants)]


def _word_after(b: Builder, boxed: list[Wire]) -> Wire:
    """Word 0 of the permuted state, from the state after the S-boxes of the first round."""
    values = iter(b.poseidon_hint(boxed, first_word=True))
    *others, last = _up_to_last_boxes(b, boxed, values)
    *row, corner = parameters(len(boxed)).M[0]
    products = [_boxed(b, word, values) for word in others]
    fourth, result = _fourth_power(b, last, values), next(values)
    b.assert_product(fourth, last * corner, result - b.linear(row, products))
    return result


def _up_to_last_boxes(b: Builder, boxed: list[Wire], values: Iterator[Wire]) -> list[Wire]:
    """From after the S-boxes of the first round to before those of the last."""
    t = len(boxed)
    p = parameters(t)
    half = p.rounds_full // 2
    constants = [p.C[i : i + t] for i in range(0, len(p.C), t)]
    state = _mix(b, boxed, constants[1])
    for r in range(1, half):
        state = _full_round(b, state, constants[r + 1], values)
    state = _partial_rounds(b, state, values)
    for r in range(half + p.rounds_partial, len(constants) - 1):
        state = _full_round(b, state, constants[r + 1], values)
    return state


def _full_round(
    b: Builder, state: list[Wire], constants: list[int], values: Iterator[Wire]
) -> list[Wire]:
    """S-boxes on all words, mix, then the constants of the next round."""
    return _mix(b, [_boxed(b, word, values) for word in state], constants)


def _mix(b: Builder, boxed: list[Wire], constants: list[int]) -> list[Wire]:
    """The matrix, then the constants of the next round. Free."""
    return _add([b.linear(row, boxed) for row in parameters(len(boxed)).M], constants)


def _partial_rounds(b: Builder, state: list[Wire], values: Iterator[Wire]) -> list[Wire]:
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
        fourth, following = _fourth_power(b, word, values), next(values)
        b.assert_product(fourth, word * plan.corner, following - rest)
        boxed = (following - rest) * unscaled
        others = [u + boxed * weight for u, weight in zip(others, step.writes, strict=True)]
        word = following
    mixed = [b.linear(row, others) for row in plan.mixing]
    return [word, *_add(mixed, plan.constants)]


def _boxed(b: Builder, word: Wire, values: Iterator[Wire]) -> Wire:
    """word^5 on the next three of the hinted values. Three constraints."""
    fourth, fifth = _fourth_power(b, word, values), next(values)
    b.assert_product(fourth, word, fifth)
    return fifth


def _fourth_power(b: Builder, word: Wire, values: Iterator[Wire]) -> Wire:
    """word^4 on the next two of the hinted values. Two constraints."""
    square, fourth = next(values), next(values)
    b.assert_product(word, word, square)
    b.assert_product(square, square, fourth)
    return fourth


def _add(words: Sequence[Wire], constants: Sequence[int]) -> list[Wire]:
    return [word + constant for word, constant in zip(words, constants, strict=True)]
