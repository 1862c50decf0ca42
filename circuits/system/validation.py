"""What must hold inside a constraint system and a witness program read from a file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circuits.system.r1cs import R1CS, SparseMatrix
from circuits.system.ragged import Index, owners, ranges
from circuits.system.witness_program import WitnessProgram, output_counts, reads
from native import api
from native.reference.poseidon import MAX_WIDTH, MIN_WIDTH
from native.reference.witness import MAX_BITS, STATE_OPCODES, Opcode

_N_OPERANDS = {
    Opcode.LINEAR: 1,
    Opcode.MULADD: 2,
    Opcode.INVERSE_OR_ZERO: 1,
    Opcode.IS_ZERO: 1,
    Opcode.BITS: 1,
    Opcode.DIVIDE: 2,
    Opcode.LESS_THAN: 2,
    Opcode.DIVMOD: 2,
    Opcode.SQRT: 1,
    Opcode.FIFTH_POWER: 1,
    Opcode.POSEIDON: 1,
    Opcode.POSEIDON_WORD: 1,
}


class InvalidPart(Exception):
    """A section whose content breaks a rule."""

    def __init__(self, section: str, reason: str) -> None:
        super().__init__(f"{section}: {reason}")
        self.section = section
        self.reason = reason


def validate_r1cs(r1cs: R1CS) -> None:
    """Sizes agree, all numbers are in range, coefficients are below the modulus."""
    n_inputs = r1cs.n_public + r1cs.n_private_inputs
    _require(r1cs.n_public_outputs <= r1cs.n_public, "sizes", "more public outputs than publics")
    _require(1 + n_inputs <= r1cs.n_wires, "sizes", f"{n_inputs} inputs, {r1cs.n_wires} wires")
    _validate_elements(r1cs.coefficients, "coefficients")
    for name, matrix in (("a", r1cs.a), ("b", r1cs.b), ("c", r1cs.c)):
        _validate_matrix(matrix, name, r1cs.n_wires, len(r1cs.coefficients))


def validate_program(program: WitnessProgram, r1cs: R1CS) -> None:
    """The program fills every internal wire of the system once, reading only what is written."""
    n_inputs = r1cs.n_public + r1cs.n_private_inputs
    named = sum(count for _, count in program.input_names)
    _require(named == n_inputs, "inputs", f"{named} wires are named, the sizes say {n_inputs}")
    _validate_elements(program.table, "table")
    pool = SparseMatrix(program.lc_indptr, program.lc_wires, program.lc_coefs)
    _validate_matrix(pool, "pool", program.n_wires, len(program.table))
    n_outputs = _validate_ops(program)
    segment_of_op = _validate_segments(program)
    written_by = _writers(program, n_inputs, n_outputs)
    _validate_reads(program, written_by, segment_of_op)


def _require(condition: bool | np.bool_, section: str, reason: str) -> None:
    if not condition:
        raise InvalidPart(section, reason)


def _validate_elements(elements: NDArray[np.uint64], section: str) -> None:
    first = api.fr_first_noncanonical(elements)
    _require(first < 0, section, f"element {first} is not below the modulus")


def _validate_matrix(matrix: SparseMatrix, name: str, n_wires: int, n_coefs: int) -> None:
    starts = matrix.indptr
    ordered = starts[0] == 0 and bool((starts[1:] >= starts[:-1]).all())
    fits = int(starts[-1]) == len(matrix.wires)
    _require(ordered and fits, f"{name} starts", "the row starts do not rise from 0 to the end")
    _require_below(matrix.wires, n_wires, f"{name} wires")
    _require_below(matrix.coefs, n_coefs, f"{name} coefs")


def _require_below(values: NDArray[np.uint32], bound: int, section: str) -> None:
    highest = int(values.max(initial=0))
    _require(not len(values) or highest < bound, section, f"{highest} is not below {bound}")


def _validate_ops(program: WitnessProgram) -> Index:
    """Opcodes, operands and immediates; returns the number of wires each operation writes."""
    codes, operands, imm = program.ops[:, 0], program.ops[:, 2:5], program.ops[:, 5]
    known = (codes >= 0) & (codes < len(Opcode))
    _require(known.all(), "ops", f"unknown opcode at operation {int(np.argmin(known))}")
    n_combinations = len(program.lc_indptr) - 1
    in_range = ((operands >= -1) & (operands < n_combinations)).all(axis=1)
    _require(in_range.all(), "ops", f"operand out of range at {int(np.argmin(in_range))}")
    needed = np.array([_N_OPERANDS[code] for code in Opcode])[codes]
    present = (operands[:, 0] >= 0) & ((needed < 2) | (operands[:, 1] >= 0))
    _require(present.all(), "ops", f"operand missing at operation {int(np.argmin(present))}")
    bits_fit = (codes != Opcode.BITS) | ((imm >= 1) & (imm <= MAX_BITS))
    _require(bits_fit.all(), "ops", f"bad number of bits at {int(np.argmin(bits_fit))}")
    last = operands[:, 0].astype(np.int64) + imm
    state_fits = (imm >= MIN_WIDTH) & (imm <= MAX_WIDTH) & (last <= n_combinations)
    state_fits |= ~np.isin(codes, STATE_OPCODES)
    _require(state_fits.all(), "ops", f"bad Poseidon state at {int(np.argmin(state_fits))}")
    return output_counts(program.ops)


def _validate_segments(program: WitnessProgram) -> Index:
    """Segments cover the operations in order, levels rise by steps; returns op -> segment."""
    first, last, level = program.segments.T.astype(np.int64)
    bounds = np.concatenate([[0], last])
    _require((first == bounds[:-1]).all(), "segments", "a segment does not start at the last end")
    _require((last > first).all(), "segments", "an empty segment")
    _require(bounds[-1] == len(program.ops), "segments", "the segments do not cover all operations")
    steps = np.diff(level, prepend=level[:1])
    rising = not level[:1].any() and bool(((steps == 0) | (steps == 1)).all())
    _require(rising, "segments", "the levels do not rise by steps of one from 0")
    return owners(last - first)


def _writers(program: WitnessProgram, n_inputs: int, n_outputs: Index) -> Index:
    """The operation that writes each wire (-1 for the inputs); each is written exactly once."""
    dst = program.ops[:, 1].astype(np.int64)
    inside = (dst > n_inputs) & (dst + n_outputs <= program.n_wires)
    _require(inside.all(), "ops", f"destination out of range at {int(np.argmin(inside))}")
    total = int(n_outputs.sum())
    _require(total == program.n_wires - 1 - n_inputs, "ops", f"{total} wires are written")
    written_by = np.full(program.n_wires, -1, dtype=np.int64)
    written_by[ranges(dst, n_outputs)] = owners(n_outputs)
    missing = np.flatnonzero(written_by[1 + n_inputs :] < 0)
    _require(not len(missing), "ops", "a wire is written twice and another one never")
    return written_by


def _validate_reads(program: WitnessProgram, written_by: Index, segment_of_op: Index) -> None:
    """Every operation reads inputs, earlier wires of its segment, or wires of lower levels.

    Worked out once a combination (not once a use: a hostile file may use a long one often): its
    latest writer, and whether it mixes writers of several segments of that writer's level.
    """
    if not len(program.ops):
        return
    level_of_op = program.segments[:, 2].astype(np.int64)[segment_of_op]
    row = owners(np.diff(program.lc_indptr))
    n_rows = len(program.lc_indptr) - 1
    writer = written_by[program.lc_wires]
    latest = np.full(n_rows, -1, dtype=np.int64)
    np.maximum.at(latest, row, writer)
    peer = latest[row]
    clash = (writer >= 0) & (level_of_op[writer] == level_of_op[peer])
    clash &= segment_of_op[writer] != segment_of_op[peer]
    mixed = np.bincount(row[clash], minlength=n_rows) > 0
    reader, combination = reads(program.ops)
    last = latest[combination]
    same = (segment_of_op[last] == segment_of_op[reader]) & ~mixed[combination]
    early = (last < 0) | (level_of_op[last] < level_of_op[reader]) | (same & (last < reader))
    if not early.all():
        late = int(reader[np.argmin(early)])
        raise InvalidPart("ops", f"operation {late} reads a wire that is not written before it")
