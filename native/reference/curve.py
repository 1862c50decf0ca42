"""G1 and G2 by the chord-and-tangent rule on affine coordinates; None is infinity.

G1: y² = x³ + 3 over Fp. G2: y² = x³ + 3/(9+u) over Fp2 = Fp[u]/(u²+1), elements (c0, c1).
"""

from __future__ import annotations

from native.constants import FP_MODULUS, FR_MODULUS

Q = FP_MODULUS
Fp2 = tuple[int, int]
G1Point = tuple[int, int] | None
G2Point = tuple[Fp2, Fp2] | None


def fp2_add(a: Fp2, b: Fp2) -> Fp2:
    """a + b."""
    return (a[0] + b[0]) % Q, (a[1] + b[1]) % Q


def fp2_sub(a: Fp2, b: Fp2) -> Fp2:
    """a - b."""
    return (a[0] - b[0]) % Q, (a[1] - b[1]) % Q


def fp2_mul(a: Fp2, b: Fp2) -> Fp2:
    """a·b with u² = -1."""
    return (a[0] * b[0] - a[1] * b[1]) % Q, (a[0] * b[1] + a[1] * b[0]) % Q


def fp2_inverse(a: Fp2) -> Fp2:
    """1/a for a ≠ 0."""
    norm = pow(a[0] * a[0] + a[1] * a[1], -1, Q)
    return a[0] * norm % Q, -a[1] * norm % Q


# G1 is treated as points of Fp2 with second coordinates 0, so that one rule serves both groups.
Point = tuple[Fp2, Fp2] | None
B_G1: Fp2 = (3, 0)
B_G2: Fp2 = fp2_mul((3, 0), fp2_inverse((9, 1)))


def add(p: Point, q: Point) -> Point:
    """p + q on any curve y² = x³ + b."""
    if p is None or q is None:
        return q if p is None else p
    (x1, y1), (x2, y2) = p, q
    if x1 == x2:
        if y1 != y2:
            return None
        slope = fp2_mul(fp2_mul((3, 0), fp2_mul(x1, x1)), fp2_inverse(fp2_add(y1, y1)))
    else:
        slope = fp2_mul(fp2_sub(y2, y1), fp2_inverse(fp2_sub(x2, x1)))
    x3 = fp2_sub(fp2_sub(fp2_mul(slope, slope), x1), x2)
    return x3, fp2_sub(fp2_mul(slope, fp2_sub(x1, x3)), y1)


def multiply(p: Point, scalar: int) -> Point:
    """scalar·p for scalar >= 0, not reduced."""
    total: Point = None
    for bit in bin(scalar)[2:]:
        total = add(total, total)
        if bit == "1":
            total = add(total, p)
    return total


def is_on(p: Point, b: Fp2) -> bool:
    """Whether coordinates are reduced and y² = x³ + b, or p is infinity."""
    if p is None:
        return True
    x, y = p
    reduced = all(0 <= c < Q for c in (*x, *y))
    return reduced and fp2_mul(y, y) == fp2_add(fp2_mul(x, fp2_mul(x, x)), b)


def _embed(p: G1Point) -> Point:
    return None if p is None else ((p[0], 0), (p[1], 0))


def _project(p: Point) -> G1Point:
    return None if p is None else (p[0][0], p[1][0])


def g1_add(p: G1Point, q: G1Point) -> G1Point:
    """p + q."""
    return _project(add(_embed(p), _embed(q)))


def g1_neg(p: G1Point) -> G1Point:
    """-p."""
    return None if p is None else (p[0], -p[1] % Q)


def g1_mul(p: G1Point, scalar: int) -> G1Point:
    """scalar·p."""
    return _project(multiply(_embed(p), scalar))


def g1_is_on_curve(p: G1Point) -> bool:
    """Whether p is a point of G1 (or infinity)."""
    return is_on(_embed(p), B_G1)


def g2_add(p: G2Point, q: G2Point) -> G2Point:
    """p + q."""
    return add(p, q)


def g2_neg(p: G2Point) -> G2Point:
    """-p."""
    return None if p is None else (p[0], fp2_sub((0, 0), p[1]))


def g2_mul(p: G2Point, scalar: int) -> G2Point:
    """scalar·p."""
    return multiply(p, scalar)


def g2_is_on_curve(p: G2Point) -> bool:
    """Whether p is a point of the twist (or infinity)."""
    return is_on(p, B_G2)


def g2_is_in_subgroup(p: G2Point) -> bool:
    """Whether r·p is infinity."""
    return g2_mul(p, FR_MODULUS) is None
