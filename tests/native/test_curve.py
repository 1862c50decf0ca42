"""Group law and membership of G1 and G2 against py_ecc's vectors and the affine definition."""

from __future__ import annotations

import random
from math import gcd, prod
from typing import Any

import numpy as np
import pytest
from py_ecc.optimized_bn128 import FQ2, b2, field_modulus, is_on_curve

from native import api
from native.constants import FP_MODULUS, FR_MODULUS, G1_GENERATOR, G2_GENERATOR
from native.reference import curve

G1 = api.g1_to_ints(G1_GENERATOR)
G2 = api.g2_to_ints(G2_GENERATOR)


def g1_rows(points: list[curve.G1Point]) -> np.ndarray:
    return np.stack([api.g1_from_ints(p) for p in points])


def g2_rows(points: list[curve.G2Point]) -> np.ndarray:
    return np.stack([api.g2_from_ints(p) for p in points])


def twist_point_outside_subgroup() -> curve.G2Point:
    """The first point of the twist with x = (k, 0): its cofactor part is not trivial."""
    for k in range(1, 50):
        x = FQ2([k, 0])
        y = fp2_square_root(x * x * x + b2)
        if y is not None:
            assert is_on_curve((x, y, FQ2.one()), b2)
            return (k, 0), (int(y.coeffs[0]), int(y.coeffs[1]))
    raise AssertionError("no point found")


def fp2_square_root(a: FQ2) -> FQ2 | None:
    """A root for q = 3 mod 4 (Adj, Rodriguez-Henriquez, algorithm 9)."""
    q = field_modulus
    a1 = a ** ((q - 3) // 4)
    x0, alpha = a1 * a, a1 * a1 * a
    minus_one = FQ2([q - 1, 0])
    x = x0 * FQ2([0, 1]) if alpha == minus_one else x0 * (FQ2.one() + alpha) ** ((q - 1) // 2)
    return x if x * x == a else None


def test_g1_multiples__as_py_ecc(bn254: dict[str, Any], decode: Any) -> None:
    scalars = [int(row["k"]) % FR_MODULUS for row in bn254["g1_mul"]]
    points = api.g1_mul(np.tile(G1_GENERATOR, (len(scalars), 1)), api.canonical_from_ints(scalars))
    assert [api.g1_to_ints(p) for p in points] == [decode.g1(r["r"]) for r in bn254["g1_mul"]]


def test_g2_multiples__as_py_ecc(bn254: dict[str, Any], decode: Any) -> None:
    scalars = [int(row["k"]) % FR_MODULUS for row in bn254["g2_mul"]]
    points = api.g2_mul(np.tile(G2_GENERATOR, (len(scalars), 1)), api.canonical_from_ints(scalars))
    assert [api.g2_to_ints(p) for p in points] == [decode.g2(r["r"]) for r in bn254["g2_mul"]]


def test_g1_sums__as_py_ecc(bn254: dict[str, Any], decode: Any) -> None:
    rows = bn254["g1_add"]
    left = g1_rows([decode.g1(row["p"]) for row in rows])
    right = g1_rows([decode.g1(row["q"]) for row in rows])
    expected = [decode.g1(row["r"]) for row in rows]
    assert [api.g1_to_ints(p) for p in api.g1_add(left, right)] == expected


def test_sums__equal_opposite_and_infinite_operands(rng: random.Random) -> None:
    p1, p2 = curve.g1_mul(G1, rng.randrange(FR_MODULUS)), curve.g2_mul(G2, 12345)
    cases_g1 = [(p1, p1), (p1, curve.g1_neg(p1)), (p1, None), (None, p1), (None, None), (p1, G1)]
    cases_g2 = [(p2, p2), (p2, curve.g2_neg(p2)), (p2, None), (None, p2), (None, None), (p2, G2)]
    got1 = api.g1_add(g1_rows([a for a, _ in cases_g1]), g1_rows([b for _, b in cases_g1]))
    got2 = api.g2_add(g2_rows([a for a, _ in cases_g2]), g2_rows([b for _, b in cases_g2]))
    assert [api.g1_to_ints(p) for p in got1] == [curve.g1_add(a, b) for a, b in cases_g1]
    assert [api.g2_to_ints(p) for p in got2] == [curve.g2_add(a, b) for a, b in cases_g2]


def test_negation__of_a_point_and_of_infinity() -> None:
    got = api.g1_neg(g1_rows([G1, None]))
    assert [api.g1_to_ints(p) for p in got] == [curve.g1_neg(G1), None]
    got = api.g2_neg(g2_rows([G2, None]))
    assert [api.g2_to_ints(p) for p in got] == [curve.g2_neg(G2), None]


def test_multiple__by_the_order_minus_one_is_the_negative() -> None:
    last = api.canonical_from_ints([FR_MODULUS - 1])
    assert (api.g1_mul(G1_GENERATOR.reshape(1, 8), last) == api.g1_neg(g1_rows([G1]))).all()
    assert (api.g2_mul(G2_GENERATOR.reshape(1, 16), last) == api.g2_neg(g2_rows([G2]))).all()


def test_off_curve__index_of_the_first_bad_row() -> None:
    good, bad = G1_GENERATOR, g1_rows([(1, 3)])[0]
    assert api.g1_first_off_curve(np.stack([good, np.zeros(8, np.uint64), good])) == -1
    assert api.g1_first_off_curve(np.stack([good, bad, bad])) == 1
    unreduced = api.canonical_from_ints([FP_MODULUS, 2]).reshape(1, 8)
    assert api.g1_first_off_curve(unreduced) == 0


def test_subgroup__a_twist_point_of_another_order_is_found() -> None:
    outside = twist_point_outside_subgroup()
    assert curve.g2_is_on_curve(outside)
    assert not curve.g2_is_in_subgroup(outside)
    rows = g2_rows([G2, None, curve.g2_mul(G2, 99), outside])
    assert api.g2_first_off_curve(rows) == -1
    assert api.g2_first_outside_subgroup(rows) == 3
    assert api.g2_first_outside_subgroup(rows[:3]) == -1


def test_subgroup__cofactor_multiple_of_an_outside_point_is_inside() -> None:
    cofactor = 2 * FP_MODULUS - FR_MODULUS
    inside = curve.g2_mul(twist_point_outside_subgroup(), cofactor)
    assert inside is not None
    assert api.g2_first_outside_subgroup(g2_rows([inside])) == -1


def test_points_and_scalars__of_wrong_form_are_refused() -> None:
    with pytest.raises(ValueError, match="coordinate"):
        api.g1_from_ints((FP_MODULUS, 2))
    with pytest.raises(ValueError, match=r"scalars\[1\]"):
        api.g1_mul(g1_rows([G1, G1]), api.canonical_from_ints([1, FR_MODULUS]))
    with pytest.raises(ValueError, match="differ"):
        api.g1_mul(g1_rows([G1, G1]), api.canonical_from_ints([1]))
    with pytest.raises(ValueError, match=r"\(n, 16\)"):
        api.g2_add(g1_rows([G1]), g1_rows([G1]))


def test_subgroup_equation__excludes_every_other_order() -> None:
    """The arithmetic that g2_is_in_subgroup relies on.

    With s = xP the equation reads (x + 1) + xT + xT² - 2xT³ in T = psi; by psi² = t psi - q that is
    a + b psi, whose norm must share no factor but r with the order of the twist.
    """
    x = 4965661367192848881
    trace = 6 * x * x + 1
    a, b, power = x + 1, 0, (1, 0)
    for coefficient in (x, x, -2 * x):
        power = (-power[1] * FP_MODULUS, power[0] + power[1] * trace)
        a, b = a + coefficient * power[0], b + coefficient * power[1]
    norm = a * a + a * b * trace + b * b * FP_MODULUS
    order = FR_MODULUS * (2 * FP_MODULUS - FR_MODULUS)
    assert gcd(norm, order) == FR_MODULUS
    assert gcd(norm // FR_MODULUS, order) == 1


# The prime factors of the cofactor 2q - r of the twist.
COFACTOR_PRIMES = [
    10069,
    5864401,
    1875725156269,
    197620364512881247228717050342013327560683201906968909,
]


def test_subgroup__points_of_every_other_order_are_outside() -> None:
    cofactor = 2 * FP_MODULUS - FR_MODULUS
    assert prod(COFACTOR_PRIMES) == cofactor
    wild = twist_point_outside_subgroup()
    for prime in COFACTOR_PRIMES:
        part = wild  # of order `prime`
        for factor in (FR_MODULUS, *(p for p in COFACTOR_PRIMES if p != prime)):
            part = curve.g2_mul(part, factor)
        assert part is not None
        assert curve.g2_mul(part, prime) is None
        mixed = curve.g2_add(part, G2)
        for k, point in enumerate([part, mixed, curve.g2_mul(part, 3)]):
            assert api.g2_first_outside_subgroup(g2_rows([G2, point])) == 1, (prime, k)
            many = np.tile(g2_rows([point]), (100, 1))
            assert api.g2_first_outside_subgroup(many) == 0, (prime, k)


def test_subgroup__multiples_of_the_generator_and_infinity_are_inside(rng: random.Random) -> None:
    k = [0, 1, 2, FR_MODULUS - 1, *(rng.randrange(FR_MODULUS) for _ in range(400))]
    points = api.g2_fixed_base_mul(G2_GENERATOR, api.canonical_from_ints(k))
    assert api.g2_first_outside_subgroup(points) == -1


@pytest.mark.parametrize("threads", [1, 3])
def test_subgroup__the_first_of_several_outside_points_is_named(threads: int) -> None:
    inside = api.g2_fixed_base_mul(G2_GENERATOR, api.canonical_from_ints(range(1, 1001)))
    assert api.g2_first_outside_subgroup(inside, threads) == -1
    outside = g2_rows([twist_point_outside_subgroup()])[0]
    for first in (0, 255, 256, 999):
        rows = inside.copy()
        rows[first:][::200] = outside
        assert api.g2_first_outside_subgroup(rows, threads) == first
