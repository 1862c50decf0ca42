"""Opening a proving key: its size must not matter."""

from __future__ import annotations

from typing import Any

import pytest
from prover_workload import LOG_SIZES, skip_large_sizes_in_a_smoke_run, workload

from prover.groth16.keys import ProvingKey


@pytest.mark.parametrize("log_size", LOG_SIZES)
def test_open_key(benchmark: Any, log_size: int) -> None:
    """Header, digest and sizes; the mapped sections stay on disk."""
    skip_large_sizes_in_a_smoke_run(benchmark, log_size)
    path = workload(log_size).key.source
    key = benchmark(ProvingKey, path)
    benchmark.extra_info["bytes"] = key.size_bytes
