"""Points of G1 and G2: group law, membership, multi-scalar and fixed-base products.

Points are affine Montgomery, uint64 (n, 8) for G1 and (n, 16) for G2, infinity all zero. Scalars
are canonical Fr, (n, 4). Operations other than the membership checks trust that points are valid.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from native._zk import ffi
from native.api_field import fp_from_ints, fp_to_ints, fr_first_noncanonical
from native.binding import (
    Words,
    call,
    empty,
    one_row,
    pointer,
    rows,
    same_length,
    scratch,
    worker_count,
)
from native.constants import FP_MODULUS

__all__ = [
    "g1_add",
    "g1_first_off_curve",
    "g1_from_ints",
    "g1_mul",
    "g1_neg",
    "g1_to_ints",
    "g2_add",
    "g2_first_off_curve",
    "g2_first_outside_subgroup",
    "g2_from_ints",
    "g2_mul",
    "g2_neg",
    "g2_to_ints",
    "msm_g1",
    "msm_g2",
    "msm_many",
    "msm_scratch_bytes",
]

G1Ints = tuple[int, int]
G2Ints = tuple[tuple[int, int], tuple[int, int]]
POINT_WORDS = {1: 8, 2: 16}


def _coordinates(*values: int) -> Words:
    for value in values:
        if not 0 <= value < FP_MODULUS:
            raise ValueError(f"coordinate {value} is not in [0, {FP_MODULUS})")
    return fp_from_ints(values).reshape(-1)


def g1_from_ints(point: G1Ints | None) -> Words:
    """(x, y), or None for infinity, to the (8,) form; says nothing about being on the curve."""
    return np.zeros(8, dtype=np.uint64) if point is None else _coordinates(*point)


def g1_to_ints(point: Words) -> G1Ints | None:
    """The (8,) form to (x, y), None for infinity."""
    words = one_row(point, 8, "point")
    if not words.any():
        return None
    x, y = fp_to_ints(words.reshape(2, 4))
    return x, y


def g2_from_ints(point: G2Ints | None) -> Words:
    """((x0, x1), (y0, y1)), or None for infinity, to the (16,) form."""
    return np.zeros(16, dtype=np.uint64) if point is None else _coordinates(*point[0], *point[1])


def g2_to_ints(point: Words) -> G2Ints | None:
    """The (16,) form to ((x0, x1), (y0, y1)), None for infinity."""
    words = one_row(point, 16, "point")
    if not words.any():
        return None
    x0, x1, y0, y1 = fp_to_ints(words.reshape(4, 4))
    return (x0, x1), (y0, y1)


def checked_scalars(scalars: Words) -> Words:
    values = rows(scalars, 4, "scalars")
    bad = fr_first_noncanonical(values)
    if bad >= 0:
        raise ValueError(f"scalars[{bad}] is not canonical (below r)")
    return values


def _add(group: int, left: Words, right: Words, threads: int) -> Words:
    width = POINT_WORDS[group]
    p, q = rows(left, width, "left"), rows(right, width, "right")
    n, workers = same_length(p, q, f"g{group}_add"), worker_count(threads)
    out = empty(n, width)
    call(f"g{group}_add", out, kernel_scratch("add", group, n, workers), p, q, n, workers)
    return out


def _neg(group: int, points: Words) -> Words:
    p = rows(points, POINT_WORDS[group], "points")
    out = empty(len(p), POINT_WORDS[group])
    call(f"g{group}_neg", out, p, len(p))
    return out


def _mul(group: int, points: Words, scalars: Words, threads: int) -> Words:
    p, k = rows(points, POINT_WORDS[group], "points"), checked_scalars(scalars)
    out = empty(same_length(p, k, f"g{group}_mul"), POINT_WORDS[group])
    call(f"g{group}_mul", out, p, k, len(p), worker_count(threads))
    return out


def _first_off_curve(group: int, points: Words) -> int:
    p = rows(points, POINT_WORDS[group], "points")
    index = np.empty(1, dtype=np.int64)
    call(f"g{group}_first_off_curve", index, p, len(p))
    return int(index[0])


def kernel_scratch(operation: str, group: int, n: int, threads: int) -> Words:
    words = np.empty(1, dtype=np.uint64)
    call(f"{operation}_scratch_words", words, group, n, threads)
    return scratch(int(words[0]))


def msm_scratch_bytes(sizes: Sequence[tuple[int, int]], *, threads: int = 0) -> int:
    """Bytes of room that `msm_many` takes for sums of these (group, number of points)."""
    rows_of_c = ffi.new("zk_sum[]", len(sizes))
    for row, (group, n) in zip(rows_of_c, sizes, strict=True):
        row.group, row.n = group, n
    words = np.empty(1, dtype=np.uint64)
    call("msm_many_scratch_words", words, rows_of_c, len(sizes), worker_count(threads))
    return 8 * int(words[0])


def _msm(group: int, points: Words, scalars: Words, threads: int) -> Words:
    return msm_many([(rows(points, POINT_WORDS[group], "points"), scalars)], threads)[0]


def g1_add(left: Words, right: Words, threads: int = 0) -> Words:
    """Elementwise sum of two (n, 8) arrays of points."""
    return _add(1, left, right, threads)


def g1_neg(points: Words) -> Words:
    """Elementwise negation."""
    return _neg(1, points)


def g1_mul(points: Words, scalars: Words, threads: int = 0) -> Words:
    """Elementwise scalars[i]·points[i]."""
    return _mul(1, points, scalars, threads)


def g1_first_off_curve(points: Words) -> int:
    """Index of the first row that is not a reduced point of the curve or infinity; -1 if none."""
    return _first_off_curve(1, points)


def g2_add(left: Words, right: Words, threads: int = 0) -> Words:
    """Elementwise sum of two (n, 16) arrays of points."""
    return _add(2, left, right, threads)


def g2_neg(points: Words) -> Words:
    """Elementwise negation."""
    return _neg(2, points)


def g2_mul(points: Words, scalars: Words, threads: int = 0) -> Words:
    """Elementwise scalars[i]·points[i]."""
    return _mul(2, points, scalars, threads)


def g2_first_off_curve(points: Words) -> int:
    """Index of the first row that is not a reduced point of the twist or infinity; -1 if none."""
    return _first_off_curve(2, points)


def g2_first_outside_subgroup(points: Words, threads: int = 0) -> int:
    """Index of the first point of the twist outside the subgroup of order r; -1 if none."""
    p = rows(points, 16, "points")
    index = np.empty(1, dtype=np.int64)
    workers = worker_count(threads)
    room = kernel_scratch("subgroup", 2, len(p), workers)
    call("g2_first_outside_subgroup", index, room, p, len(p), workers)
    return int(index[0])


def msm_many(sums: Sequence[tuple[Words, Words]], threads: int = 0) -> list[Words]:
    """Σ scalars[i]·points[i] of each pair (points, scalars), in G1 or G2 by the points' width.

    All are one run, in which no thread waits before the last sum is nearly done.
    """
    workers, operands = worker_count(threads), [_operands(*pair) for pair in sums]
    out = [np.zeros(points.shape[1], dtype=np.uint64) for points, _ in operands]
    rows_of_c = ffi.new("zk_sum[]", len(operands))
    for row, result, (points, k) in zip(rows_of_c, out, operands, strict=True):
        row.group, row.n = points.shape[1] // 8, len(k)
        row.out, row.points, row.scalars = pointer(result), pointer(points), pointer(k)
    words = np.empty(1, dtype=np.uint64)
    call("msm_many_scratch_words", words, rows_of_c, len(operands), workers)
    call("msm_many", scratch(int(words[0])), rows_of_c, len(operands), workers)
    return out


def _operands(points: Words, scalars: Words) -> tuple[Words, Words]:
    width = POINT_WORDS[2 if np.shape(points)[-1:] == (POINT_WORDS[2],) else 1]
    p, k = rows(points, width, "points"), checked_scalars(scalars)
    same_length(p, k, f"msm_g{width // 8}")
    return p, k


def msm_g1(points: Words, scalars: Words, threads: int = 0) -> Words:
    """Σ scalars[i]·points[i], shape (8,)."""
    return _msm(1, points, scalars, threads)


def msm_g2(points: Words, scalars: Words, threads: int = 0) -> Words:
    """Σ scalars[i]·points[i], shape (16,)."""
    return _msm(2, points, scalars, threads)
