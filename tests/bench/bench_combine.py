"""Sums of multiples of points, as ceremonies make them: microseconds a term."""

from __future__ import annotations

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from native import api
from native.constants import G1_GENERATOR, G2_GENERATOR
from prover.snarkjs.container import U64

N = 1 << 12
TERMS_A_SUM = 8


def scalars_and_points(group: int) -> tuple[U64, U64]:
    k = api.fr_from_montgomery(api.fr_powers(api.fr_from_ints([3**150])[0], N))
    if group == 1:
        return k, api.g1_fixed_base_mul(G1_GENERATOR, k)
    return k, api.g2_fixed_base_mul(G2_GENERATOR, k)


@pytest.mark.parametrize("group", [1, 2])
def test_scale(benchmark: BenchmarkFixture, group: int) -> None:
    """Every point by a scalar of its own: the butterflies of a transform."""
    k, points = scalars_and_points(group)
    run = api.g1_scale if group == 1 else api.g2_scale
    benchmark.pedantic(run, (points, k, 1), rounds=3)


@pytest.mark.parametrize("group", [1, 2])
def test_combine(benchmark: BenchmarkFixture, group: int) -> None:
    """Sums of eight terms with full coefficients: the wires of a circuit."""
    k, points = scalars_and_points(group)
    run = api.g1_combine if group == 1 else api.g2_combine
    starts = np.arange(0, N + 1, TERMS_A_SUM, dtype=np.uint32)
    terms = np.arange(N, dtype=np.uint32)
    benchmark.pedantic(run, (starts, terms[::-1].copy(), terms, k, points, 1), rounds=3)


def test_subgroup(benchmark: BenchmarkFixture) -> None:
    """Whether points of the twist lie in G2."""
    _, points = scalars_and_points(2)
    first = benchmark.pedantic(api.g2_first_outside_subgroup, (points, 1), rounds=3)
    assert first == -1
