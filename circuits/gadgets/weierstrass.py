"""The cheap incomplete addition law of curves y² = x³ + a2 x² + a4 x + a6.

Addition takes three constraints where the complete Edwards law takes six, but the slope is a hint
pinned by slope · (x2 - x1) = y2 - y1, which pins nothing when the two points are equal and cannot
hold when they are opposite. So each function names the pairs it must not meet, and each caller
proves that it never does. The point at infinity has no place here, and doubling a point of order 2
has no slope.
"""

from __future__ import annotations

from typing import NamedTuple

from circuits.frontend import Builder, Wire


class Curve(NamedTuple):
    """The coefficients that the law needs (a6 follows from any point)."""

    a2: int
    a4: Wire | int


class Point(NamedTuple):
    """Affine coordinates; never the point at infinity."""

    x: Wire
    y: Wire


def add(b: Builder, curve: Curve, p: Point, q: Point) -> Point:
    """p + q. Three constraints. Preconditions: both on the curve and p ≠ ±q."""
    slope = _slope(b, q.y - p.y, q.x - p.x)
    return _third_point(b, curve, slope, p, q.x)


def double(b: Builder, curve: Curve, p: Point) -> Point:
    """2 p. Four constraints. Preconditions: p is on the curve and not of order 2."""
    rise = p.x * p.x * 3 + p.x * (2 * curve.a2) + curve.a4
    return _third_point(b, curve, _slope(b, rise, p.y * 2), p, p.x)


def double_and_add(b: Builder, curve: Curve, p: Point, q: Point) -> Point:
    """2 p + q, as (p + q) + p without the y coordinate of p + q. Five constraints.

    Preconditions: both on the curve, p ≠ ±q and 2 p ≠ -q.
    """
    first = _slope(b, q.y - p.y, q.x - p.x)
    middle_x = b.multiply_add(first, first, -p.x - q.x - curve.a2)
    # The second slope is -first + 2 y / (x - middle_x).
    second = _slope(b, p.y * 2, p.x - middle_x) - first
    return _third_point(b, curve, second, p, middle_x)


def _third_point(b: Builder, curve: Curve, slope: Wire, p: Point, other_x: Wire) -> Point:
    """The opposite of the third point on the line through p. Two constraints."""
    x = b.multiply_add(slope, slope, -p.x - other_x - curve.a2)
    return Point(x, b.multiply_add(slope, p.x - x, -p.y))


def _slope(b: Builder, rise: Wire, run: Wire) -> Wire:
    """rise / run, for a run that is never zero. One constraint."""
    slope = b.divide_hint(rise, run)
    b.assert_product(slope, run, rise)
    return slope
