"""The pairing: py_ecc's values, bilinearity, the EVM precompile's answers, degenerate inputs."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from py_ecc.optimized_bn128 import FQ2

from native import api
from native.constants import FR_MODULUS, G1_GENERATOR, G2_GENERATOR
from native.reference import pairing as reference

ONE = [1] + [0] * 11


def scalars(*values: int) -> np.ndarray:
    return api.canonical_from_ints(v % FR_MODULUS for v in values)


def test_values__as_py_ecc(bn254: dict[str, Any], decode: Any) -> None:
    for row in bn254["pairing"]:
        p, q = api.g1_from_ints(decode.g1(row["p"])), api.g2_from_ints(decode.g2(row["q"]))
        assert api.pairing(p, q) == [int(c) for c in row["fq12"]]


def test_reference__as_py_ecc(bn254: dict[str, Any], decode: Any) -> None:
    row = bn254["pairing"][0]
    got = reference.pairing(decode.g1(row["p"]), decode.g2(row["q"]))
    assert got == [int(c) for c in row["fq12"]]


def test_reference_check__accepts_and_refuses() -> None:
    g1, g2 = api.g1_to_ints(G1_GENERATOR), api.g2_to_ints(G2_GENERATOR)
    minus = api.g1_to_ints(api.g1_neg(G1_GENERATOR.reshape(1, 8))[0])
    assert reference.pairing_check([g1, minus, None], [g2, g2, g2])
    assert not reference.pairing_check([g1], [g2])


def test_bilinear(rng: random.Random) -> None:
    """e(aP, bQ) e(-abP, Q) = 1, and with ab + 1 it is not."""
    a, b = rng.randrange(FR_MODULUS), rng.randrange(FR_MODULUS)
    for extra, expected in ((0, True), (1, False)):
        left = api.g1_fixed_base_mul(G1_GENERATOR, scalars(a, -(a * b + extra)))
        right = api.g2_fixed_base_mul(G2_GENERATOR, scalars(b, 1))
        assert api.pairing_check(left, right) is expected


@pytest.mark.parametrize("k", [1, 2, 7, 8, 9, 17])
def test_product_of_many_pairs(k: int, rng: random.Random) -> None:
    a = [rng.randrange(FR_MODULUS) for _ in range(k)]
    b = [rng.randrange(FR_MODULUS) for _ in range(k)]
    total = sum(x * y for x, y in zip(a, b, strict=True))
    left = api.g1_fixed_base_mul(G1_GENERATOR, scalars(*a, -total))
    right = api.g2_fixed_base_mul(G2_GENERATOR, scalars(*b, 1))
    assert api.pairing_check(left, right)
    assert not api.pairing_check(left[:-1], right[:-1])


def test_infinity__contributes_one() -> None:
    zero1, zero2 = np.zeros(8, dtype=np.uint64), np.zeros(16, dtype=np.uint64)
    assert api.pairing(zero1, G2_GENERATOR) == ONE
    assert api.pairing(G1_GENERATOR, zero2) == ONE
    assert api.pairing_check(zero1.reshape(1, 8), G2_GENERATOR.reshape(1, 16))
    assert api.pairing_check(np.empty((0, 8), np.uint64), np.empty((0, 16), np.uint64))
    assert not api.pairing_check(G1_GENERATOR.reshape(1, 8), G2_GENERATOR.reshape(1, 16))


def test_precompile_rows__addition_multiplication_and_check(bn254: dict[str, Any]) -> None:
    for row in bn254["precompile"]:
        data, out = bytes.fromhex(row["in"]), bytes.fromhex(row["out"])
        words = [int.from_bytes(data[i : i + 32], "big") for i in range(0, len(data), 32)]
        assert PRECOMPILES[row["addr"]](words) == out


def point_bytes(point: np.ndarray) -> bytes:
    x, y = api.g1_to_ints(point) or (0, 0)
    return x.to_bytes(32, "big") + y.to_bytes(32, "big")


def g1_words(x: int, y: int) -> np.ndarray:
    return api.g1_from_ints((x, y) if (x, y) != (0, 0) else None).reshape(1, 8)


def g2_words(x1: int, x0: int, y1: int, y0: int) -> np.ndarray:
    return api.g2_from_ints(((x0, x1), (y0, y1)) if x0 or x1 or y0 or y1 else None).reshape(1, 16)


def ec_add(words: list[int]) -> bytes:
    return point_bytes(api.g1_add(g1_words(*words[:2]), g1_words(*words[2:]))[0])


def ec_mul(words: list[int]) -> bytes:
    return point_bytes(api.g1_mul(g1_words(*words[:2]), scalars(words[2]))[0])


def ec_pairing(words: list[int]) -> bytes:
    pairs = [words[i : i + 6] for i in range(0, len(words), 6)]
    left = np.concatenate([g1_words(*p[:2]) for p in pairs])
    right = np.concatenate([g2_words(*p[2:]) for p in pairs])
    return int(api.pairing_check(left, right)).to_bytes(32, "big")


PRECOMPILES = {6: ec_add, 7: ec_mul, 8: ec_pairing}


def multiples(group: int, *exponents: int) -> np.ndarray:
    if group == 1:
        return api.g1_fixed_base_mul(G1_GENERATOR, scalars(*exponents))
    return api.g2_fixed_base_mul(G2_GENERATOR, scalars(*exponents))


def fixed_example(n: int, m: int, rng: random.Random) -> tuple[np.ndarray, ...]:
    """A factor, n free and m fixed pairs whose product is one; m is at least 1."""
    a, b = ([rng.randrange(1, FR_MODULUS) for _ in range(n + m + 1)] for _ in range(2))
    total = sum(x * y for x, y in zip(a[:-1], b[:-1], strict=True))
    a[-1] = -total * pow(b[-1], -1, FR_MODULUS) % FR_MODULUS
    left, right = multiples(1, *a), multiples(2, *b)
    factor = api.miller_product(left[:1], right[:1])
    free, fixed = slice(1, n + 1), slice(n + 1, None)
    return factor, left[free], right[free], left[fixed], api.miller_lines(right[fixed])


@pytest.mark.parametrize(("n", "m"), [(0, 1), (1, 1), (1, 2), (3, 2), (8, 1), (1, 8), (9, 17)])
def test_fixed_pairs__as_free_ones(n: int, m: int, rng: random.Random) -> None:
    factor, g1, g2, fixed, lines = fixed_example(n, m, rng)
    assert api.pairing_check_fixed(factor, g1, g2, fixed, lines)
    assert not api.pairing_check_fixed(factor, g1, g2, api.g1_neg(fixed), lines)
    assert not api.pairing_check_fixed(factor, g1, g2, fixed[:-1], lines[:-1])
    if n > 0:
        assert not api.pairing_check_fixed(factor, g1[1:], g2[1:], fixed, lines)


def test_fixed_pairs__infinity_contributes_one(rng: random.Random) -> None:
    factor, g1, g2, fixed, lines = fixed_example(2, 2, rng)
    more1, more2 = np.vstack([g1, 0 * g1]), np.vstack([g2, g2])
    more_fixed, more_lines = np.vstack([0 * fixed, fixed]), np.vstack([lines, lines])
    assert api.pairing_check_fixed(factor, more1, more2, more_fixed, more_lines)
    none1, none2 = np.empty((0, 8), np.uint64), np.empty((0, 16), np.uint64)
    one = api.miller_product(none1, none2)
    assert api.pairing_check_fixed(one, none1, none2, none1, lines[:0])
    assert not api.pairing_check_fixed(factor, none1, none2, none1, lines[:0])


def test_fixed_pairs__every_line_counts(rng: random.Random) -> None:
    """A change of any of the 88 lines or of the factor is noticed."""
    factor, g1, g2, fixed, lines = fixed_example(1, 1, rng)
    words = lines.shape[1] // 88
    for line in range(88):
        wrong = lines.copy()
        wrong[0, line * words + 4 * (line % 4)] ^= np.uint64(1)
        assert not api.pairing_check_fixed(factor, g1, g2, fixed, wrong)
    for word in range(0, 48, 4):
        wrong = factor.copy()
        wrong[word] ^= np.uint64(1)
        assert not api.pairing_check_fixed(wrong, g1, g2, fixed, lines)


def test_lines__pass_through_the_multiples_of_the_point(rng: random.Random) -> None:
    """The first tangent touches Q and meets -2Q: slope·x - offset is y at both."""
    k = rng.randrange(FR_MODULUS)
    lines = api.miller_lines(multiples(2, k))
    slope, offset = (tuple(api.fp_to_ints(lines[0, i : i + 8].reshape(2, 4))) for i in (0, 8))
    for x, y in (api.g2_to_ints(point) for point in multiples(2, k, -2 * k)):
        on_line = FQ2(list(slope)) * FQ2(list(x)) - FQ2(list(offset))
        assert on_line == FQ2(list(y))


def test_lines_and_fixed_pairs__malformed_input() -> None:
    g1, g2 = G1_GENERATOR.reshape(1, 8), G2_GENERATOR.reshape(1, 16)
    lines, one = api.miller_lines(g2), api.miller_product(g1[:0], g2[:0])
    off1, off2 = g1 ^ np.uint64(1), g2 ^ np.uint64(1)
    with pytest.raises(ValueError, match=r"g2\[0\] is off the curve"):
        api.miller_lines(off2)
    with pytest.raises(ValueError, match="miller_lines"):
        api.miller_lines(0 * g2)
    with pytest.raises(ValueError, match="g1 off the curve"):
        api.miller_product(off1, g2)
    with pytest.raises(ValueError, match="g2 off the curve"):
        api.pairing_check_fixed(one, g1, off2, g1, lines)
    with pytest.raises(ValueError, match=r"fixed_g1\[0\] is off the curve"):
        api.pairing_check_fixed(one, g1, g2, off1, lines)
    with pytest.raises(ValueError, match="lengths 1 and 0 differ"):
        api.pairing_check_fixed(one, g1, g2, g1, lines[:0])


def test_miller_product__times_another_factor(bn254: dict[str, Any], decode: Any) -> None:
    """py_ecc's rows: e(P, Q) e(-P, Q) = 1 with the first half as the factor."""
    for row in bn254["pairing"]:
        p, q = api.g1_from_ints(decode.g1(row["p"])), api.g2_from_ints(decode.g2(row["q"]))
        if not (p.any() and q.any()):
            continue
        factor = api.miller_product(p.reshape(1, 8), q.reshape(1, 16))
        nothing = np.empty((0, 8), np.uint64), np.empty((0, 16), np.uint64)
        lines = api.miller_lines(q.reshape(1, 16))
        minus = api.g1_neg(p.reshape(1, 8))
        assert api.pairing_check_fixed(factor, *nothing, minus, lines)
        assert not api.pairing_check_fixed(factor, *nothing, p.reshape(1, 8), lines)
