"""Baby Jubjub in Montgomery form, v² = u³ + 168698 u² + u, with the cheap incomplete law.

Addition takes three constraints instead of six, but the slope is a hint pinned by
slope · (u2 - u1) = v2 - v1, which pins nothing when the two points are equal and cannot hold when
they are opposite. So each function names the pairs it must not meet, and each caller proves that
it never does. Points of order 1 and 2 have no place here: doubling (0, 0) has no slope.

The maps to and from the Edwards form: u = (1 + y) / (1 - y), v = u / x.
"""

from __future__ import annotations

from typing import NamedTuple

from circuits.frontend import Builder, Wire
from circuits.gadgets.edwards import EdwardsPoint
from native.constants import FR_MODULUS
from native.reference.babyjubjub import A as EDWARDS_A
from native.reference.babyjubjub import D as EDWARDS_D

MONTGOMERY_A = 2 * (EDWARDS_A + EDWARDS_D) // (EDWARDS_A - EDWARDS_D)  # and B = 4 / (a - d) = 1


class MontgomeryPoint(NamedTuple):
    """Affine coordinates; never the point at infinity."""

    u: Wire
    v: Wire


def montgomery_coordinates(point: tuple[int, int]) -> tuple[int, int]:
    """(u, v) of an Edwards point of order above two, on plain integers."""
    x, y = point
    u = (1 + y) * pow(1 - y, -1, FR_MODULUS) % FR_MODULUS
    return u, u * pow(x, -1, FR_MODULUS) % FR_MODULUS


def to_montgomery(b: Builder, p: EdwardsPoint) -> MontgomeryPoint:
    """p in Montgomery form; unsatisfiable if p has order 1 or 2. Three constraints.

    Preconditions: p is on the curve. x · (1/x) = 1 excludes both (0, 1) and (0, -1), so 1 - y ≠ 0.
    """
    inverse = b.inverse_or_zero(p.x)
    b.assert_product(p.x, inverse, b.constant(1))
    u = b.divide_hint(1 + p.y, 1 - p.y)
    b.assert_product(u, 1 - p.y, 1 + p.y)
    return MontgomeryPoint(u, u * inverse)


def from_montgomery(b: Builder, p: MontgomeryPoint) -> EdwardsPoint:
    """p in Edwards form. Two constraints. Preconditions: p is on the curve and not (0, 0).

    v = 0 only at (0, 0); u = -1 would need v² = d, which is not a square.
    """
    x = b.divide_hint(p.u, p.v)
    b.assert_product(x, p.v, p.u)
    y = b.divide_hint(p.u - 1, p.u + 1)
    b.assert_product(y, p.u + 1, p.u - 1)
    return EdwardsPoint(x, y)


def add(b: Builder, p: MontgomeryPoint, q: MontgomeryPoint) -> MontgomeryPoint:
    """p + q. Three constraints. Preconditions: both on the curve and p ≠ ±q."""
    slope = _slope(b, q.v - p.v, q.u - p.u)
    return _third_point(b, slope, p, q.u)


def double(b: Builder, p: MontgomeryPoint) -> MontgomeryPoint:
    """2 p. Four constraints. Preconditions: p is on the curve and not (0, 0)."""
    rise = p.u * p.u * 3 + p.u * (2 * MONTGOMERY_A) + 1
    return _third_point(b, _slope(b, rise, p.v * 2), p, p.u)


def double_and_add(b: Builder, p: MontgomeryPoint, q: MontgomeryPoint) -> MontgomeryPoint:
    """2 p + q, as (p + q) + p without the v coordinate of p + q. Five constraints.

    Preconditions: both on the curve, q not at infinity, p ≠ ±q and 2 p ≠ -q.
    """
    first = _slope(b, q.v - p.v, q.u - p.u)
    middle_u = b.multiply_add(first, first, -p.u - q.u - MONTGOMERY_A)
    # The second slope is -first + 2 v / (u - middle_u).
    second = _slope(b, p.v * 2, p.u - middle_u) - first
    return _third_point(b, second, p, middle_u)


def _third_point(b: Builder, slope: Wire, p: MontgomeryPoint, other_u: Wire) -> MontgomeryPoint:
    """The opposite of the third point on the line through p. Two constraints."""
    u = b.multiply_add(slope, slope, -p.u - other_u - MONTGOMERY_A)
    return MontgomeryPoint(u, b.multiply_add(slope, p.u - u, -p.v))


def _slope(b: Builder, rise: Wire, run: Wire) -> Wire:
    """rise / run, for a run that is never zero. One constraint."""
    slope = b.divide_hint(rise, run)
    b.assert_product(slope, run, rise)
    return slope
