"""The two pairing operations that verification needs, on plain integer points.

TEMPORARY: py_ecc until the native pairing lands; the signatures stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from py_ecc import optimized_bn128 as bn

from verifier.points import G1Point, G2Point


def _g1(point: G1Point) -> Any:
    return bn.FQ(point[0]), bn.FQ(point[1]), bn.FQ(1)


def _g2(point: G2Point) -> Any:
    return bn.FQ2(point[0]), bn.FQ2(point[1]), bn.FQ2.one()


def pairing(p: G1Point, q: G2Point) -> list[int]:
    """e(P, Q) as 12 coefficients over 1, w, …, w¹¹ (exponent (q¹² − 1)/r)."""
    return [int(c) for c in bn.pairing(_g2(q), _g1(p)).coeffs]


def product_is_one(pairs: Sequence[tuple[G1Point, G2Point]]) -> bool:
    """Whether Π e(P, Q) = 1."""
    product = bn.FQ12.one()
    for p, q in pairs:
        product = product * bn.pairing(_g2(q), _g1(p), final_exponentiate=False)
    return bool(bn.final_exponentiate(product) == bn.FQ12.one())


def linear_combination(points: Sequence[G1Point], scalars: Sequence[int]) -> G1Point | None:
    """Σ scalarᵢ·Pᵢ, None for infinity."""
    total = bn.Z1
    for point, scalar in zip(points, scalars, strict=True):
        total = bn.add(total, bn.multiply(_g1(point), scalar))
    if bn.is_inf(total):
        return None
    x, y = bn.normalize(total)
    return int(x), int(y)
