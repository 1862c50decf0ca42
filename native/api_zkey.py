"""The coefficient section of a .zkey as sparse matrices."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from native.binding import Words, call, empty

__all__ = ["ZKEY_RECORD_BYTES", "ZkeyTerms", "zkey_terms"]

ZKEY_RECORD_BYTES = 44
_LOG_TABLE = 12  # room for distinct values at first; circuits mostly have few


@dataclass(frozen=True, eq=False)
class ZkeyTerms:
    """Matrices A and B in CSR form; `table` holds the distinct values as they stand in the file."""

    indptr: tuple[NDArray[np.uint32], NDArray[np.uint32]]
    wires: tuple[NDArray[np.uint32], NDArray[np.uint32]]
    coefs: tuple[NDArray[np.uint32], NDArray[np.uint32]]
    table: Words


def zkey_terms(records: NDArray[np.uint8], n_rows: int, n_wires: int) -> ZkeyTerms | int:
    """Sort the records (matrix, row, wire, value) by matrix and row, stably.

    Returns the index of the first record with a matrix above 1, a row >= n_rows or a wire
    >= n_wires, if there is one. Values are not looked at.
    """
    if records.dtype != np.uint8 or records.ndim != 1 or len(records) % ZKEY_RECORD_BYTES:
        raise ValueError(f"records: expected uint8 of shape ({ZKEY_RECORD_BYTES}·n,)")
    data = np.ascontiguousarray(records)
    count = len(data) // ZKEY_RECORD_BYTES
    found = np.zeros(2, dtype=np.int64)
    indptr = np.empty(2 * (n_rows + 1), dtype=np.uint32)
    wires, coefs = (np.empty(count, dtype=np.uint32) for _ in range(2))
    weights = np.array([secrets.randbits(64) | 1 for _ in range(4)], dtype=np.uint64)
    log_table = _LOG_TABLE
    while True:
        table, slots = empty(1 << log_table, 4), np.empty(2 << log_table, dtype=np.uint32)
        outputs = (found, indptr, wires, coefs, table, slots, log_table)
        call("zkey_terms", *outputs, weights, data, count, n_rows, n_wires)
        if found[0] >= 0:
            return int(found[0])
        if found[1] >= 0:
            break
        log_table += 3
    starts = indptr[: n_rows + 1], indptr[n_rows + 1 :]
    of_a = int(starts[0][-1])
    return ZkeyTerms(
        starts,
        (wires[:of_a], wires[of_a:]),
        (coefs[:of_a], coefs[of_a:]),
        np.array(table[: int(found[1])]),
    )
