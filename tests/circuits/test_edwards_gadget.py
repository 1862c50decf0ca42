"""Curve arithmetic in both forms against the plain reference."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from circuits.frontend import Builder, CompiledCircuit, compile_circuit, engine
from circuits.gadgets import edwards, montgomery, weierstrass
from circuits.gadgets.edwards import EdwardsPoint
from circuits.gadgets.montgomery import MONTGOMERY
from native.constants import FR_MODULUS
from native.reference.babyjubjub import BABYJUB_BASE8, BABYJUB_SUBORDER, babyjub_add, babyjub_mul

Coordinates = tuple[int, int]
GENERATOR: Coordinates = (  # of the whole group, order 8 l
    995203441582195749578291179787384436505546430278305826713579947235728471134,
    5472060717959818805561601436314318772137091100104008585924551046643952123905,
)
LOW_ORDER = [babyjub_mul(GENERATOR, k * BABYJUB_SUBORDER) for k in range(8)]
POINTS = [*LOW_ORDER, GENERATOR, BABYJUB_BASE8, babyjub_mul(BABYJUB_BASE8, 77)]
POINTS += [(-x % FR_MODULUS, y) for x, y in POINTS[-3:]]


def binary_circuit(
    operation: Callable[[Builder, EdwardsPoint, EdwardsPoint], EdwardsPoint],
) -> CompiledCircuit:
    def define(b: Builder) -> None:
        claimed = b.public_inputs("result", 2)
        p, q = EdwardsPoint(*b.private_inputs("p", 2)), EdwardsPoint(*b.private_inputs("q", 2))
        for found, expected in zip(operation(b, p, q), claimed, strict=True):
            b.assert_equal(found, expected)

    return compile_circuit(define)


def holds(compiled: CompiledCircuit, result: Coordinates, p: Coordinates, q: Coordinates) -> bool:
    values = {"result": result, "p": p, "q": q}
    return engine.is_satisfied(compiled, engine.run(compiled, values))


def through_montgomery(b: Builder, p: EdwardsPoint, q: EdwardsPoint) -> EdwardsPoint:
    left, right = montgomery.to_montgomery(b, p), montgomery.to_montgomery(b, q)
    return montgomery.from_montgomery(b, weierstrass.add(b, MONTGOMERY, left, right))


def doubled_and_added(b: Builder, p: EdwardsPoint, q: EdwardsPoint) -> EdwardsPoint:
    left, right = montgomery.to_montgomery(b, p), montgomery.to_montgomery(b, q)
    return montgomery.from_montgomery(b, weierstrass.double_and_add(b, MONTGOMERY, left, right))


def doubled_in_montgomery(b: Builder, p: EdwardsPoint, q: EdwardsPoint) -> EdwardsPoint:
    point = weierstrass.double(b, MONTGOMERY, montgomery.to_montgomery(b, p))
    return montgomery.from_montgomery(b, point)


def test_add__every_pair_of_points_exceptional_or_not() -> None:
    compiled = binary_circuit(edwards.add)
    assert compiled.n_constraints == 6 + 2
    for p in POINTS:
        for q in POINTS:
            x, y = babyjub_add(p, q)
            assert holds(compiled, (x, y), p, q)
            assert not holds(compiled, ((x + 1) % FR_MODULUS, y), p, q)
            assert not holds(compiled, (x, (y + 1) % FR_MODULUS), p, q)


def test_double__every_point() -> None:
    compiled = binary_circuit(lambda b, p, q: edwards.double(b, p))
    assert compiled.n_constraints == 5 + 2
    for p in POINTS:
        assert holds(compiled, babyjub_add(p, p), p, p)


@pytest.mark.parametrize("offset", [(1, 0), (0, 1)])
def test_on_curve__points_pass_and_neighbours_fail(offset: Coordinates) -> None:
    def define(b: Builder) -> None:
        edwards.assert_on_curve(b, EdwardsPoint(*b.private_inputs("p", 2)))

    compiled = compile_circuit(define)
    assert compiled.n_constraints == 3
    for x, y in POINTS:
        assert engine.is_satisfied(compiled, engine.run(compiled, {"p": (x, y)}))
        moved = ((x + offset[0]) % FR_MODULUS, (y + offset[1]) % FR_MODULUS)
        assert not engine.is_satisfied(compiled, engine.run(compiled, {"p": moved}))


def test_montgomery__addition_and_doubling_match() -> None:
    p, q = babyjub_mul(BABYJUB_BASE8, 5), babyjub_mul(BABYJUB_BASE8, 11)
    assert holds(binary_circuit(through_montgomery), babyjub_add(p, q), p, q)
    assert holds(binary_circuit(doubled_in_montgomery), babyjub_add(p, p), p, q)
    assert holds(binary_circuit(doubled_and_added), babyjub_mul(BABYJUB_BASE8, 21), p, q)


def test_montgomery__opposite_points_cannot_be_added() -> None:
    p, minus_p = POINTS[-4], POINTS[-1]
    assert babyjub_add(p, minus_p) == (0, 1)
    assert not holds(binary_circuit(through_montgomery), (0, 1), p, minus_p)


def test_to_montgomery__points_of_order_one_and_two_are_refused() -> None:
    """No hint helps: x times anything is never 1 when x is 0."""

    def define(b: Builder) -> None:
        montgomery.to_montgomery(b, EdwardsPoint(*b.private_inputs("p", 2)))

    compiled = compile_circuit(define)
    assert compiled.n_constraints == 3
    for x, y in POINTS:
        witness = engine.run(compiled, {"p": (x, y)})
        assert engine.is_satisfied(compiled, witness) == (x != 0)
