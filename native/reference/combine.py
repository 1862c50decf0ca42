"""Sums of multiples of points by their definition."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from native.reference.curve import G1Point, G2Point, g1_add, g1_mul, g2_add, g2_mul


def g1_combine(
    starts: Sequence[int],
    terms: Sequence[int],
    kinds: Sequence[int],
    scalars: Sequence[int],
    points: Sequence[G1Point],
) -> list[G1Point]:
    """Sum i is Σ scalars[kinds[k]]·points[terms[k]] over starts[i] <= k < starts[i + 1]."""
    sums: list[G1Point] = []
    for first, last in itertools.pairwise(starts):
        total: G1Point = None
        for k in range(first, last):
            total = g1_add(total, g1_mul(points[terms[k]], scalars[kinds[k]]))
        sums.append(total)
    return sums


def g2_combine(
    starts: Sequence[int],
    terms: Sequence[int],
    kinds: Sequence[int],
    scalars: Sequence[int],
    points: Sequence[G2Point],
) -> list[G2Point]:
    """Sum i is Σ scalars[kinds[k]]·points[terms[k]] over starts[i] <= k < starts[i + 1]."""
    sums: list[G2Point] = []
    for first, last in itertools.pairwise(starts):
        total: G2Point = None
        for k in range(first, last):
            total = g2_add(total, g2_mul(points[terms[k]], scalars[kinds[k]]))
        sums.append(total)
    return sums
