"""Transforms and sparse products of Fr vectors, on several threads (`threads=0`: all cores)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from native.binding import Words, call, empty, filled, indices, rows, scratch, worker_count
from native.constants import FR_TWO_ADICITY

__all__ = [
    "ntt",
    "ntt_inverse",
    "ntt_odd_coset",
    "ntt_odd_coset_inverse",
    "quotient",
    "quotient_room",
    "sparse_matvec",
    "sparse_matvec_transposed",
]


def _roots(log_n: int) -> Words:
    """As many powers of the 2^log_n-th root of unity as the active variant reads."""
    count = np.empty(1, dtype=np.uint64)
    call("ntt_root_count", count, log_n)
    return _powers(log_n, int(count[0]))


@lru_cache(maxsize=2 * FR_TWO_ADICITY)
def _powers(log_n: int, count: int) -> Words:
    out = empty(count, 4)
    call("ntt_roots", out, len(out), log_n)
    out.flags.writeable = False
    return out


def _log_length(values: Words) -> int:
    n = len(values)
    if n == 0 or n & (n - 1) or n >= 1 << FR_TWO_ADICITY:
        raise ValueError(f"length {n} is not a power of two below 2^{FR_TWO_ADICITY}")
    return n.bit_length() - 1


def _transform(operation: str, vector: Words, threads: int) -> Words:
    values = rows(vector, 4, operation)
    log_n = _log_length(values)
    out, room = empty(len(values), 4), scratch(4 * len(values))
    tables = [_roots(log_n)]
    if "odd_coset" in operation:
        tables.append(_roots(log_n + 1))
    call(operation, out, room, values, log_n, *tables, worker_count(threads))
    return out


def ntt(vector: Words, *, threads: int = 0) -> Words:
    """Coefficients to values at 1, w, w², …, w the root of unity of the vector's length."""
    return _transform("ntt", vector, threads)


def ntt_inverse(vector: Words, *, threads: int = 0) -> Words:
    """Values at 1, w, w², … to coefficients."""
    return _transform("ntt_inverse", vector, threads)


def ntt_odd_coset(vector: Words, *, threads: int = 0) -> Words:
    """Coefficients to values at the odd powers of the root of unity of twice the length."""
    return _transform("ntt_odd_coset", vector, threads)


def ntt_odd_coset_inverse(vector: Words, *, threads: int = 0) -> Words:
    """Values at the odd powers of the root of unity of twice the length to coefficients."""
    return _transform("ntt_odd_coset_inverse", vector, threads)


def quotient(out: Words, a: Words, b: Words, *, threads: int = 0) -> None:
    """out = canonical values of a·b - c on the odd coset, c interpolating a∘b over the domain.

    a and b are values over the domain; they are used as room and lose them.
    """
    vectors = [filled(v, 4, name) for v, name in ((out, "out"), (a, "a"), (b, "b"))]
    log_n = _log_length(out)
    if not len(out) == len(a) == len(b):
        raise ValueError(f"quotient: lengths {len(out)}, {len(a)} and {len(b)} differ")
    tables = (_roots(log_n), _roots(log_n + 1))
    result, *values = vectors
    room = scratch(8 * len(out))
    call("quotient", result, room, *values, log_n, *tables, worker_count(threads))


def quotient_room(log_n: int) -> tuple[int, int]:
    """Bytes that a quotient takes beside its vectors: roots of unity, which stay, and scratch."""
    count = np.empty(2, dtype=np.uint64)
    for i in range(2):
        call("ntt_root_count", count[i:], log_n + i)
    return 32 * int(count.sum()), 64 << log_n


def sparse_matvec(
    indptr: NDArray[np.uint32],
    wires: NDArray[np.uint32],
    coefs: NDArray[np.uint32],
    table: Words,
    vector: Words,
    threads: int = 0,
    out: Words | None = None,
) -> Words:
    """Matrix times vector: row i is Σ table[coefs[k]]·vector[wires[k]] over its terms k.

    The terms of row i are indptr[i] <= k < indptr[i+1]. The result is written to `out` if given.
    ValueError when an index points outside its array or indptr is not ascending from 0.
    """
    starts, columns, kinds = (
        indices(indptr, "indptr"),
        indices(wires, "wires"),
        indices(coefs, "coefs"),
    )
    if len(starts) == 0 or len(columns) != len(kinds):
        raise ValueError(f"{len(starts)} row starts, {len(columns)} wires, {len(kinds)} coefs")
    coefficients, values = rows(table, 4, "table"), rows(vector, 4, "vector")
    out = empty(len(starts) - 1, 4) if out is None else filled(out, 4, "out")
    if len(out) != len(starts) - 1:
        raise ValueError(f"out: {len(out)} rows for a matrix of {len(starts) - 1}")
    terms = (columns, kinds, len(columns))
    known = (coefficients, len(coefficients), values, len(values))
    call("sparse_matvec", out, starts, len(out), *terms, *known, worker_count(threads))
    return out


def sparse_matvec_transposed(
    columns: int,
    indptr: NDArray[np.uint32],
    wires: NDArray[np.uint32],
    coefs: NDArray[np.uint32],
    table: Words,
    vector: Words,
    threads: int = 0,
) -> Words:
    """The transpose of the matrix of `sparse_matvec`, which has `columns` columns, times a vector.

    Element w is Σ table[coefs[k]]·vector[row of k] over the terms k with wires[k] = w.
    """
    starts, places, kinds = (
        indices(indptr, "indptr"),
        indices(wires, "wires"),
        indices(coefs, "coefs"),
    )
    coefficients, values = rows(table, 4, "table"), rows(vector, 4, "vector")
    if len(starts) != len(values) + 1 or len(places) != len(kinds):
        raise ValueError(
            f"{len(starts)} row starts, {len(values)} values, {len(places)} wires, "
            f"{len(kinds)} coefs"
        )
    out = empty(columns, 4)
    terms = (places, kinds, len(places), coefficients, len(coefficients))
    workers = worker_count(threads)
    call("sparse_matvec_transposed", out, columns, starts, len(values), *terms, values, workers)
    return out
