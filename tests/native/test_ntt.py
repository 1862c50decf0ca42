"""Transforms against vectors, the definition, and galois over a small prime."""

from __future__ import annotations

import random
from typing import Any

import galois
import numpy as np
import pytest

from native import api, variants
from native.constants import FR_MODULUS, fr_root_of_unity
from native.reference import ntt as reference


def test_forward__vectors(bn254: dict[str, Any]) -> None:
    for row in bn254["ntt"]:
        got = api.ntt(api.fr_from_ints(int(v) for v in row["in"]))
        assert api.fr_to_ints(got) == [int(v) for v in row["out"]]
        assert fr_root_of_unity(row["log_n"]) == int(row["omega"])


@pytest.mark.parametrize("name", ["ntt", "ntt_inverse", "ntt_odd_coset", "ntt_odd_coset_inverse"])
@pytest.mark.parametrize("log_n", range(6))
def test_every_transform__is_its_definition(name: str, log_n: int, rng: random.Random) -> None:
    values = [rng.randrange(FR_MODULUS) for _ in range(1 << log_n)]
    got = getattr(api, name)(api.fr_from_ints(values))
    assert api.fr_to_ints(got) == getattr(reference, name)(values)


@pytest.mark.parametrize("log_n", [10, 11, 14])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_larger_sizes__even_and_odd_halves_of_the_double_domain(log_n: int, threads: int) -> None:
    coefficients = api.fr_powers(api.fr_from_ints([3])[0], 1 << log_n)
    padded = np.concatenate([coefficients, np.zeros_like(coefficients)])
    double = api.ntt(padded, threads=threads)
    even = api.ntt(coefficients, threads=threads)
    odd = api.ntt_odd_coset(coefficients, threads=threads)
    assert (double[0::2] == even).all()
    assert (double[1::2] == odd).all()
    assert (api.ntt_inverse(even, threads=threads) == coefficients).all()
    assert (api.ntt_odd_coset_inverse(odd, threads=threads) == coefficients).all()


def test_larger_size__is_a_geometric_series() -> None:
    """sum of 3^i w^(ik) = (3^n - 1) / (3 w^k - 1)."""
    log_n = 12
    n, w = 1 << log_n, fr_root_of_unity(log_n)
    got = api.fr_to_ints(api.ntt(api.fr_powers(api.fr_from_ints([3])[0], n)))
    top = pow(3, n, FR_MODULUS) - 1
    for k in (0, 1, 2, n // 4, n // 2 + 1, n - 1):
        assert got[k] == top * pow(3 * pow(w, k, FR_MODULUS) - 1, -1, FR_MODULUS) % FR_MODULUS


TRANSFORMS = (api.ntt, api.ntt_inverse, api.ntt_odd_coset, api.ntt_odd_coset_inverse)


@pytest.mark.parametrize("log_n", [*range(13), 15, 16])
@pytest.mark.parametrize("edge", [False, True])
def test_every_size__is_the_same_in_all_variants(
    log_n: int, edge: bool, rng: random.Random
) -> None:
    kinds = [0, 1, FR_MODULUS - 1] if edge else [rng.randrange(FR_MODULUS) for _ in range(64)]
    values = api.fr_from_ints(kinds)[
        np.random.default_rng(log_n).integers(len(kinds), size=1 << log_n)
    ]
    for transform in TRANSFORMS:
        results = []
        for variant in variants.available():
            with variants.forced(variant):
                results.append(transform(values, threads=1 + log_n % 3))
        assert all((result == results[0]).all() for result in results)


def test_reference__agrees_with_galois_over_a_small_prime() -> None:
    small = galois.GF(257)
    root = int(small.primitive_element ** (256 // 16))
    coefficients = [int(v) for v in small.Random(16, seed=7)]
    values = reference.transform(coefficients, root, 257)
    polynomial = galois.Poly(coefficients[::-1], field=small)
    assert values == [int(polynomial(small(root) ** i)) for i in range(16)]
    assert reference.inverse_transform(values, root, 257) == coefficients


def test_inputs__are_left_as_they_were() -> None:
    values = api.fr_from_ints(range(1 << 11))
    before = values.copy()
    for transform in TRANSFORMS:
        transform(values)
        assert (values == before).all()


@pytest.mark.parametrize("length", [0, 3, 12])
def test_lengths__other_than_powers_of_two_are_refused(length: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        api.ntt(api.fr_from_ints([1] * length))
