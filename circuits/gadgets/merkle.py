"""4-ary Merkle trees with Poseidon(4) nodes, of a depth fixed by the circuit.

A leaf's index is given as bits, least significant first: bits 2k and 2k + 1 are its position among
the four children at level k (level 0 is the leaves). The three siblings of a level come in
ascending position, the own position left out.

Soundness: the index bits decide alone where the running value goes among the four children, so
the siblings are the only freedom; another set of siblings, another leaf, index or depth with the
same root is a collision of Poseidon(4). Leaves must be outputs of a hash of another width
(accounts: Poseidon(6)); then neither a node shown as a leaf nor a leaf shown as a node helps, and
the depth is a constant anyway. A prover who sets an index bit outside {0, 1} could blend children:
callers must constrain the bits (taking them from `to_bits` does).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from circuits.frontend import Builder, Wire, template
from circuits.gadgets.poseidon import (
    boxed_inputs,
    fifth_power,
    hash_of_boxed,
    input_constants,
    poseidon,
)
from circuits.gadgets.select import mux4_constants

ARITY = 4
BITS_PER_LEVEL = 2


class Roots(NamedTuple):
    """The root before and after one leaf changed."""

    old: Wire
    new: Wire


def root(
    b: Builder, leaf: Wire, path_bits: Sequence[Wire], siblings: Sequence[Sequence[Wire]]
) -> Wire:
    """The root of the tree that holds `leaf` at the index of `path_bits`.

    Preconditions: path_bits are boolean. Cost: 302 constraints a level.
    """
    value = leaf
    for bits, others in _levels(path_bits, siblings):
        value = _parent(b, value, bits, others)
    return value


def update(
    b: Builder,
    old_leaf: Wire,
    new_leaf: Wire,
    path_bits: Sequence[Wire],
    siblings: Sequence[Sequence[Wire]],
) -> Roots:
    """The roots of two trees that differ in nothing but the leaf at the index of `path_bits`.

    One set of siblings serves both, so the rest of the tree cannot change.
    Preconditions: path_bits are boolean. Cost: 597 constraints a level.
    """
    values = Roots(old_leaf, new_leaf)
    for bits, others in _levels(path_bits, siblings):
        values = _parents(b, values, bits, others)
    return values


def _levels(
    path_bits: Sequence[Wire], siblings: Sequence[Sequence[Wire]]
) -> list[tuple[list[Wire], list[Wire]]]:
    """The two bits and three siblings of each level, leaves first."""
    if len(path_bits) != BITS_PER_LEVEL * len(siblings):
        raise ValueError(f"{len(siblings)} levels take {2 * len(siblings)} bits: {len(path_bits)}")
    pairs = [list(path_bits[i : i + 2]) for i in range(0, len(path_bits), BITS_PER_LEVEL)]
    return [(bits, list(others)) for bits, others in zip(pairs, siblings, strict=True)]


@template
def _parent(b: Builder, value: Wire, bits: list[Wire], siblings: list[Wire]) -> Wire:
    return poseidon(b, _children(value, bits, siblings))


@template
def _parents(b: Builder, values: Roots, bits: list[Wire], siblings: list[Wire]) -> Roots:
    """The two nodes share the first S-boxes of the siblings: only that of the value differs."""
    boxed = boxed_inputs(_children(values.old, bits, siblings))
    constant = mux4_constants(bits[0], bits[1], bits[0] * bits[1], input_constants(ARITY))
    change = fifth_power(values.new + constant) - fifth_power(values.old + constant)
    changed = [child + moved for child, moved in zip(boxed, _route(change, bits), strict=True)]
    return Roots(hash_of_boxed(b, boxed), hash_of_boxed(b, changed))


def _children(value: Wire, bits: list[Wire], siblings: list[Wire]) -> list[Wire]:
    """The four children: `value` at position bits[0] + 2 bits[1]. Five constraints."""
    low_bit, high_bit = bits
    first, second, third = siblings
    # The siblings split into the partner in the value's own pair and the other pair, in order.
    left = second + high_bit * (first - second)
    right = third + high_bit * (second - third)
    partner = first + second + third - left - right
    swap = low_bit * (partner - value)
    own_left, own_right = value + swap, partner - swap
    swap_left = high_bit * (left - own_left)
    swap_right = high_bit * (right - own_right)
    return [own_left + swap_left, own_right + swap_right, left - swap_left, right - swap_right]


def _route(change: Wire, bits: list[Wire]) -> list[Wire]:
    """`change` at position bits[0] + 2 bits[1] of four, zero elsewhere. Three constraints."""
    low_bit, high_bit = bits
    at_odd = low_bit * change
    at_2_or_3 = high_bit * change
    at_3 = high_bit * at_odd
    return [change - at_odd - at_2_or_3 + at_3, at_odd - at_3, at_2_or_3 - at_3, at_3]
