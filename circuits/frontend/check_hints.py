"""Is every hint tied down? Gives each hint another value, recomputes all that follows from it, and
asks the constraints: a prover who lies in a hint may adapt everything downstream.

From the changed wires on, operations are rerun in order, and a constraint is asked as soon as the
last operation that writes one of its wires has had its turn. Most lies are caught a few steps on.
"""

from __future__ import annotations

import heapq
import secrets
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from circuits.frontend.compile import CompiledCircuit
from circuits.frontend.findings import Describer, Finding, writers
from circuits.frontend.fragment import HINTS
from circuits.frontend.machine import Machine, TermRows, evaluated
from circuits.frontend.rows import I64
from circuits.system.ragged import owners, ranges
from circuits.system.witness_program import output_counts, reads

Changes = dict[int, int]


def check_hints(
    compiled: CompiledCircuit, witness: Sequence[int], *, per_place: int | None = None
) -> list[Finding]:
    """The hint outputs that can be changed, one at a time, without breaking any constraint.

    `per_place` limits how many hints are tried for each source line of each template (stampings
    of one template behave alike); None tries all.
    """
    consequences = _Consequences(compiled, witness)
    describer = Describer(compiled)
    counts = output_counts(compiled.ops).tolist()
    first = compiled.ops[:, 1].tolist()
    believed: dict[int, int] = {}
    for op in _hint_ops(compiled, per_place):
        for wire, lie in _lies(range(first[op], first[op] + counts[op]), witness, compiled.modulus):
            if wire not in believed and consequences.unnoticed(op, {wire: lie}):
                believed[wire] = lie
    return [
        describer.finding(wire, f"set to {lie}, all that follows recomputed")
        for wire, lie in believed.items()
    ]


def _hint_ops(compiled: CompiledCircuit, per_place: int | None) -> list[int]:
    hints = np.flatnonzero(np.isin(compiled.ops[:, 0], [int(op) for op in HINTS])).tolist()
    if per_place is None:
        return hints
    chosen, seen = [], dict[tuple[int, int], int]()
    for op in hints:
        scope, location = compiled.op_marks[op].tolist()
        place = (int(compiled.scopes.arrays.names[scope]), location)
        seen[place] = seen.get(place, 0) + 1
        if seen[place] <= per_place:
            chosen.append(op)
    return chosen


def _lies(outputs: range, witness: Sequence[int], modulus: int) -> Iterator[tuple[int, int]]:
    """(wire, other value) for each output of a hint; each output's lies one after the other."""
    for wire in outputs:
        honest = witness[wire]
        lies = {(honest + 1) % modulus, (1 - honest) % modulus, -honest % modulus}
        lies.add(secrets.randbelow(modulus))
        yield from ((wire, lie) for lie in lies - {honest})


class _Consequences:
    """Replays what follows from changed wires, against the constraints."""

    def __init__(self, compiled: CompiledCircuit, witness: Sequence[int]) -> None:
        self.machine = Machine(compiled)
        self._modulus = compiled.modulus
        self._witness = witness
        matrices = (compiled.a, compiled.b, compiled.c)
        self._rows = [TermRows(matrix, compiled.coefficients) for matrix in matrices]
        row = np.concatenate([matrix.row_of_term() for matrix in matrices])
        wire = np.concatenate([matrix.wires for matrix in matrices]).astype(np.int64)
        self._constraints_of = _Lists(wire, row, compiled.n_wires)
        self._ready = np.full(compiled.n_constraints, -1, dtype=np.int64)
        np.maximum.at(self._ready, row, writers(compiled)[wire])
        self._last_wire = np.zeros(compiled.n_constraints, dtype=np.int64)
        np.maximum.at(self._last_wire, row, wire)
        self._readers_of = _readers(compiled)

    def unnoticed(self, hint: int, changes: Changes) -> bool:
        """Whether all constraints hold after `changes` to the outputs of operation `hint`."""
        if any(self._breaks_at_once(wire, changes) for wire in changes):
            return False
        changed: Changes = {}
        queue: list[tuple[int, int, int]] = []
        queued: set[tuple[int, int, int]] = set()

        def schedule(wire: int) -> None:
            events = [(op, 0, op) for op in self._readers_of[wire] if op > hint]
            events += [(int(self._ready[row]), 1, row) for row in self._constraints_of[wire]]
            for event in events:
                if event not in queued:
                    queued.add(event)
                    heapq.heappush(queue, event)

        def value(wire: int) -> int:
            return changed.get(wire, self._witness[wire])

        # The operation itself goes on with the lie: what it writes after it follows from it.
        for wire, output in self._written(self.machine.ops[hint], value, changes):
            changed[wire] = output
            schedule(wire)
        while queue:
            _, is_constraint, index = heapq.heappop(queue)
            if is_constraint:
                if self._is_broken(index, value):
                    return False
                continue
            for wire, output in self._written(self.machine.ops[index], value):
                changed[wire] = output
                schedule(wire)
        return True

    def _breaks_at_once(self, wire: int, changes: Changes) -> bool:
        """Whether a constraint on this changed wire and wires before it fails: nothing that is
        recomputed from the changes can mend it."""

        def value(other: int) -> int:
            return changes.get(other, self._witness[other])

        rows = self._constraints_of[wire]
        return any(self._last_wire[row] <= wire and self._is_broken(row, value) for row in rows)

    def _is_broken(self, row: int, value: Callable[[int], int]) -> bool:
        a, b, c = (evaluated(rows[row], value, self._modulus) for rows in self._rows)
        return (a * b - c) % self._modulus != 0

    def _written(
        self, op: list[int], value: Callable[[int], int], lies: Changes | None = None
    ) -> list[tuple[int, int]]:
        """What an operation writes now, where that is not what the wire carries in `value`."""
        outputs = enumerate(self.machine.outputs(op, value, lies), start=op[1])
        return [(wire, output) for wire, output in outputs if output != value(wire)]


class _Lists:
    """For each key the sorted distinct items that go with it."""

    def __init__(self, keys: NDArray[np.int64], items: I64, n_keys: int) -> None:
        packed = np.unique(keys << 32 | items)
        self._items = packed & 0xFFFFFFFF
        self._starts = np.searchsorted(packed >> 32, np.arange(n_keys + 1))

    def __getitem__(self, key: int) -> list[int]:
        found: list[int] = self._items[self._starts[key] : self._starts[key + 1]].tolist()
        return found


def _readers(compiled: CompiledCircuit) -> _Lists:
    """The operations that read each wire."""
    starts, lengths = compiled.pool.indptr()[:-1], compiled.pool.lengths
    reader, rows = reads(compiled.ops)
    wires = compiled.pool.wires[ranges(starts[rows], lengths[rows])].astype(np.int64)
    return _Lists(wires, reader[owners(lengths[rows])], compiled.n_wires)
