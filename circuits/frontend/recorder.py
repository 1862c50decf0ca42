"""The bookkeeping below the builder: wires, draft rows, blocks, scopes, lanes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from circuits.frontend.context import CompileContext
from circuits.frontend.fragment import SEQUENTIAL, Block, Fragment, Op, join_blocks
from circuits.frontend.rows import RowsDraft
from circuits.frontend.scopes import ROOT_SCOPE, ScopeDraft
from circuits.frontend.stencil import Stencil
from circuits.frontend.wire import Wire

NO_COMBINATION = -1


class Recorder:
    """Collects what a builder is told into blocks; stamping adds whole blocks at once."""

    def __init__(self, context: CompileContext, *, name: str, n_formals: int = 0) -> None:
        self.context = context
        self.modulus = context.modulus
        self.n_formals = n_formals
        self.n_wires = 1 + n_formals
        self._scopes = ScopeDraft(context.names, name)
        self._scope = ROOT_SCOPE
        self._blocks: list[Block] = []
        self._a, self._b, self._c, self._pool = (RowsDraft(context.coefficients) for _ in range(4))
        self._ops: list[int] = []
        self._constraint_marks: list[int] = []
        self._op_marks: list[int] = []
        self._n_pool = 0
        self._single_wires: dict[int, int] = {}
        self._lane = (SEQUENTIAL, 0)
        self._n_lane_groups = 0

    def constrain(self, a: dict[int, int], b: dict[int, int], c: dict[int, int]) -> None:
        """Record the constraint A · B = C as it stands."""
        self._a.append(a)
        self._b.append(b)
        self._c.append(c)
        self._constraint_marks += (self._scope, self.context.caller_location())

    def emit_on_state(self, op: Op, state: Sequence[Wire], *, n_outputs: int) -> int:
        """Record an operation that reads a row of combinations; returns the first fresh wire."""
        row, first = self._n_pool, self.n_wires
        for wire in state:
            self._pool.append(wire.terms)
        self._n_pool += len(state)
        self.n_wires += n_outputs
        self._ops += (op, first, row, NO_COMBINATION, NO_COMBINATION, len(state))
        self._op_marks += (self._scope, self.context.caller_location())
        return first

    def emit(self, op: Op, inputs: Sequence[Wire], *, n_outputs: int = 1, imm: int = 0) -> int:
        """Record an operation on fresh wires; returns the first of them."""
        pooled = [self._pooled(wire.terms) for wire in inputs]
        pooled += [NO_COMBINATION] * (3 - len(pooled))
        first = self.n_wires
        self.n_wires += n_outputs
        self._ops += (op, first, *pooled, imm)
        self._op_marks += (self._scope, self.context.caller_location())
        return first

    def stamp(self, stencil: Stencil, wires: Sequence[int]) -> int:
        """Place a copy of a specialised template; returns the base of its internal wires."""
        self._flush()
        base = self.n_wires
        scope = self._scopes.graft(self._scope, stencil.scopes)
        block = stencil.block(
            wires=wires, base=base, pool_base=self._n_pool, scope_base=scope, lane=self._lane
        )
        self._blocks.append(block)
        self.n_wires += stencil.n_internal
        self._n_pool += len(block.pool)
        return base

    @contextmanager
    def scope(self, name: str) -> Iterator[None]:
        """Name the constraints recorded inside the `with`."""
        outer, self._scope = self._scope, self._scopes.add(self._scope, name)
        try:
            yield
        finally:
            self._scope = outer

    def finish(self) -> Fragment:
        """Everything recorded, joined."""
        self._flush()
        if not self._blocks:
            self._flush(even_if_empty=True)
        body = join_blocks(self._blocks)
        return Fragment(self.n_formals, self.n_wires, body, self._scopes.finish())

    def _pooled(self, terms: dict[int, int]) -> int:
        """The number of a linear combination in the pool; lone wires are shared."""
        single = next(iter(terms)) if len(terms) == 1 else None
        if single is not None and terms[single] == 1:
            known = self._single_wires.get(single)
            if known is not None:
                return known
            self._single_wires[single] = self._n_pool
        self._pool.append(terms)
        self._n_pool += 1
        return self._n_pool - 1

    def _flush(self, *, even_if_empty: bool = False) -> None:
        """Close the draft: what was recorded since the last flush becomes a block."""
        if not (even_if_empty or self._ops or len(self._a) or len(self._pool)):
            return
        n_ops = len(self._ops) // 6
        self._blocks.append(
            Block(
                a=self._a.take(),
                b=self._b.take(),
                c=self._c.take(),
                pool=self._pool.take(),
                ops=np.array(self._ops, dtype=np.int32).reshape(-1, 6),
                constraint_marks=np.array(self._constraint_marks, dtype=np.uint32).reshape(-1, 2),
                op_marks=np.array(self._op_marks, dtype=np.uint32).reshape(-1, 2),
                segments=np.array([[n_ops, 0]], dtype=np.uint32),
                lane_group=self._lane[0],
                lane=self._lane[1],
            )
        )
        self._ops, self._constraint_marks, self._op_marks = [], [], []

    def _run_lanes(self, lanes: Sequence[Callable[[], Any]]) -> list[Any]:
        """Run each callable in a lane of its own (inside a lane, lanes are one sequence)."""
        if self._lane[0] != SEQUENTIAL:
            return [lane() for lane in lanes]
        self._flush()
        group, results = self._n_lane_groups, []
        self._n_lane_groups += 1
        try:
            for number, lane in enumerate(lanes):
                self._lane = (group, number)
                results.append(lane())
                self._flush()
        finally:
            self._lane = (SEQUENTIAL, 0)
        return results
