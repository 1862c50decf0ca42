"""Pairing products: one pair, the four of a Groth16 verification, and the verification itself."""

from __future__ import annotations

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from native import api
from native.constants import G1_GENERATOR, G2_GENERATOR
from tests.verifier.simulator import Simulator
from verifier.groth16 import verify, verify_batch
from verifier.prepared import prepared


@pytest.mark.parametrize("pairs", [1, 4])
def test_check(benchmark: BenchmarkFixture, pairs: int) -> None:
    benchmark(
        api.pairing_check, np.tile(G1_GENERATOR, (pairs, 1)), np.tile(G2_GENERATOR, (pairs, 1))
    )


def test_subgroup_check(benchmark: BenchmarkFixture) -> None:
    benchmark(api.g2_first_outside_subgroup, G2_GENERATOR.reshape(1, 16), threads=1)


def test_prepare_key(benchmark: BenchmarkFixture) -> None:
    benchmark(prepared.__wrapped__, Simulator.from_seed(1).key)


@pytest.mark.parametrize("n_public", [3, 16, 100])
def test_verify(benchmark: BenchmarkFixture, n_public: int) -> None:
    simulator = Simulator.from_seed(1, n_public=n_public)
    public = [3**i for i in range(n_public)]
    assert benchmark(verify, simulator.key, public, simulator.prove(public))


@pytest.mark.parametrize("size", [10, 100])
def test_verify_batch(benchmark: BenchmarkFixture, size: int) -> None:
    simulator = Simulator.from_seed(1)
    public = [1, 2, 3]
    batch = [(public, simulator.prove(public, seed=seed)) for seed in range(size)]
    assert benchmark(verify_batch, simulator.key, batch)
