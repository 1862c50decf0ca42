"""Pairing products: one pair, and the four of a Groth16 verification."""

from __future__ import annotations

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from native import api
from native.constants import G1_GENERATOR, G2_GENERATOR


@pytest.mark.parametrize("pairs", [1, 4])
def test_check(benchmark: BenchmarkFixture, pairs: int) -> None:
    benchmark(
        api.pairing_check, np.tile(G1_GENERATOR, (pairs, 1)), np.tile(G2_GENERATOR, (pairs, 1))
    )
