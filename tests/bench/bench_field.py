"""Element-wise Fr arithmetic: time for 2^16 elements, one thread."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from native import api, variants

N = 1 << 16


@pytest.mark.parametrize("variant", variants.available())
@pytest.mark.parametrize("operation", [api.fr_mul, api.fr_add], ids=lambda f: f.__name__)
def test_elementwise(
    benchmark: BenchmarkFixture, variant: str, operation: Callable[..., object]
) -> None:
    values = api.fr_powers(api.fr_from_ints([7])[0], N)
    with variants.forced(variant):
        benchmark(operation, values, values)


def test_inverse(benchmark: BenchmarkFixture) -> None:
    benchmark(api.fr_inverse, api.fr_powers(api.fr_from_ints([7])[0], N))
