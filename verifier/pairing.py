"""The three curve operations that verification needs, on plain integer points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from native import api
from verifier.points import G1Point, G2Point


def pairing(p: G1Point, q: G2Point) -> list[int]:
    """e(P, Q) as 12 coefficients over 1, w, …, w¹¹ (exponent (q¹² − 1)/r)."""
    return api.pairing(api.g1_from_ints(p), api.g2_from_ints(q))


def product_is_one(pairs: Sequence[tuple[G1Point, G2Point]]) -> bool:
    """Whether Π e(P, Q) = 1."""
    g1 = np.stack([api.g1_from_ints(p) for p, _ in pairs])
    g2 = np.stack([api.g2_from_ints(q) for _, q in pairs])
    return api.pairing_check(g1, g2)


def linear_combination(points: Sequence[G1Point], scalars: Sequence[int]) -> G1Point | None:
    """Σ scalarᵢ·Pᵢ, None for infinity."""
    rows = np.stack([api.g1_from_ints(point) for point in points])
    return api.g1_to_ints(api.msm_g1(rows, api.canonical_from_ints(scalars)))
