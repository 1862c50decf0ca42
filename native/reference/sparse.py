"""Sparse matrix (CSR, coefficients through a table) times vector over Fr."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from native.constants import FR_MODULUS


def sparse_matvec(
    indptr: Sequence[int],
    wires: Sequence[int],
    coefs: Sequence[int],
    table: Sequence[int],
    vector: Sequence[int],
) -> list[int]:
    """Row i is Σ table[coefs[k]]·vector[wires[k]] over indptr[i] <= k < indptr[i+1]."""
    return [
        sum(table[coefs[k]] * vector[wires[k]] for k in range(start, end)) % FR_MODULUS
        for start, end in pairwise(indptr)
    ]


def sparse_matvec_transposed(
    columns: int,
    indptr: Sequence[int],
    wires: Sequence[int],
    coefs: Sequence[int],
    table: Sequence[int],
    vector: Sequence[int],
) -> list[int]:
    """Element w is Σ table[coefs[k]]·vector[row of k] over the terms k with wires[k] = w."""
    sums = [0] * columns
    for row, (start, end) in enumerate(pairwise(indptr)):
        for k in range(start, end):
            sums[wires[k]] += table[coefs[k]] * vector[row]
    return [total % FR_MODULUS for total in sums]
