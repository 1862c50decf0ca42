"""Multiples of the generator of Baby Jubjub's prime-order subgroup (Base8) by 251 bits.

The scalar is written in 83 signed digits, the odd numbers from -7 to 7, and one top digit:

    s = Σ 8^i u_i + 8^83 w,  u_i in 0..7,  w in 0..3
    s B = Σ 8^i (2 u_i - 7) B/2  +  [8^83 w B + (8^83 - 1) B/2]

Digit i is looked up among ± four constants. With c = 2 bit - 1 in {-1, 1} the digit is
c0 + 2 c1 + 4 c2, its u coordinate an even function of c and its v coordinate an odd one, so that

    u = k + (c0 + p c1)(q c1 + r c2)          one constraint (c1² = 1)
    v = u c2 · k' + linear in c               one constraint

No pair of the incomplete law is exceptional, whatever the bits: before digit i is added the sum is
an odd multiple K of B/2 with |K| < 8^i, and the summand is m 8^i of it with odd |m| <= 7. So
0 < |K ± m 8^i| < 8^(i+1) <= 8^83, which is smaller than the order of B. The top summand, bracketed
above, is added by the complete law.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from circuits.frontend import Builder, Wire, template
from circuits.gadgets import edwards, weierstrass
from circuits.gadgets.edwards import EdwardsPoint
from circuits.gadgets.montgomery import MONTGOMERY, from_montgomery, montgomery_coordinates
from circuits.gadgets.select import mux4_constants
from native.constants import FR_MODULUS
from native.reference.babyjubjub import (
    BABYJUB_BASE8,
    BABYJUB_SUBORDER,
    IDENTITY,
    Point,
    babyjub_add,
    babyjub_mul,
)

DIGIT_BITS = 3
N_DIGITS = 83
TOP_BITS = 2
SCALAR_BITS = DIGIT_BITS * N_DIGITS + TOP_BITS


def multiply_base8(b: Builder, bits: Sequence[Wire]) -> EdwardsPoint:
    """s · Base8, s the number of the 251 bits, least significant first.

    Preconditions: the bits are boolean. Cost: 421 constraints.
    Cheating: slopes and quotients are hints; each has a denominator shown above to be non-zero.
    """
    if len(bits) != SCALAR_BITS:
        raise ValueError(f"the scalar has {SCALAR_BITS} bits, not {len(bits)}")
    return _multiply_base8(b, list(bits))


@template
def _multiply_base8(b: Builder, bits: list[Wire]) -> EdwardsPoint:
    half = babyjub_mul(BABYJUB_BASE8, (BABYJUB_SUBORDER + 1) // 2)
    total, unit = _digit(b, bits[:DIGIT_BITS], half), half
    for start in range(DIGIT_BITS, DIGIT_BITS * N_DIGITS, DIGIT_BITS):
        unit = babyjub_mul(unit, 1 << DIGIT_BITS)
        digit = _digit(b, bits[start : start + DIGIT_BITS], unit)
        total = weierstrass.add(b, MONTGOMERY, total, digit)
    return edwards.add(b, from_montgomery(b, total), _top(b, bits[-TOP_BITS:], half))


def _top(b: Builder, bits: list[Wire], half: Point) -> EdwardsPoint:
    """8^83 w Base8 + (8^83 - 1) Base8/2. One constraint."""
    weight = 1 << DIGIT_BITS * N_DIGITS
    point, step = babyjub_mul(half, weight - 1), babyjub_mul(BABYJUB_BASE8, weight)
    points = []
    for _ in range(1 << TOP_BITS):
        points.append(point)
        point = babyjub_add(point, step)
    low, high = bits
    both = low * high
    xs, ys = zip(*points, strict=True)
    return EdwardsPoint(mux4_constants(low, high, both, xs), mux4_constants(low, high, both, ys))


class _Even(NamedTuple):
    """Weights in an even function of three signs c0, c1, c2."""

    c0c1: int
    c0c2: int
    c1c2: int
    one: int


class _Odd(NamedTuple):
    """Weights in an odd function of three signs c0, c1, c2."""

    c0: int
    c1: int
    c2: int
    c0c1c2: int


def _digit(b: Builder, bits: list[Wire], unit: Point) -> weierstrass.Point:
    """(2 (bits) - 7) · unit by two constraints; the formulas stand in the module's docstring."""
    us, vs = _odd_multiples(unit)
    even, odd = _even_weights(us), _odd_weights(vs)
    signs = [bit * 2 - 1 for bit in bits]
    # (c0 + ratio c1)(even.c0c1 c1 + even.c0c2 c2) gives the three products and a constant.
    ratio = even.c1c2 * _inverse(even.c0c2)
    left, right = signs[0] + signs[1] * ratio, signs[1] * even.c0c1 + signs[2] * even.c0c2
    u = b.multiply_add(left, right, even.one - ratio * even.c0c1)
    # u c2 = even.c0c1 c0c1c2 + even.c0c2 c0 + even.c1c2 c1 + even.one c2: the triple product.
    scale = odd.c0c1c2 * _inverse(even.c0c1)
    linear = [odd.c0 - scale * even.c0c2, odd.c1 - scale * even.c1c2, odd.c2 - scale * even.one]
    v = b.multiply_add(u * scale, signs[2], b.linear(linear, signs))
    return weierstrass.Point(u, v)


def _odd_multiples(unit: Point) -> tuple[list[int], list[int]]:
    """The u and the v coordinates of 1, 3, 5 and 7 times `unit`."""
    multiples = [babyjub_add(IDENTITY, unit)]
    twice = babyjub_add(unit, unit)
    for _ in range(3):
        multiples.append(babyjub_add(multiples[-1], twice))
    us, vs = zip(*map(montgomery_coordinates, multiples), strict=True)
    return list(us), list(vs)


def _even_weights(values: list[int]) -> _Even:
    """The even function c -> values at c0 + 2 c1 + 4 c2 = 1, 3, 5, 7."""
    v1, v3, v5, v7 = values
    sums = (v7 - v5 - v3 + v1, v7 - v5 + v3 - v1, v7 + v5 - v3 - v1, v7 + v5 + v3 + v1)
    return _Even(*_quarters(sums))


def _odd_weights(values: list[int]) -> _Odd:
    """The odd function c -> values at c0 + 2 c1 + 4 c2 = 1, 3, 5, 7."""
    v1, v3, v5, v7 = values
    sums = (v7 - v5 + v3 - v1, v7 + v5 - v3 - v1, v7 + v5 + v3 + v1, v7 - v5 - v3 + v1)
    return _Odd(*_quarters(sums))


def _quarters(sums: Sequence[int]) -> list[int]:
    return [total * _inverse(4) % FR_MODULUS for total in sums]


def _inverse(value: int) -> int:
    return pow(value, -1, FR_MODULUS)
