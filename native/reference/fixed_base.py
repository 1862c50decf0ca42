"""Multiples of one point by their definition."""

from __future__ import annotations

from collections.abc import Sequence

from native.reference.curve import G1Point, G2Point, g1_mul, g2_mul


def g1_fixed_base_mul(base: G1Point, scalars: Sequence[int]) -> list[G1Point]:
    """scalars[i]·base."""
    return [g1_mul(base, scalar) for scalar in scalars]


def g2_fixed_base_mul(base: G2Point, scalars: Sequence[int]) -> list[G2Point]:
    """scalars[i]·base."""
    return [g2_mul(base, scalar) for scalar in scalars]
