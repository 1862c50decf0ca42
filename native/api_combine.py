"""Sums of multiples of points, many at a time: what set-ups are made of.

Points are affine Montgomery of order r, uint64 (n, 8) for G1 and (n, 16) for G2; scalars are
canonical Fr, (n, 4).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from native.api_curve import POINT_WORDS, checked_scalars, kernel_scratch
from native.binding import Words, call, empty, indices, rows, same_length, worker_count

__all__ = ["g1_combine", "g1_scale", "g2_combine", "g2_scale"]

U32 = NDArray[np.uint32]


def _scale(group: int, points: Words, scalars: Words, threads: int) -> Words:
    p, k = rows(points, POINT_WORDS[group], "points"), checked_scalars(scalars)
    n, workers = same_length(p, k, f"g{group}_scale"), worker_count(threads)
    out = empty(n, POINT_WORDS[group])
    room = kernel_scratch("combine", group, n, workers)
    call(f"g{group}_scale", out, room, p, k, n, workers)
    return out


def _combine(
    group: int, starts: U32, terms: U32, kinds: U32, scalars: Words, points: Words, threads: int
) -> Words:
    p, k = rows(points, POINT_WORDS[group], "points"), checked_scalars(scalars)
    first, which, kind = indices(starts, "starts"), indices(terms, "terms"), indices(kinds, "kinds")
    if len(first) == 0:
        raise ValueError("starts is empty, want one entry more than sums")
    n, workers = same_length(which, kind, f"g{group}_combine"), worker_count(threads)
    out = empty(len(first) - 1, POINT_WORDS[group])
    room = kernel_scratch("combine", group, n, workers)
    known = (p, len(p), k, len(k))
    call(f"g{group}_combine", out, room, *known, first, len(out), which, kind, n, workers)
    return out


def g1_scale(points: Words, scalars: Words, threads: int = 0) -> Words:
    """Elementwise scalars[i]·points[i]: `g1_mul` for many points."""
    return _scale(1, points, scalars, threads)


def g2_scale(points: Words, scalars: Words, threads: int = 0) -> Words:
    """Elementwise scalars[i]·points[i]; the points lie in the subgroup of order r."""
    return _scale(2, points, scalars, threads)


def g1_combine(
    starts: U32, terms: U32, kinds: U32, scalars: Words, points: Words, threads: int = 0
) -> Words:
    """Sum i is Σ scalars[kinds[k]]·points[terms[k]] over starts[i] <= k < starts[i + 1].

    A sparse matrix times a vector of points. ValueError when an index points outside its array or
    `starts` is not ascending from 0.
    """
    return _combine(1, starts, terms, kinds, scalars, points, threads)


def g2_combine(
    starts: U32, terms: U32, kinds: U32, scalars: Words, points: Words, threads: int = 0
) -> Words:
    """As `g1_combine`; the points lie in the subgroup of order r."""
    return _combine(2, starts, terms, kinds, scalars, points, threads)
