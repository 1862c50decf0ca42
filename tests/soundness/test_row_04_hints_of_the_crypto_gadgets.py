"""Rows 3 and 4, for the hash, tree, curve and signature gadgets.

Every wire of a valid witness is changed alone, and every hint is replaced with all later wires
computed from the lie. The gadgets stand alone here, their results compared with nothing: what
notices a lie is the gadget's own constraint, not some equation at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from circuits.frontend import Builder, Wire, compile_circuit, engine
from circuits.frontend.check import check
from circuits.frontend.check_hints import check_hints
from circuits.gadgets import edwards, merkle, montgomery, weierstrass
from circuits.gadgets.below_constant import to_bits_below
from circuits.gadgets.eddsa import assert_valid
from circuits.gadgets.edwards import EdwardsPoint
from circuits.gadgets.fixed_base import SCALAR_BITS as FIXED_BITS
from circuits.gadgets.fixed_base import multiply_base8
from circuits.gadgets.montgomery import MONTGOMERY, montgomery_coordinates
from circuits.gadgets.poseidon import permutation, poseidon
from circuits.gadgets.sponge import sponge_hash
from circuits.gadgets.variable_base import SCALAR_BITS as VARIABLE_BITS
from circuits.gadgets.variable_base import multiply_by_double_plus_one
from circuits.gadgets.weierstrass import Curve, Point
from native.constants import FR_MODULUS
from native.reference.babyjubjub import BABYJUB_BASE8, BABYJUB_SUBORDER, babyjub_mul
from native.reference.eddsa import eddsa_public_key, eddsa_sign

P, Q = babyjub_mul(BABYJUB_BASE8, 1234), babyjub_mul(BABYJUB_BASE8, 98765)
P_UV, Q_UV = montgomery_coordinates(P), montgomery_coordinates(Q)
SCALAR = 0x1234567890ABCDEF << 180 | 0xFEDCBA987654321 << 60 | 0xABCDEF
KEY = bytes(range(32, 64))
MESSAGE = 2024


def bits(count: int) -> list[int]:
    return [SCALAR >> i & 1 for i in range(count)]


@dataclass(frozen=True)
class Subject:
    """A gadget over a flat list of inputs; boolean inputs are constrained by the caller."""

    gadget: Callable[[Builder, list[Wire]], Any]
    inputs: list[int]
    booleans: range = range(0)

    def define(self, b: Builder) -> None:
        wires = b.private_inputs("x", len(self.inputs))
        for i in self.booleans:
            b.assert_boolean(wires[i])
        self.gadget(b, wires)


def edwards_pair(
    operation: Callable[[Builder, EdwardsPoint, EdwardsPoint], Any],
) -> Callable[[Builder, list[Wire]], Any]:
    return lambda b, x: operation(b, EdwardsPoint(*x[:2]), EdwardsPoint(*x[2:]))


def montgomery_pair(
    operation: Callable[[Builder, Curve, Point, Point], Any],
) -> Callable[[Builder, list[Wire]], Any]:
    return lambda b, x: operation(b, MONTGOMERY, Point(*x[:2]), Point(*x[2:]))


def signature(b: Builder, x: list[Wire]) -> None:
    assert_valid(b, (x[0], x[1]), x[2], (x[3], x[4]), x[5], x[6])


R8X, R8Y, S = eddsa_sign(KEY, MESSAGE)
SIGNATURE = [*eddsa_public_key(KEY), MESSAGE, R8X, R8Y, S, 1]

SUBJECTS = {
    "poseidon": Subject(poseidon, [1, 2, 3, 4]),
    "permutation": Subject(permutation, [1, 2, 3]),
    "sponge": Subject(lambda b, x: sponge_hash(b, x, domain=9), list(range(1, 18))),
    "merkle root": Subject(
        lambda b, x: merkle.root(b, x[4], x[:4], [x[5:8], x[8:11]]),
        [1, 0, 1, 1, *range(50, 57)],
        range(4),
    ),
    "merkle update": Subject(
        lambda b, x: merkle.update(b, x[2], x[3], x[:2], [x[4:]]), [1, 0, *range(50, 55)], range(2)
    ),
    "below l": Subject(lambda b, x: to_bits_below(b, x[0], bound=BABYJUB_SUBORDER), [SCALAR]),
    "below r": Subject(lambda b, x: to_bits_below(b, x[0], bound=FR_MODULUS), [SCALAR]),
    "below r, tied": Subject(
        lambda b, x: to_bits_below(b, x[0], bound=FR_MODULUS), [FR_MODULUS - 1]
    ),
    "edwards add": Subject(edwards_pair(edwards.add), [*P, *Q]),
    "edwards double": Subject(lambda b, x: edwards.double(b, EdwardsPoint(*x)), [*P]),
    "to montgomery": Subject(lambda b, x: montgomery.to_montgomery(b, EdwardsPoint(*x)), [*P]),
    "from montgomery": Subject(lambda b, x: montgomery.from_montgomery(b, Point(*x)), [*P_UV]),
    "montgomery add": Subject(montgomery_pair(weierstrass.add), [*P_UV, *Q_UV]),
    "montgomery double": Subject(
        lambda b, x: weierstrass.double(b, MONTGOMERY, Point(*x)), [*P_UV]
    ),
    "double and add": Subject(montgomery_pair(weierstrass.double_and_add), [*P_UV, *Q_UV]),
    "fixed base": Subject(multiply_base8, bits(FIXED_BITS), range(FIXED_BITS)),
    "variable base": Subject(
        lambda b, x: multiply_by_double_plus_one(b, Point(*x[:2]), x[2:]),
        [*P_UV, *bits(VARIABLE_BITS)],
        range(2, 2 + VARIABLE_BITS),
    ),
    "signature": Subject(signature, SIGNATURE, range(6, 7)),
}


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_wire_and_every_hint_is_tied_down(name: str) -> None:
    subject = SUBJECTS[name]
    compiled = compile_circuit(subject.define, name=name)
    witness = engine.run(compiled, {"x": subject.inputs})
    engine.assert_satisfied(compiled, witness)
    assert check(compiled, witness) == []
    assert check_hints(compiled, witness, per_place=4) == []
