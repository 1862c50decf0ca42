"""One circuit's proofs at several numbers of threads, and what they should cost."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from prover.bench.cost_model import CostModel, fit
from prover.bench.floor import Work, work_of
from prover.bench.timing import Timing, timed
from prover.groth16.keys import ProvingKey
from prover.groth16.prove import prove
from prover.phases import Phases
from prover.snarkjs.container import U64

TOTAL = "total"


@dataclass(frozen=True)
class Point:
    """Proofs of one size at one number of threads; phases are medians in seconds."""

    log_size: int
    constraints: int
    threads: int
    timing: Timing
    phases_s: dict[str, float]
    work: Work

    def as_json(self, ns: float) -> dict[str, Any]:
        """The point with its floor for `ns` nanoseconds a multiplication."""
        work = self.work.by_phase()
        return {
            "log_size": self.log_size,
            "constraints": self.constraints,
            "threads": self.threads,
            **self.timing.as_json(),
            "phases_s": self.phases_s,
            "multiplications": {**work, **self.work.by_sum(), TOTAL: self.work.total},
            "floor_s": self.work.total * ns * 1e-9 / self.threads,
        }


def measure_points(
    log_size: int, key: ProvingKey, witness: U64, thread_counts: Sequence[int], repeat: int
) -> list[Point]:
    """Prove `repeat` times at each number of threads, after one proof that is not timed."""
    work = work_of(key, witness)
    return [_measure(log_size, key, witness, threads, repeat, work) for threads in thread_counts]


def _measure(
    log_size: int, key: ProvingKey, witness: U64, threads: int, repeat: int, work: Work
) -> Point:
    tables: list[dict[str, float]] = []

    def once() -> None:
        phases = Phases()
        prove(key, witness, threads=threads, phases=phases)
        tables.append(_summed(phases.table()))

    timing = timed(once, repeat)
    names = list(tables[-1])
    medians = {name: statistics.median(t.get(name, 0.0) for t in tables[1:]) for name in names}
    return Point(log_size, key.sizes.n_constraints, threads, timing, medians, work)


def _summed(table: list[tuple[str, float]]) -> dict[str, float]:
    """Seconds by name, spans of one name added up."""
    result: dict[str, float] = {}
    for name, seconds in table:
        result[name] = result.get(name, 0.0) + seconds
    return result


def models(points: Sequence[Point]) -> dict[int, dict[str, CostModel]]:
    """Threads -> phase -> fitted model over the sizes; phases that take no time are left out."""
    result: dict[int, dict[str, CostModel]] = {}
    for threads in dict.fromkeys(point.threads for point in points):
        chosen = [point for point in points if point.threads == threads]
        sizes = [point.constraints for point in chosen]
        names = [n for n in chosen[-1].phases_s if all(p.phases_s.get(n, 0) > 0 for p in chosen)]
        result[threads] = {name: fit(sizes, [p.phases_s[name] for p in chosen]) for name in names}
    return result
