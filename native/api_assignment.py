"""What a prover does with every wire and constraint, on several threads (0: all cores)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from native._zk import ffi
from native.binding import Words, call, filled, indices, one_row, rows, same_length, worker_count

__all__ = ["copy_rows", "first_noncanonical", "gather_canonical", "violations"]


def gather_canonical(
    out: Words, values: Words, wires: NDArray[np.uint32], factor: Words, *, threads: int = 0
) -> None:
    """out[i] = the canonical form of values[wires[i]]·factor; the factor is canonical, (4,).

    ValueError when a wire has no value.
    """
    source, chosen = rows(values, 4, "values"), indices(wires, "wires")
    n = same_length(filled(out, 4, "out"), chosen, "gather_canonical")
    scale = one_row(factor, 4, "factor")
    call("fr_gather_canonical", out, source, len(source), chosen, n, scale, worker_count(threads))


def copy_rows(
    out: Words, source: Words, chosen: NDArray[np.uint32] | None = None, *, threads: int = 0
) -> None:
    """out[i] = source[chosen[i]], or all rows in order; the source may lie at any byte of a file.

    ValueError when a chosen row does not exist.
    """
    width = out.shape[1] if out.ndim == 2 else 0
    filled(out, width, "out")
    if source.dtype != np.uint64 or source.ndim != 2 or source.shape[1] != width:
        raise ValueError(f"source: uint64 of shape (n, {width}) expected, got {source.shape}")
    taken = None if chosen is None else indices(chosen, "chosen")
    n = same_length(out, source if taken is None else taken, "copy_rows")
    call(
        "copy_rows",
        out.view(np.uint8).reshape(-1),
        source.reshape(-1).view(np.uint8),
        len(source),
        8 * width,
        ffi.NULL if taken is None else taken,
        n,
        worker_count(threads),
    )


def first_noncanonical(values: Words, *, threads: int = 0) -> int:
    """Index of the first row that is >= r as an integer, -1 if none is."""
    index = np.empty(1, dtype=np.int64)
    v = rows(values, 4, "values")
    call("assignment_first_noncanonical", index, v, len(v), worker_count(threads))
    return int(index[0])


def violations(a: Words, b: Words, c: Words, *, threads: int = 0) -> tuple[int, int]:
    """The first row with a·b != c, -1 if there is none, and how many such rows there are."""
    found = np.empty(2, dtype=np.int64)
    left, right, product = rows(a, 4, "a"), rows(b, 4, "b"), rows(c, 4, "c")
    n = same_length(left, right, "a, b")
    same_length(left, product, "a, c")
    call("assignment_violations", found, left, right, product, n, worker_count(threads))
    return int(found[0]), int(found[1])
