"""Rows of the tables that commands print."""

from __future__ import annotations

import resource
from collections.abc import Sequence


def phase_rows(phases: Sequence[tuple[str, float]]) -> list[tuple[str, str]]:
    """Phase names and seconds as text."""
    return [(name, f"{seconds:.3f}") for name, seconds in phases]


def peak_memory_bytes() -> int:
    """The most resident memory this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def mebibytes(size: int) -> str:
    """A byte count as MiB."""
    return f"{size / 2**20:.0f} MiB"
