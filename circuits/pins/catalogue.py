"""What is pinned: circuits by name, and gadgets at typical parameters."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from circuits.frontend import Builder, Wire
from circuits.frontend.gadget_circuit import GadgetCircuit, gadget_circuit
from circuits.gadgets import (
    bits,
    boolean,
    compare,
    div_mod,
    edwards,
    fixed_base,
    is_zero,
    range_check,
    select,
    variable_base,
)
from circuits.gadgets import eddsa as eddsa_gadget
from circuits.gadgets import merkle as merkle_gadget
from circuits.gadgets.below_constant import to_bits_below, to_bits_canonical
from circuits.gadgets.edwards import EdwardsPoint
from circuits.gadgets.poseidon import poseidon
from circuits.gadgets.sponge import sponge_hash
from circuits.gadgets.weierstrass import Point
from native.constants import FR_MODULUS
from native.reference.babyjubjub import BABYJUB_SUBORDER

PINNED_CIRCUITS = ("poseidon-chain-10", "rollup-tiny", "rollup-small", "rollup-mainnet")

_MERKLE_DEPTH = 12
_MERKLE_BITS, _MERKLE_SIBLINGS = 2 * _MERKLE_DEPTH, 3 * _MERKLE_DEPTH


def _poseidon(b: Builder, *inputs: Wire) -> Wire:
    return poseidon(b, inputs)


def _mux4(b: Builder, bit0: Wire, bit1: Wire, *options: Wire) -> Wire:
    return select.mux4(b, bit0, bit1, options)


def _merkle_root(b: Builder, leaf: Wire, *rest: Wire) -> Wire:
    return merkle_gadget.root(b, leaf, *_path(rest))


def _merkle_update(b: Builder, old_leaf: Wire, new_leaf: Wire, *rest: Wire) -> object:
    return merkle_gadget.update(b, old_leaf, new_leaf, *_path(rest))


def _path(wires: tuple[Wire, ...]) -> tuple[list[Wire], list[list[Wire]]]:
    siblings = wires[_MERKLE_BITS:]
    levels = [list(siblings[i : i + 3]) for i in range(0, _MERKLE_SIBLINGS, 3)]
    return list(wires[:_MERKLE_BITS]), levels


def _eddsa(b: Builder, *x: Wire) -> None:
    eddsa_gadget.assert_valid(b, (x[0], x[1]), x[2], (x[3], x[4]), x[5], x[6])


def _base8_multiple(b: Builder, *scalar_bits: Wire) -> EdwardsPoint:
    return fixed_base.multiply_base8(b, scalar_bits)


def _point_multiple(b: Builder, u: Wire, v: Wire, *scalar_bits: Wire) -> Point:
    return variable_base.multiply_by_double_plus_one(b, Point(u, v), scalar_bits)


def _edwards_sum(b: Builder, *x: Wire) -> EdwardsPoint:
    return edwards.add(b, EdwardsPoint(*x[:2]), EdwardsPoint(*x[2:]))


def _sponge(b: Builder, *elements: Wire) -> Wire:
    return sponge_hash(b, elements, domain=1)


def _sizes() -> dict[str, Callable[[], GadgetCircuit]]:
    merkle_inputs = _MERKLE_BITS + _MERKLE_SIBLINGS
    return {
        "assert_boolean": partial(gadget_circuit, boolean.assert_boolean, 1),
        "logic_and": partial(gadget_circuit, boolean.logic_and, 2),
        "logic_not": partial(gadget_circuit, boolean.logic_not, 1),
        "logic_or": partial(gadget_circuit, boolean.logic_or, 2),
        "logic_xor": partial(gadget_circuit, boolean.logic_xor, 2),
        "to_bits(64)": partial(gadget_circuit, bits.to_bits, 1, n_bits=64),
        "to_bits_canonical": partial(gadget_circuit, to_bits_canonical, 1),
        "select": partial(gadget_circuit, select.select, 3),
        "mux4": partial(gadget_circuit, _mux4, 6),
        "assert_in_range(64)": partial(gadget_circuit, range_check.assert_in_range, 1, n_bits=64),
        "is_zero": partial(gadget_circuit, is_zero.is_zero, 1),
        "is_equal": partial(gadget_circuit, is_zero.is_equal, 2),
        "assert_not_zero": partial(gadget_circuit, is_zero.assert_not_zero, 1),
        "less_than(64)": partial(gadget_circuit, compare.less_than, 2, n_bits=64),
        "less_or_equal(64)": partial(gadget_circuit, compare.less_or_equal, 2, n_bits=64),
        "less_than_in_range(64)": partial(gadget_circuit, compare.less_than_in_range, 2, n_bits=64),
        "assert_less_or_equal(64)": partial(
            gadget_circuit, compare.assert_less_or_equal, 2, n_bits=64
        ),
        "div_mod(64, 64)": partial(
            gadget_circuit, div_mod.div_mod, 2, quotient_bits=64, divisor_bits=64
        ),
        **{f"poseidon({n})": partial(gadget_circuit, _poseidon, n) for n in (1, 2, 4, 6, 16)},
        f"merkle root({_MERKLE_DEPTH})": partial(gadget_circuit, _merkle_root, 1 + merkle_inputs),
        f"merkle update({_MERKLE_DEPTH})": partial(
            gadget_circuit, _merkle_update, 2 + merkle_inputs
        ),
        "sponge(133)": partial(gadget_circuit, _sponge, 133),
        "to_bits_below(l)": partial(gadget_circuit, to_bits_below, 1, bound=BABYJUB_SUBORDER),
        "to_bits_below(r)": partial(gadget_circuit, to_bits_below, 1, bound=FR_MODULUS),
        "edwards add": partial(gadget_circuit, _edwards_sum, 4),
        "multiply Base8": partial(gadget_circuit, _base8_multiple, fixed_base.SCALAR_BITS),
        "multiply a point": partial(gadget_circuit, _point_multiple, 2 + variable_base.SCALAR_BITS),
        "eddsa assert_valid": partial(gadget_circuit, _eddsa, 7),
    }


GADGETS: dict[str, Callable[[], GadgetCircuit]] = _sizes()
