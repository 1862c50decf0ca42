"""Pieces of a constraint system: constraints and the witness operations that go with them.

A `Block` is a run of constraints and operations recorded (or stamped) in one go; a `Fragment` is
everything one builder recorded, its blocks joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from circuits.frontend.rows import I32, U32, Rows
from circuits.frontend.scopes import ScopeArrays
from native.reference.witness import Opcode as Op

__all__ = ["HINTS", "SEQUENTIAL", "Block", "Fragment", "Op", "join_blocks"]

SEQUENTIAL = -1
"""The lane group of blocks that must run after everything recorded before them."""


HINTS = frozenset(Op) - {Op.LINEAR, Op.MULADD}
"""Operations whose result no constraint ties down by itself."""


@dataclass(frozen=True)
class Block:
    """Constraints (rows a, b, c), the pool of linear combinations that `ops` read, and marks.

    `constraint_marks` and `op_marks` have a row (scope, source location) for each constraint and
    operation. `segments` has rows (number of ops, level). Blocks of one lane group that lie in
    different lanes are independent of each other.
    """

    a: Rows
    b: Rows
    c: Rows
    pool: Rows
    ops: I32
    constraint_marks: U32
    op_marks: U32
    segments: U32
    lane_group: int = SEQUENTIAL
    lane: int = 0


@dataclass(frozen=True)
class Fragment:
    """All that one builder recorded. Wires: 0, then `n_formals` inputs, then internal ones."""

    n_formals: int
    n_wires: int
    body: Block
    scopes: ScopeArrays

    @property
    def n_constraints(self) -> int:
        """How many constraints one stamping adds."""
        return len(self.body.a)


def join_blocks(blocks: Sequence[Block]) -> Block:
    """One block out of at least one, in order; their lanes become segments of equal level."""
    return Block(
        a=Rows.joined([block.a for block in blocks]),
        b=Rows.joined([block.b for block in blocks]),
        c=Rows.joined([block.c for block in blocks]),
        pool=Rows.joined([block.pool for block in blocks]),
        ops=np.concatenate([block.ops for block in blocks]),
        constraint_marks=np.concatenate([block.constraint_marks for block in blocks]),
        op_marks=np.concatenate([block.op_marks for block in blocks]),
        segments=_levelled_segments(blocks),
    )


def _levelled_segments(blocks: Sequence[Block]) -> U32:
    """Number the levels: plain blocks follow one another, the lanes of a group share a level."""
    segments: list[list[int]] = []
    level = -1
    previous: tuple[int, int] | None = None
    for block in blocks:
        if not len(block.ops):
            continue
        place = (block.lane_group, block.lane)
        single = len(block.segments) == 1 or block.lane_group != SEQUENTIAL
        if single and place == previous:
            segments[-1][0] += len(block.ops)
            continue
        if previous is None or block.lane_group == SEQUENTIAL or previous[0] != block.lane_group:
            level += 1
        if single:
            segments.append([len(block.ops), level])
            previous = place
        else:
            segments.extend([int(n), level + int(inner)] for n, inner in block.segments)
            level += int(block.segments[-1, 1])
            previous = (SEQUENTIAL, -1)
    return np.array(segments, dtype=np.uint32).reshape(-1, 2)
