"""Baby Jubjub in Montgomery form, v² = u³ + 168698 u² + u, and the maps from and to Edwards form.

u = (1 + y) / (1 - y)    v = u / x        x = u / v    y = (u - 1) / (u + 1)
"""

from __future__ import annotations

from circuits.frontend import Builder
from circuits.gadgets.edwards import EdwardsPoint
from circuits.gadgets.weierstrass import Curve, Point
from native.constants import FR_MODULUS
from native.reference.babyjubjub import A as EDWARDS_A
from native.reference.babyjubjub import D as EDWARDS_D

MONTGOMERY_A = 2 * (EDWARDS_A + EDWARDS_D) // (EDWARDS_A - EDWARDS_D)  # and B = 4 / (a - d) = 1
MONTGOMERY = Curve(a2=MONTGOMERY_A, a4=1)


def montgomery_coordinates(point: tuple[int, int]) -> tuple[int, int]:
    """(u, v) of an Edwards point of order above two, on plain integers."""
    x, y = point
    u = (1 + y) * pow(1 - y, -1, FR_MODULUS) % FR_MODULUS
    return u, u * pow(x, -1, FR_MODULUS) % FR_MODULUS


def to_montgomery(b: Builder, p: EdwardsPoint) -> Point:
    """p in Montgomery form; unsatisfiable if p has order 1 or 2. Three constraints.

    Preconditions: p is on the curve. x · (1/x) = 1 excludes both (0, 1) and (0, -1), so 1 - y ≠ 0.
    """
    inverse = b.inverse_or_zero(p.x)
    b.assert_product(p.x, inverse, b.constant(1))
    u = b.divide_hint(1 + p.y, 1 - p.y)
    b.assert_product(u, 1 - p.y, 1 + p.y)
    return Point(u, u * inverse)


def from_montgomery(b: Builder, p: Point) -> EdwardsPoint:
    """p in Edwards form. Two constraints. Preconditions: p is on the curve and not (0, 0).

    v = 0 only at (0, 0); u = -1 would need v² = d, which is not a square.
    """
    x = b.divide_hint(p.x, p.y)
    b.assert_product(x, p.y, p.x)
    y = b.divide_hint(p.x - 1, p.x + 1)
    b.assert_product(y, p.x + 1, p.x - 1)
    return EdwardsPoint(x, y)
