"""Multiples of one point: vectors, the definition, and every table size."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from native import api
from native.constants import FR_MODULUS, G1_GENERATOR, G2_GENERATOR
from native.reference import fixed_base as reference

EDGES = [0, 1, 2, 3, FR_MODULUS - 1, FR_MODULUS - 2, (FR_MODULUS + 1) // 2]


def test_generator_multiples__as_py_ecc(bn254: dict[str, Any], decode: Any) -> None:
    ones = api.canonical_from_ints(int(r["k"]) % FR_MODULUS for r in bn254["g1_mul"])
    twos = api.canonical_from_ints(int(r["k"]) % FR_MODULUS for r in bn254["g2_mul"])
    got1 = [api.g1_to_ints(p) for p in api.g1_fixed_base_mul(G1_GENERATOR, ones)]
    got2 = [api.g2_to_ints(p) for p in api.g2_fixed_base_mul(G2_GENERATOR, twos)]
    assert got1 == [decode.g1(r["r"]) for r in bn254["g1_mul"]]
    assert got2 == [decode.g2(r["r"]) for r in bn254["g2_mul"]]


def test_edge_scalars__are_the_definition() -> None:
    scalars = api.canonical_from_ints(EDGES)
    got1 = [api.g1_to_ints(p) for p in api.g1_fixed_base_mul(G1_GENERATOR, scalars)]
    got2 = [api.g2_to_ints(p) for p in api.g2_fixed_base_mul(G2_GENERATOR, scalars)]
    assert got1 == reference.g1_fixed_base_mul(api.g1_to_ints(G1_GENERATOR), EDGES)
    assert got2 == reference.g2_fixed_base_mul(api.g2_to_ints(G2_GENERATOR), EDGES)


@pytest.mark.parametrize("n", [1, 33, 100, 1023, 1024, 1025, 5000])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_table_sizes__agree_with_double_and_add(n: int, threads: int, rng: random.Random) -> None:
    scalars = api.canonical_from_ints(rng.randrange(FR_MODULUS) for _ in range(n))
    got = api.g1_fixed_base_mul(G1_GENERATOR, scalars, threads)
    picked = sorted({0, n // 2, n - 1})
    bases = np.tile(G1_GENERATOR, (len(picked), 1))
    assert (got[picked] == api.g1_mul(bases, scalars[picked])).all()
    total = api.msm_g1(got, api.canonical_from_ints([1] * n))
    exponent = sum(api.canonical_to_ints(scalars)) % FR_MODULUS
    expected = api.g1_mul(bases[:1], api.canonical_from_ints([exponent]))
    assert (total == expected[0]).all()


def test_base_at_infinity_and_no_scalars() -> None:
    infinity = np.zeros(8, dtype=np.uint64)
    assert not api.g1_fixed_base_mul(infinity, api.canonical_from_ints([0, 1, 5])).any()
    assert api.g1_fixed_base_mul(G1_GENERATOR, api.canonical_from_ints([])).shape == (0, 8)


def test_g2__agrees_with_double_and_add(rng: random.Random) -> None:
    scalars = api.canonical_from_ints(rng.randrange(FR_MODULUS) for _ in range(300))
    got = api.g2_fixed_base_mul(G2_GENERATOR, scalars, 2)
    assert (got == api.g2_mul(np.tile(G2_GENERATOR, (300, 1)), scalars)).all()
