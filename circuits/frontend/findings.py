"""What the checks report: a wire that can change without any constraint noticing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circuits.frontend.compile import CompiledCircuit
from circuits.frontend.fragment import HINTS, Op


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


def output_counts(compiled: CompiledCircuit) -> NDArray[np.int64]:
    """How many wires each operation writes."""
    codes, imm = compiled.ops[:, 0], compiled.ops[:, 5]
    counts = np.where(codes == Op.BITS, imm, 1)
    return np.where(codes == Op.DIVMOD, 2, counts).astype(np.int64)


def writers(compiled: CompiledCircuit) -> NDArray[np.int64]:
    """The operation that writes each wire, -1 for the constant and the inputs."""
    counts = output_counts(compiled)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    wires = np.repeat(compiled.ops[:, 1], counts) + np.arange(int(counts.sum())) - first
    written_by = np.full(compiled.n_wires, -1, dtype=np.int64)
    written_by[wires] = np.repeat(np.arange(len(counts)), counts)
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
