"""What the checks report: a wire that can change without any constraint noticing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from circuits.frontend.compile import CompiledCircuit
from circuits.frontend.fragment import HINTS, Op
from circuits.system.ragged import Index, owners, ranges
from circuits.system.witness_program import output_counts


@dataclass(frozen=True)
class Finding:
    """`what` says how the wire gets its value, `change` which change goes unnoticed."""

    wire: int
    what: str
    change: str
    scope: str
    source: str

    def __str__(self) -> str:
        return (
            f"{self.scope or 'the top level'}: {self.what} (wire {self.wire}, {self.source}) "
            f"can be changed unnoticed: {self.change}"
        )


def writers(compiled: CompiledCircuit) -> Index:
    """The operation that writes each wire, -1 for the constant and the inputs."""
    counts = output_counts(compiled.ops)
    written_by = np.full(compiled.n_wires, -1, dtype=np.int64)
    written_by[ranges(compiled.ops[:, 1], counts)] = owners(counts)
    return written_by


class Describer:
    """Turns wire numbers into findings."""

    def __init__(self, compiled: CompiledCircuit) -> None:
        self._compiled = compiled
        self._writers = writers(compiled)

    def finding(self, wire: int, change: str) -> Finding:
        """The finding about one wire."""
        op = int(self._writers[wire])
        if op < 0:
            return Finding(wire, self._input(wire), change, "", "declared at the top level")
        code = Op(int(self._compiled.ops[op, 0]))
        kind = "output of hint" if code in HINTS else "result of"
        scope, source = self._compiled.op_place(op)
        return Finding(wire, f"{kind} {code.name}", change, scope, source)

    def _input(self, wire: int) -> str:
        for symbol in self._compiled.symbols:
            if wire in symbol.wires:
                kind = "public" if symbol.public else "private"
                place = "" if symbol.count is None else f"[{wire - symbol.first}]"
                return f"{kind} input {symbol.name}{place}"
        return f"wire {wire}"
