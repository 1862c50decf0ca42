"""The witness machine: fills all wires of a circuit from its inputs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from native._zk import lib
from native.api_field import fr_from_ints
from native.binding import Words, call, empty, indices, rows, worker_count
from native.errors import MalformedError
from native.poseidon_parameters import kernel_parameters
from native.reference.poseidon import MAX_WIDTH, MIN_WIDTH
from native.reference.witness import STATE_OPCODES
from native.witness_schedule import schedule

__all__ = ["WitnessMachine", "witness_run"]

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
    lib.ZK_WITNESS_WIDTH: ("ops", "operation {} permutes a state of a width that there is not"),
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
    if not 0 <= n_inputs < n_wires <= _MAX_WIRES:
        reason = f"{n_wires} does not hold the constant and {n_inputs} inputs, or exceeds 2^31"
        raise _malformed("n_wires", reason)
    if n_indptr == 0:
        raise _malformed("lc_indptr", "is empty")
    if n_wires_of_terms != n_coefs:
        raise _malformed("lc_coefs", f"{n_coefs} entries for {n_wires_of_terms} in lc_wires")


def _limbs(elements: Words, *, scaled: bool) -> Words:
    out = empty(len(elements), lib.ZK_WITNESS_LIMBS)
    call("witness_limbs", out, elements, len(elements), int(scaled))
    return out


class _Hashes:
    """The Poseidon parameters of the widths that a program uses."""

    def __init__(self, ops: NDArray[np.int32]) -> None:
        self.places = np.zeros((MAX_WIDTH + 1, 2), dtype=np.uint32)
        parameters, limbs = [empty(0, 4)], [empty(0, lib.ZK_WITNESS_LIMBS)]
        for t in np.unique(ops[np.isin(ops[:, 0], STATE_OPCODES), 5]).tolist():
            if MIN_WIDTH <= t <= MAX_WIDTH:
                rounds, fast, *_ = kernel_parameters(t)
                self.places[t] = rounds, sum(map(len, parameters))
                parameters.append(fast)
                limbs.append(_limbs(fast, scaled=True))
        self.parameters = np.concatenate(parameters)
        self.limbs = np.concatenate(limbs)


class WitnessMachine:
    """A witness program, checked once and run any number of times.

    Operations are rows [opcode, dst, a, b, c, imm] (see `native.reference.witness.Opcode`) over
    linear combinations in CSR form with coefficients in `table`. Segments [first, last, level] of
    equal level may run in parallel. A program that reaches outside its arrays: MalformedError.
    The arrays are copied, so that what was checked is what runs.
    """

    def __init__(
        self,
        ops: NDArray[np.int32],
        segments: NDArray[np.uint32],
        lc_indptr: NDArray[np.uint32],
        lc_wires: NDArray[np.uint32],
        lc_coefs: NDArray[np.uint32],
        table: Words,
        n_wires: int,
        n_inputs: int,
    ) -> None:
        self._ops = _table(ops, np.int32, 6, "ops").copy()
        self._segments = _table(segments, np.uint32, 3, "segments").copy()
        self._indptr = indices(lc_indptr, "lc_indptr").copy()
        self._wires = indices(lc_wires, "lc_wires").copy()
        self._coefs = indices(lc_coefs, "lc_coefs").copy()
        self._coefficients = rows(table, 4, "table").copy()
        self._n_wires, self._n_inputs = n_wires, n_inputs
        self._hashes = _Hashes(self._ops)
        _check_sizes(n_wires, n_inputs, len(self._indptr), len(self._wires), len(self._coefs))
        self._check()
        self._table_limbs = _limbs(self._coefficients, scaled=True)
        self._same_shape = np.zeros(len(self._segments), dtype=np.uint8)
        call(
            "witness_shapes",
            *(self._same_shape, self._ops, self._segments, len(self._segments)),
            *(self._indptr, self._coefs),
        )
        self._schedules: dict[int, NDArray[np.uint32]] = {}

    def _check(self) -> None:
        finding = np.zeros(2, dtype=np.int64)
        call(
            "witness_check",
            finding,
            *(self._ops, len(self._ops), self._segments, len(self._segments)),
            *(self._indptr, len(self._indptr) - 1, self._wires, self._coefs, len(self._wires)),
            *(len(self._coefficients), self._n_wires, self._n_inputs, self._hashes.places),
        )
        if finding[0] != lib.ZK_WITNESS_SOUND:
            section, reason = _FAULTS[int(finding[0])]
            raise _malformed(section, reason.format(int(finding[1])))

    @property
    def n_alike(self) -> int:
        """How many segments have the shape of the one before and can run in step with it."""
        return int(self._same_shape.sum())

    def run(self, inputs: Words, threads: int = 0) -> Words:
        """All wires, (n_wires, 4), for the values of wires 1 … n_inputs."""
        values, hashes = rows(inputs, 4, "inputs"), self._hashes
        if len(values) != self._n_inputs:
            raise ValueError(f"inputs: {len(values)} rows, want {self._n_inputs}")
        count = worker_count(threads)
        tasks = self._tasks(count)
        out = np.zeros((self._n_wires, 4), dtype=np.uint64)
        out[0] = _ONE
        out[1 : len(values) + 1] = values
        call(
            "witness_run",
            *(out, self._ops, self._segments, tasks, len(tasks)),
            *(self._indptr, self._wires, self._coefs, self._coefficients, self._table_limbs),
            *(hashes.places, hashes.parameters, len(hashes.parameters), hashes.limbs),
            count,
        )
        return out

    def _tasks(self, threads: int) -> NDArray[np.uint32]:
        found = self._schedules.get(threads)
        if found is None:
            found = schedule(self._ops, self._segments, self._same_shape, threads)
            self._schedules[threads] = found
        return found


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
    """All wires of a program that runs once; see `WitnessMachine`."""
    n_inputs = len(rows(inputs, 4, "inputs"))
    machine = WitnessMachine(ops, segments, lc_indptr, lc_wires, lc_coefs, table, n_wires, n_inputs)
    return machine.run(inputs, threads)
