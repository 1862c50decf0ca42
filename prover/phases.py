"""Where the time of a proof goes: named spans, which may overlap."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Phase:
    """One span, in seconds since the first one began."""

    name: str
    start_s: float
    duration_s: float


@dataclass
class Phases:
    """Collects spans from several threads."""

    spans: list[Phase] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _origin: float = field(default_factory=time.perf_counter, repr=False)

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        """Time the body under a name."""
        start = time.perf_counter()
        try:
            yield
        finally:
            duration = time.perf_counter() - start
            with self._lock:
                self.spans.append(Phase(name, start - self._origin, duration))

    @property
    def total_s(self) -> float:
        """Wall time from the first start to the last end."""
        if not self.spans:
            return 0.0
        end = max(span.start_s + span.duration_s for span in self.spans)
        return end - min(span.start_s for span in self.spans)

    def table(self) -> list[tuple[str, float]]:
        """(name, seconds) in order of start, then ("total", wall seconds)."""
        ordered = sorted(self.spans, key=lambda span: span.start_s)
        return [*((s.name, s.duration_s) for s in ordered), ("total", self.total_s)]
