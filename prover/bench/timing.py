"""Repeated calls in this process."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Timing:
    """Wall and processor seconds of several calls, in order."""

    wall_s: list[float]
    cpu_s: list[float]

    @property
    def median_s(self) -> float:
        """The median wall time."""
        return statistics.median(self.wall_s)

    def as_json(self, per: int = 1) -> dict[str, Any]:
        """Seconds for one of `per` equal parts of a call."""
        return {
            "median_s": self.median_s / per,
            "min_s": min(self.wall_s) / per,
            "max_s": max(self.wall_s) / per,
            "median_cpu_s": statistics.median(self.cpu_s) / per,
        }


def timed(call: Callable[[], object], repeat: int, *, warm_up: bool = True) -> Timing:
    """Call `repeat` times, after one call that is not timed."""
    if warm_up:
        call()
    wall: list[float] = []
    cpu: list[float] = []
    for _ in range(repeat):
        start, start_cpu = time.perf_counter(), time.process_time()
        call()
        wall.append(time.perf_counter() - start)
        cpu.append(time.process_time() - start_cpu)
    return Timing(wall, cpu)
