"""Measured proving, for `tallystick bench` and tests/bench."""

from __future__ import annotations

import resource
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from circuits.system.r1cs import R1CS
from circuits.system.witness_program import WitnessProgram
from prover.backends.protocol import Backend
from prover.groth16.keys import ProvingKey
from prover.groth16.memory import memory_estimate
from prover.groth16.prove import prove
from prover.groth16.setup import unsafe_dev_setup
from prover.phases import Phases
from prover.snarkjs.container import U64


@dataclass(frozen=True)
class BenchResult:
    """Measured proofs; times are medians in seconds, memory in bytes."""

    n_constraints: int
    n_wires: int
    key_bytes: int
    memory_estimate: int
    peak_memory: int
    setup_s: float
    open_s: float
    prove_s: float
    phases: list[tuple[str, float]]


def bench_groth16(
    r1cs: R1CS,
    program: WitnessProgram,
    inputs: U64,
    *,
    threads: int = 0,
    repeat: int = 1,
    key_path: str | Path | None = None,
    backend: Backend | None = None,
) -> BenchResult:
    """Set up a seeded development key, open it, fill the witness and prove, timing each step.

    `prove_s` runs from the witness in memory to the verified proof. Of `repeat` proofs the medians
    are kept, phase by phase. The key stays at `key_path` when given, where a second run finds it.
    """
    with tempfile.TemporaryDirectory(prefix="tallystick-bench-") as folder:
        path = Path(key_path or Path(folder) / "bench.key")
        setup_s = _set_up(r1cs, path, threads)
        start = time.perf_counter()
        key = ProvingKey(path)
        open_s = time.perf_counter() - start
        runs = [_prove_once(key, program, inputs, backend, threads) for _ in range(repeat)]
    return BenchResult(
        r1cs.n_constraints,
        r1cs.n_wires,
        key.size_bytes,
        memory_estimate(key),
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        setup_s,
        open_s,
        statistics.median(seconds for seconds, _ in runs),
        [
            (name, statistics.median(dict(table)[name] for _, table in runs))
            for name, _ in runs[0][1]
        ],
    )


def _prove_once(
    key: ProvingKey, program: WitnessProgram, inputs: U64, backend: Backend | None, threads: int
) -> tuple[float, list[tuple[str, float]]]:
    """Seconds from the witness to the verified proof, and the phases."""
    phases = Phases()
    with phases.measure("witness"):
        witness = program.run(inputs, threads=threads)
    start = time.perf_counter()
    prove(key, witness, backend=backend, threads=threads, phases=phases)
    return time.perf_counter() - start, phases.table()


def _set_up(r1cs: R1CS, path: Path, threads: int) -> float:
    """Seconds of a seeded setup; 0 when the file already holds this circuit's key."""
    if path.exists() and ProvingKey(path).sizes.circuit_id == r1cs.digest():
        return 0.0
    start = time.perf_counter()
    unsafe_dev_setup(r1cs, path, seed=b"bench", threads=threads)
    return time.perf_counter() - start
