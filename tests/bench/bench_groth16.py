"""A whole proof, from the witness in memory to the verified proof, on two threads."""

from __future__ import annotations

from typing import Any

import pytest
from prover_workload import LOG_SIZES, THREADS, skip_large_sizes_in_a_smoke_run, workload

from prover.groth16.memory import memory_estimate
from prover.groth16.prove import prove
from prover.phases import Phases


@pytest.mark.parametrize("log_size", LOG_SIZES)
def test_prove(benchmark: Any, log_size: int) -> None:
    """The phases of the last round are kept beside the times."""
    skip_large_sizes_in_a_smoke_run(benchmark, log_size)
    work = workload(log_size)
    phases = Phases()

    def run() -> None:
        phases.spans.clear()
        prove(work.key, work.witness, threads=THREADS, phases=phases)

    benchmark.pedantic(run, rounds=3, warmup_rounds=1)
    benchmark.extra_info["constraints"] = work.compiled.r1cs.n_constraints
    benchmark.extra_info["memory_estimate"] = memory_estimate(work.key)
    benchmark.extra_info["phases"] = dict(phases.table())
