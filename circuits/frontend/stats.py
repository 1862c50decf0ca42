"""Where the constraints of a circuit are: a tree by scope, and a flame graph for speedscope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from circuits.frontend.compile import CompiledCircuit
from circuits.frontend.scopes import ROOT_SCOPE

_SPEEDSCOPE_SCHEMA = "https://www.speedscope.app/file-format-schema.json"


@dataclass
class ScopeStats:
    """All scopes of one name below one parent: `count` of them, with `own` constraints recorded
    directly in them and `total` with everything below."""

    name: str
    count: int = 0
    own: int = 0
    total: int = 0
    children: dict[str, ScopeStats] = field(default_factory=dict)

    def child(self, name: str) -> ScopeStats:
        """The child of that name, made on first use."""
        return self.children.setdefault(name, ScopeStats(name))

    def largest_first(self) -> list[ScopeStats]:
        """The children by falling total."""
        return sorted(self.children.values(), key=lambda child: -child.total)


def by_scope(compiled: CompiledCircuit) -> ScopeStats:
    """Constraints by scope; the root stands for the whole circuit."""
    arrays = compiled.scopes.arrays
    own = np.bincount(compiled.constraint_marks[:, 0], minlength=len(arrays)).tolist()
    root = ScopeStats(compiled.name, count=1, own=own[ROOT_SCOPE])
    merged = [root]
    for node, parent in enumerate(arrays.parents.tolist()[1:], start=1):
        stats = merged[parent].child(compiled.scopes.name(node))
        stats.count += 1
        stats.own += own[node]
        merged.append(stats)
    _add_up(root)
    return root


def tree_lines(stats: ScopeStats, *, max_depth: int = 6, indent: str = "") -> Iterator[str]:
    """The tree as text: total constraints, share of the whole, name, number of stampings."""
    yield from _lines(stats, whole=max(stats.total, 1), depth_left=max_depth, indent=indent)


def speedscope(stats: ScopeStats) -> dict[str, Any]:
    """The tree as a speedscope file (to be written as JSON); widths are constraints."""
    frames: list[dict[str, str]] = []
    samples: list[list[int]] = []
    weights: list[int] = []
    _sample(stats, [], frames, samples, weights)
    return {
        "$schema": _SPEEDSCOPE_SCHEMA,
        "name": f"constraints of {stats.name}",
        "shared": {"frames": frames},
        "profiles": [
            {
                "type": "sampled",
                "name": stats.name,
                "unit": "none",
                "startValue": 0,
                "endValue": stats.total,
                "samples": samples,
                "weights": weights,
            }
        ],
    }


def _add_up(stats: ScopeStats) -> int:
    stats.total = stats.own + sum(_add_up(child) for child in stats.children.values())
    return stats.total


def _lines(stats: ScopeStats, *, whole: int, depth_left: int, indent: str) -> Iterator[str]:
    times = f" ×{stats.count}" if stats.count > 1 else ""
    share = f"{100 * stats.total / whole:5.1f} %"
    yield f"{stats.total:>9,}  {share}  {indent}{stats.name}{times}"
    if depth_left:
        for child in stats.largest_first():
            yield from _lines(child, whole=whole, depth_left=depth_left - 1, indent=f"{indent}  ")


def _sample(
    stats: ScopeStats,
    stack: list[int],
    frames: list[dict[str, str]],
    samples: list[list[int]],
    weights: list[int],
) -> None:
    stack = [*stack, len(frames)]
    frames.append({"name": stats.name})
    if stats.own:
        samples.append(stack)
        weights.append(stats.own)
    for child in stats.largest_first():
        _sample(child, stack, frames, samples, weights)
