"""Multi-scalar multiplication by its definition."""

from __future__ import annotations

from collections.abc import Sequence

from native.reference.curve import G1Point, G2Point, g1_add, g1_mul, g2_add, g2_mul


def msm_g1(points: Sequence[G1Point], scalars: Sequence[int]) -> G1Point:
    """Σ scalars[i]·points[i]."""
    total: G1Point = None
    for point, scalar in zip(points, scalars, strict=True):
        total = g1_add(total, g1_mul(point, scalar))
    return total


def msm_g2(points: Sequence[G2Point], scalars: Sequence[int]) -> G2Point:
    """Σ scalars[i]·points[i]."""
    total: G2Point = None
    for point, scalar in zip(points, scalars, strict=True):
        total = g2_add(total, g2_mul(point, scalar))
    return total
