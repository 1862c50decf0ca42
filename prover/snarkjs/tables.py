"""Sparse matrices in files: coefficient tables (few distinct values among many), row lengths."""

from __future__ import annotations

import secrets

import numpy as np
from numpy.typing import NDArray

from circuits.system.r1cs import SparseMatrix
from prover.snarkjs.container import U32, U64


def deduplicate(values: U64) -> tuple[U64, U32]:
    """(table, index) with table[index] == values; the order of the table is first appearance.

    Rows are compared by a random linear hash, then in full, so nobody can craft a collision.
    """
    if len(values) == 0:
        return np.zeros((0, 4), dtype=np.uint64), np.zeros(0, dtype=np.uint32)
    while True:
        weights = np.array([secrets.randbits(64) | 1 for _ in range(4)], dtype=np.uint64)
        hashes = (values * weights).sum(axis=1, dtype=np.uint64)
        _, first, inverse = np.unique(hashes, return_index=True, return_inverse=True)
        order = np.argsort(first, kind="stable")
        rank = np.empty(len(order), dtype=np.uint32)
        rank[order] = np.arange(len(order), dtype=np.uint32)
        table = np.ascontiguousarray(values[first[order]])
        index: U32 = rank[inverse.reshape(-1)]
        if np.array_equal(table[index], values):
            return table, index


def row_lengths(matrix: SparseMatrix) -> NDArray[np.int64]:
    """The number of terms in each row."""
    ends = matrix.indptr.astype(np.int64)
    lengths: NDArray[np.int64] = ends[1:] - ends[:-1]
    return lengths
