"""A ceremony of one contribution: the initial key from powers of tau that no tool has prepared, the
contribution, and the verification of both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from prover_workload import SMALLEST, compiled_chain, skip_large_sizes_in_a_smoke_run

from native import api
from native.constants import G1_GENERATOR, G2_GENERATOR
from prover.groth16.ceremony import contribute, verify_contributions
from prover.groth16.phase1 import initial_zkey
from prover.snarkjs.container import U64
from prover.snarkjs.ptau import (
    ALPHA_G1,
    BETA_G1,
    BETA_G2,
    TAU_G1,
    TAU_G2,
    Ptau,
    read_ptau,
    write_ptau,
)

LOG_SIZES = (SMALLEST, 12, 15)
TAU, ALPHA, BETA = 3**140, 5**99, 7**81


def powers_of_tau(path: Path, power: int) -> Ptau:
    """A phase 1 whose secrets everybody knows."""
    n = 1 << power
    powers = api.fr_powers(api.fr_from_ints([TAU])[0], 2 * n - 1)

    def times(factor: int, count: int) -> U64:
        return api.fr_from_montgomery(api.fr_mul(powers[:count], api.fr_from_ints([factor])))

    g1 = api.FixedBase(1, G1_GENERATOR, 4 * n)
    g2 = api.FixedBase(2, G2_GENERATOR, n)
    sections = {
        TAU_G1: g1.multiples(times(1, 2 * n - 1)),
        TAU_G2: g2.multiples(times(1, n)),
        ALPHA_G1: g1.multiples(times(ALPHA, n)),
        BETA_G1: g1.multiples(times(BETA, n)),
        BETA_G2: g2.multiples(times(BETA, 1)),
    }
    write_ptau(path, power, sections)
    return read_ptau(path)


@pytest.mark.parametrize("log_size", LOG_SIZES)
def test_initial_key(benchmark: Any, tmp_path: Path, log_size: int) -> None:
    """Checks of the powers, five Fourier transforms of points, the sums of every wire."""
    skip_large_sizes_in_a_smoke_run(benchmark, log_size)
    ptau = powers_of_tau(tmp_path / "bench.ptau", log_size)
    r1cs = compiled_chain(log_size).r1cs
    benchmark.pedantic(initial_zkey, (r1cs, ptau), rounds=1)


@pytest.mark.parametrize("log_size", LOG_SIZES)
def test_contribution_and_its_verification(benchmark: Any, tmp_path: Path, log_size: int) -> None:
    """C and H divided by a secret, and two sums that show it."""
    skip_large_sizes_in_a_smoke_run(benchmark, log_size)
    ptau = powers_of_tau(tmp_path / "bench.ptau", log_size)
    initial = initial_zkey(compiled_chain(log_size).r1cs, ptau)
    final = benchmark.pedantic(contribute, (initial,), rounds=1)
    assert verify_contributions(initial, final)
