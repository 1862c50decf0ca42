"""Baby Jubjub in twisted Edwards form, a x² + y² = 1 + d x² y² (ERC-2494), with the complete law.

a is a square and d is not, so for points of the curve no denominator below is ever zero and the
formulas hold for every pair of points: equal, opposite, of low order. Off the curve they mean
nothing; every function says who guarantees it.
"""

from __future__ import annotations

from typing import NamedTuple

from circuits.frontend import Builder, Wire
from native.reference.babyjubjub import A, D


class EdwardsPoint(NamedTuple):
    """Affine coordinates."""

    x: Wire
    y: Wire


def constant_point(b: Builder, point: tuple[int, int]) -> EdwardsPoint:
    """A point known while the circuit is built. Free."""
    return EdwardsPoint(b.constant(point[0]), b.constant(point[1]))


def negate(p: EdwardsPoint) -> EdwardsPoint:
    """-p. Free."""
    return EdwardsPoint(-p.x, p.y)


def assert_on_curve(b: Builder, p: EdwardsPoint) -> None:
    """p satisfies the equation. Three constraints, no preconditions."""
    x2, y2 = p.x * p.x, p.y * p.y
    b.assert_product(x2 * D, y2, x2 * A + y2 - 1)


def add(b: Builder, p: EdwardsPoint, q: EdwardsPoint) -> EdwardsPoint:
    """p + q. Six constraints. Preconditions: both on the curve; the sum then is as well.

    The coordinates are hints, pinned by multiplying with denominators that are not zero.
    """
    cross, reverse = p.x * q.y, p.y * q.x
    # (y1 - a x1)(x2 + y2) = y1 y2 - a x1 x2 + y1 x2 - a x1 y2
    difference = (p.y - p.x * A) * (q.x + q.y) + cross * A - reverse
    product = cross * reverse * D
    x = _quotient(b, cross + reverse, 1 + product)
    return EdwardsPoint(x, _quotient(b, difference, 1 - product))


def double(b: Builder, p: EdwardsPoint) -> EdwardsPoint:
    """2 p. Five constraints. Preconditions: p is on the curve; the result then is as well.

    The curve equation turns the denominators 1 ± d x² y² into a x² + y² and 2 - a x² - y².
    """
    cross, y2 = p.x * p.y, p.y * p.y
    ax2 = p.x * p.x * A
    x = _quotient(b, cross * 2, ax2 + y2)
    return EdwardsPoint(x, _quotient(b, y2 - ax2, 2 - ax2 - y2))


def _quotient(b: Builder, dividend: Wire, divisor: Wire) -> Wire:
    """dividend / divisor, for a divisor that is never zero. One constraint."""
    quotient = b.divide_hint(dividend, divisor)
    b.assert_product(quotient, divisor, dividend)
    return quotient
