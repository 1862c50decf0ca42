"""The witness program: a tape of operations that fills in every wire from the inputs.

Operations are int32 rows [opcode, dst, a, b, c, imm]; a, b, c name linear combinations of a shared
pool (-1 = none). The opcodes are those of `native.reference.witness`. Segments are rows
[first_op, last_op_exclusive, level] that cover the tape in order; neighbours of equal level are
independent of each other and may run on several threads.

A second witness phase (commit to some wires, receive a challenge, go on) has its seat here: all
operations of today's programs belong to phase 0, and a later version adds the list of segments
at which a new phase starts, with the wires committed before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from circuits.system.ragged import Index, owners, ranges
from native import api_witness
from native.reference.poseidon_wires import n_wires
from native.reference.witness import STATE_OPCODES, Opcode

I32 = NDArray[np.int32]
U32 = NDArray[np.uint32]
Fr = NDArray[np.uint64]


_FIXED_COUNTS = {Opcode.DIVMOD: 2, Opcode.FIFTH_POWER: 3}


def output_counts(ops: I32) -> Index:
    """How many wires each operation writes, from its destination on."""
    codes, imm = ops[:, 0], ops[:, 5].astype(np.int64)
    counts = np.array([_FIXED_COUNTS.get(code, 1) for code in Opcode], dtype=np.int64)[codes]
    counts[codes == Opcode.BITS] = imm[codes == Opcode.BITS]
    for t in np.unique(imm[np.isin(codes, STATE_OPCODES)]).tolist():
        counts[np.isin(codes, STATE_OPCODES) & (imm == t)] = n_wires(t)
    return counts


def reads(ops: I32) -> tuple[Index, Index]:
    """All pairs (operation, linear combination that it reads)."""
    whole = np.isin(ops[:, 0], STATE_OPCODES)
    readers, combinations = [], []
    for operand in range(2, 5):
        reader = np.flatnonzero((ops[:, operand] >= 0) & ~whole)
        readers.append(reader)
        combinations.append(ops[reader, operand].astype(np.int64))
    states = np.flatnonzero(whole)
    widths = ops[states, 5]
    readers.append(states[owners(widths)])
    combinations.append(ranges(ops[states, 2], widths))
    return np.concatenate(readers), np.concatenate(combinations)


@dataclass(frozen=True, eq=False)
class WitnessProgram:
    """`input_names` lists (name, count) in wire order from wire 1 on; `table` is Montgomery."""

    n_wires: int
    input_names: tuple[tuple[str, int], ...]
    ops: I32
    segments: U32
    lc_indptr: U32
    lc_wires: U32
    lc_coefs: U32
    table: Fr

    @property
    def n_inputs(self) -> int:
        """How many wires the inputs fill."""
        return sum(count for _, count in self.input_names)

    def run(self, inputs: Fr, threads: int = 0) -> Fr:
        """All wires (n_wires, 4) for the values of wires 1 … n_inputs (Montgomery)."""
        if inputs.shape != (self.n_inputs, 4):
            raise ValueError(f"inputs have shape {inputs.shape}, want ({self.n_inputs}, 4)")
        return self.machine.run(inputs, threads)

    def prepare(self) -> None:
        """Check the program and derive what it needs now, not in the first run."""
        _ = self.machine

    @cached_property
    def machine(self) -> api_witness.WitnessMachine:
        """The program, checked and ready to run; made on first use."""
        return api_witness.WitnessMachine(
            self.ops,
            self.segments,
            self.lc_indptr,
            self.lc_wires,
            self.lc_coefs,
            self.table,
            self.n_wires,
            self.n_inputs,
        )
