"""The pairing: py_ecc's values, bilinearity, the EVM precompile's answers, degenerate inputs."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

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
