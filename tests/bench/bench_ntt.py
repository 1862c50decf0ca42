"""Transforms of 2^12 to 2^18 elements."""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from native import api


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("log_n", [12, 16, 18])
def test_forward(benchmark: BenchmarkFixture, log_n: int, threads: int) -> None:
    values = api.fr_powers(api.fr_from_ints([7])[0], 1 << log_n)
    benchmark(api.ntt, values, threads=threads)


def test_odd_coset_round_trip(benchmark: BenchmarkFixture) -> None:
    values = api.fr_powers(api.fr_from_ints([7])[0], 1 << 16)
    benchmark(lambda: api.ntt_odd_coset_inverse(api.ntt_odd_coset(values)))
