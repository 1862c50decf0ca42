"""Multi-scalar multiplication with full-size scalars and with the small ones of a witness."""

from __future__ import annotations

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from native import api
from native.binding import Words
from native.constants import G1_GENERATOR, G2_GENERATOR


def scalars(n: int) -> Words:
    """Reproducible scalars that look random."""
    return api.fr_from_montgomery(api.fr_powers(api.fr_from_ints([3**150])[0], n))


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("log_n", [12, 16, 18])
def test_g1(benchmark: BenchmarkFixture, log_n: int, threads: int) -> None:
    k = scalars(1 << log_n)
    points = api.g1_fixed_base_mul(G1_GENERATOR, k)
    benchmark.pedantic(api.msm_g1, (points, k, threads), rounds=3)


@pytest.mark.parametrize("log_n", [12, 16])
def test_g2(benchmark: BenchmarkFixture, log_n: int) -> None:
    k = scalars(1 << log_n)
    points = api.g2_fixed_base_mul(G2_GENERATOR, k)
    benchmark.pedantic(api.msm_g2, (points, k, 2), rounds=3)


def test_g1_bits(benchmark: BenchmarkFixture) -> None:
    """Scalars 0 and 1 only, as most wires of a bit decomposition."""
    k = scalars(1 << 16)
    points = api.g1_fixed_base_mul(G1_GENERATOR, k)
    k[:, 1:] = 0
    k[:, 0] &= np.uint64(1)
    benchmark.pedantic(api.msm_g1, (points, k, 2), rounds=5)


def test_sums_of_a_proof(benchmark: BenchmarkFixture) -> None:
    """Three sums in one run, as in a proof."""
    k = scalars(1 << 16)
    g1 = api.g1_fixed_base_mul(G1_GENERATOR, k)
    g2 = api.g2_fixed_base_mul(G2_GENERATOR, k)
    benchmark.pedantic(api.msm_many, ([(g1, k), (g2, k), (g1, k)], 2), rounds=3)
