"""2^14 multiples of one point, as the set-up makes them."""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from native import api
from native.constants import G1_GENERATOR, G2_GENERATOR

N = 1 << 14


@pytest.mark.parametrize("group", [1, 2])
def test_multiples(benchmark: BenchmarkFixture, group: int) -> None:
    k = api.fr_from_montgomery(api.fr_powers(api.fr_from_ints([3**150])[0], N))
    run, base = (
        (api.g1_fixed_base_mul, G1_GENERATOR)
        if group == 1
        else (api.g2_fixed_base_mul, G2_GENERATOR)
    )
    benchmark.pedantic(run, (base, k, 1), rounds=3)
