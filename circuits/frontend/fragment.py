"""Pieces of a constraint system: constraints and the witness operations that go with them.

A `Block` is a run of constraints and operations recorded (or stamped) in one go; a `Fragment` is
everything one builder recorded, its blocks joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from circuits.frontend.rows import I32, U32, Rows
from circuits.frontend.scopes import ScopeArrays

SEQUENTIAL = -1
"""The lane group of blocks that must run after everything recorded before them."""


class Op(IntEnum):
    """Operations of the witness program; rows are [opcode, dst, a, b, c, imm]."""

    LINEAR = 0
    MULADD = 1
    INVERSE_OR_ZERO = 2
    IS_ZERO = 3
    BITS = 4
    DIVIDE = 5
    LESS_THAN = 6
    DIVMOD = 7
    SQRT = 8


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
    """One block out of many, in order; their lanes become segments of equal level."""
    return Block(
        a=_joined_rows([block.a for block in blocks]),
        b=_joined_rows([block.b for block in blocks]),
        c=_joined_rows([block.c for block in blocks]),
        pool=_joined_rows([block.pool for block in blocks]),
        ops=_stacked([block.ops for block in blocks], columns=6, kind=np.int32),
        constraint_marks=_stacked([b.constraint_marks for b in blocks], columns=2, kind=np.uint32),
        op_marks=_stacked([block.op_marks for block in blocks], columns=2, kind=np.uint32),
        segments=_levelled_segments(blocks),
    )


def _joined_rows(parts: list[Rows]) -> Rows:
    return Rows.joined(parts)


def _stacked(parts: list, *, columns: int, kind: type) -> np.ndarray:  # type: ignore[type-arg]
    if not parts:
        return np.zeros((0, columns), dtype=kind)
    return np.concatenate(parts)


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
