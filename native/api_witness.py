"""The witness machine: fills all wires of a circuit from its inputs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from native._zk import lib
from native.api_field import fr_from_ints
from native.binding import Words, call, indices, rows, worker_count
from native.errors import MalformedError

__all__ = ["witness_run"]

# fault of zk_witness_check -> section and reason, which is given the index
_FAULTS: dict[int, tuple[str, str]] = {
    lib.ZK_WITNESS_INDPTR: ("lc_indptr", "entry {} does not rise from 0 to the number of terms"),
    lib.ZK_WITNESS_WIRE: ("lc_wires", "term {} names no wire"),
    lib.ZK_WITNESS_COEFFICIENT: ("lc_coefs", "term {} names no coefficient of the table"),
    lib.ZK_WITNESS_OPCODE: ("ops", "operation {} has an unknown opcode"),
    lib.ZK_WITNESS_COMBINATION: ("ops", "operation {} names no linear combination"),
    lib.ZK_WITNESS_BITS: ("ops", "operation {} asks for more bits than an element has"),
    lib.ZK_WITNESS_DESTINATION: ("ops", "operation {} has a destination that is no internal wire"),
    lib.ZK_WITNESS_SEGMENT: (
        "segments",
        "segment {} does not continue the cover of the operations",
    ),
    lib.ZK_WITNESS_LEVEL: ("segments", "segment {} has a level below the one before"),
}
_MAX_WIRES = 1 << 31
_ONE = fr_from_ints([1])[0]


def _malformed(section: str, reason: str) -> MalformedError:
    return MalformedError("witness program", section, reason)


def _table(array: NDArray[Any], dtype: type[np.generic], width: int, name: str) -> NDArray[Any]:
    if not isinstance(array, np.ndarray) or array.dtype != dtype:
        raise ValueError(f"{name}: expected a numpy array of {dtype.__name__}")
    if array.ndim != 2 or array.shape[1] != width:
        raise ValueError(f"{name}: expected shape (n, {width}), got {array.shape}")
    return np.ascontiguousarray(array)


def _check_sizes(
    n_wires: int, n_inputs: int, n_indptr: int, n_wires_of_terms: int, n_coefs: int
) -> None:
    if not n_inputs < n_wires <= _MAX_WIRES:
        reason = f"{n_wires} does not hold the constant and {n_inputs} inputs, or exceeds 2^31"
        raise _malformed("n_wires", reason)
    if n_indptr == 0:
        raise _malformed("lc_indptr", "is empty")
    if n_wires_of_terms != n_coefs:
        raise _malformed("lc_coefs", f"{n_coefs} entries for {n_wires_of_terms} in lc_wires")


def witness_run(
    ops: NDArray[np.int32],
    segments: NDArray[np.uint32],
    lc_indptr: NDArray[np.uint32],
    lc_wires: NDArray[np.uint32],
    lc_coefs: NDArray[np.uint32],
    table: Words,
    n_wires: int,
    inputs: Words,
    threads: int = 0,
) -> Words:
    """All wires, (n_wires, 4), of the program for these inputs (wires 1, 2, …).

    Operations are rows [opcode, dst, a, b, c, imm] (see `native.reference.witness.Opcode`) over
    linear combinations in CSR form with coefficients in `table`. Segments [first, last, level] of
    equal level may run in parallel. A program that reaches outside its arrays: MalformedError.
    """
    op_rows = _table(ops, np.int32, 6, "ops")
    segment_rows = _table(segments, np.uint32, 3, "segments")
    indptr, wires = indices(lc_indptr, "lc_indptr"), indices(lc_wires, "lc_wires")
    coefs = indices(lc_coefs, "lc_coefs")
    coefficients, values = rows(table, 4, "table"), rows(inputs, 4, "inputs")
    _check_sizes(n_wires, len(values), len(indptr), len(wires), len(coefs))
    finding = np.zeros(2, dtype=np.int64)
    call(
        "witness_check",
        finding,
        *(op_rows, len(op_rows), segment_rows, len(segment_rows)),
        *(indptr, len(indptr) - 1, wires, coefs, len(wires)),
        *(len(coefficients), n_wires, len(values)),
    )
    if finding[0] != lib.ZK_WITNESS_SOUND:
        section, reason = _FAULTS[int(finding[0])]
        raise _malformed(section, reason.format(int(finding[1])))
    out = np.zeros((n_wires, 4), dtype=np.uint64)
    out[0] = _ONE
    out[1 : len(values) + 1] = values
    count = worker_count(threads)
    call(
        "witness_run",
        *(out, op_rows, segment_rows, len(segment_rows)),
        *(indptr, wires, coefs, coefficients, count),
    )
    return out
