"""(2 h + 1) · Q for a point Q that the prover chooses, from the 254 bits of h.

Two bits are one signed digit d = 2 w - 3 in {-3, -1, 1, 3}. The sum starts at Q and each digit,
from the top, does sum <- 4 sum + d Q, so after j digits it is k Q, k = 2 (h >> 2 (127 - j)) + 1.

The incomplete law is safe for every Q whose order is a multiple of the prime l ~ 2^250.6. A step
takes k to k' = 4 k + d by doubling k Q and then `double_and_add` of d Q. Its exceptions are

    k ≡ 0,   2 k ≡ ±d   or   k' ≡ 0   (mod l; an odd k makes 2 l no different)

Read as integers none ever happens: k and k' are odd and positive, 2 k is even and d odd. Leading
zero bits of h are harmless for the same reason. What remains is a wrap around l in the last three
steps. It occurs for a set of fewer than 128 values of h (test_variable_base_gadget.py lists them
all). h must be a hash output that the prover does not choose: to reach the set is to find a
preimage of one of 128 values, about 2^246 trials.

The digits ± Q and ± 3 Q come from a table. With c = 2 bit - 1 the digit is c0 + 2 c1, its sign is
c1, and c0 c1 tells 3 Q from Q. On the curve scaled by (x, y) -> (s² x, s³ y) with

    s = (x(3Q) - x(Q)) / (y(3Q) - y(Q))

the two points differ by the same amount in both coordinates, so one product selects both. The
scaling is an isomorphism to the short curve y² = x³ + s⁴ a x + s⁶ b and changes no group law.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from circuits.frontend import Builder, Wire, template
from circuits.gadgets import weierstrass
from circuits.gadgets.montgomery import MONTGOMERY, MONTGOMERY_A
from circuits.gadgets.weierstrass import Curve, Point
from native.constants import FR_MODULUS

DIGIT_BITS = 2
SCALAR_BITS = 254
_HALF = pow(2, -1, FR_MODULUS)
_SHIFT = MONTGOMERY_A * pow(3, -1, FR_MODULUS)  # x = u + A/3 takes the u² term away
_SHORT_A = 1 - MONTGOMERY_A * _SHIFT  # of the short curve before scaling


class _Scaling(NamedTuple):
    """s² and s³; s is not zero."""

    square: Wire
    cube: Wire


class _Table(NamedTuple):
    """Q and 3 Q: the means of their coordinates, and half their difference in either."""

    x: Wire
    y: Wire
    half_difference: Wire


def multiply_by_double_plus_one(b: Builder, q: Point, bits: Sequence[Wire]) -> Point:
    """(2 h + 1) · q in Montgomery form, h the number of the 254 bits, least significant first.

    Preconditions: q is on the curve with an order that is a multiple of l; the bits are boolean;
    h is a hash of q among others (see the module). Cost: 1538 constraints.
    """
    if len(bits) != SCALAR_BITS:
        raise ValueError(f"the scalar has {SCALAR_BITS} bits, not {len(bits)}")
    return _multiply(b, q, list(bits))


@template
def _multiply(b: Builder, q: Point, bits: list[Wire]) -> Point:
    doubled = weierstrass.double(b, MONTGOMERY, q)
    tripled = weierstrass.add(b, MONTGOMERY, doubled, q)
    scaling = _scaling(b, q, tripled)
    a4 = scaling.square * scaling.square * _SHORT_A
    table = _table(q, tripled, scaling)
    *lower, top = [bits[i : i + DIGIT_BITS] for i in range(0, SCALAR_BITS, DIGIT_BITS)]
    digit = _digit(b, table, top)
    total = weierstrass.double_and_add(b, Curve(0, a4), _scaled(doubled, scaling), digit)
    for digit_bits in reversed(lower):
        total = _step(b, a4, total, table, digit_bits)
    return _unscaled(b, total, scaling)


@template
def _step(b: Builder, a4: Wire, total: Point, table: _Table, bits: list[Wire]) -> Point:
    """4 total + digit · Q. Twelve constraints."""
    curve = Curve(0, a4)
    doubled = weierstrass.double(b, curve, total)
    return weierstrass.double_and_add(b, curve, doubled, _digit(b, table, bits))


def _scaling(b: Builder, q: Point, tripled: Point) -> _Scaling:
    """Three constraints. The x coordinates differ as 3 Q ≠ ±Q, so s is not zero; for the few Q
    whose y coordinates agree there is no s, and no signature."""
    rise, run = tripled.x - q.x, tripled.y - q.y
    s = b.divide_hint(rise, run)
    b.assert_product(s, run, rise)
    square = s * s
    return _Scaling(square, square * s)


def _table(q: Point, tripled: Point, scaling: _Scaling) -> _Table:
    """Three constraints."""
    mean = Point((tripled.x + q.x) * _HALF, (tripled.y + q.y) * _HALF)
    half_difference = (tripled.x - q.x) * _HALF * scaling.square
    return _Table(*_scaled(mean, scaling), half_difference)


def _digit(b: Builder, table: _Table, bits: list[Wire]) -> Point:
    """(2 (bits) - 3) · Q. Three constraints."""
    c0, c1 = (bit * 2 - 1 for bit in bits)
    offset = c0 * c1 * table.half_difference
    return Point(table.x + offset, c1 * (table.y + offset))


def _scaled(p: Point, scaling: _Scaling) -> Point:
    """A Montgomery point (or a mean of such) on the scaled short curve. Two constraints."""
    return Point((p.x + _SHIFT) * scaling.square, p.y * scaling.cube)


def _unscaled(b: Builder, p: Point, scaling: _Scaling) -> Point:
    """Back in Montgomery form. Two constraints; the divisors are not zero as s is not."""
    x, y = b.divide_hint(p.x, scaling.square), b.divide_hint(p.y, scaling.cube)
    b.assert_product(x, scaling.square, p.x)
    b.assert_product(y, scaling.cube, p.y)
    return Point(x - _SHIFT, y)
