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
