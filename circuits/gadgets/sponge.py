"""A fixed-length sponge over Poseidon of width 17: sixteen elements a permutation.

    state[0] = domain · 2^32 + len(elements)      state[1..16] = 0
    for each block of sixteen (the last padded with zeros):
        state[1..16] += block;  permute
    digest = state[0]

The length stands in the capacity word, so zero padding is unambiguous and hashes of different
lengths never share a state.

Cost: 609 constraints for the first block, 612 for each further one.
Soundness: Poseidon has no witness freedom; the length and domain are constants of the circuit.
"""

from __future__ import annotations

from collections.abc import Sequence

from circuits.frontend import Builder, Wire
from circuits.gadgets.poseidon import first_word, permutation, poseidon

RATE = 16
LENGTH_BITS = 32


def sponge_hash(b: Builder, elements: Sequence[Wire], *, domain: int) -> Wire:
    """The digest of the elements (at least one) under `domain`, a constant of the circuit."""
    if not 0 < len(elements) < 1 << LENGTH_BITS:
        raise ValueError(f"a sponge takes 1 to 2^{LENGTH_BITS} - 1 elements, not {len(elements)}")
    blocks = [_padded(b, elements[i : i + RATE]) for i in range(0, len(elements), RATE)]
    first = (domain << LENGTH_BITS) + len(elements)
    if len(blocks) == 1:
        return poseidon(b, blocks[0], initial_state=first)
    state = permutation(b, blocks[0], first=first)
    for block in blocks[1:-1]:
        state = permutation(b, _absorb(state, block))
    return first_word(b, _absorb(state, blocks[-1]))


def _absorb(state: list[Wire], block: list[Wire]) -> list[Wire]:
    capacity, *rate = state
    return [capacity, *(word + element for word, element in zip(rate, block, strict=True))]


def _padded(b: Builder, block: Sequence[Wire]) -> list[Wire]:
    return [*block, *[b.constant(0)] * (RATE - len(block))]
