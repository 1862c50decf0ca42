"""The development setup: from the compiled circuit to the key on disk, on two threads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from prover_workload import LOG_SIZES, THREADS, compiled_chain, skip_large_sizes_in_a_smoke_run

from prover.groth16.setup import unsafe_dev_setup


@pytest.mark.parametrize("log_size", LOG_SIZES)
def test_unsafe_dev_setup(benchmark: Any, tmp_path: Path, log_size: int) -> None:
    """Seeded, so that every round does the same work."""
    skip_large_sizes_in_a_smoke_run(benchmark, log_size)
    r1cs = compiled_chain(log_size).r1cs

    def run() -> None:
        unsafe_dev_setup(r1cs, tmp_path / "bench.key", seed=b"bench", threads=THREADS)

    benchmark.pedantic(run, rounds=2)
