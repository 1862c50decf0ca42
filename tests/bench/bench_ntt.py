"""Transforms of 2^12 to 2^22 elements."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from native import api

Transform = Callable[..., object]


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("log_n", [12, 16, 18, 20, 22])
def test_forward(benchmark: BenchmarkFixture, log_n: int, threads: int) -> None:
    values = api.fr_powers(api.fr_from_ints([7])[0], 1 << log_n)
    benchmark(api.ntt, values, threads=threads)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("transform", [api.ntt_odd_coset, api.ntt_odd_coset_inverse])
def test_odd_coset(benchmark: BenchmarkFixture, transform: Transform, threads: int) -> None:
    values = api.fr_powers(api.fr_from_ints([7])[0], 1 << 20)
    benchmark(transform, values, threads=threads)
