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
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from circuits.frontend import Builder, Wire, template
from circuits.gadgets import montgomery
from circuits.gadgets.montgomery import MontgomeryPoint
from native.constants import FR_MODULUS

DIGIT_BITS = 2
SCALAR_BITS = 254
_HALF = (FR_MODULUS + 1) // 2


class _Table(NamedTuple):
    """Half sums and half differences of the coordinates of Q and 3 Q."""

    u_sum: Wire
    u_difference: Wire
    v_sum: Wire
    v_difference: Wire


def multiply_by_double_plus_one(
    b: Builder, q: MontgomeryPoint, bits: Sequence[Wire]
) -> MontgomeryPoint:
    """(2 h + 1) · q, h the number of the 254 bits, least significant first.

    Preconditions: q is on the curve with an order that is a multiple of l; the bits are boolean;
    h is a hash of q among others (see the module). Cost: 1654 constraints.
    """
    if len(bits) != SCALAR_BITS:
        raise ValueError(f"the scalar has {SCALAR_BITS} bits, not {len(bits)}")
    return _multiply(b, q, list(bits))


@template
def _multiply(b: Builder, q: MontgomeryPoint, bits: list[Wire]) -> MontgomeryPoint:
    doubled = montgomery.double(b, q)
    table = _table(q, montgomery.add(b, doubled, q))
    *lower, top = [bits[i : i + DIGIT_BITS] for i in range(0, SCALAR_BITS, DIGIT_BITS)]
    total = montgomery.double_and_add(b, doubled, _digit(b, table, top))
    for digit in reversed(lower):
        total = _step(b, total, table, digit)
    return total


@template
def _step(b: Builder, total: MontgomeryPoint, table: _Table, digit: list[Wire]) -> MontgomeryPoint:
    """4 total + digit · Q. Thirteen constraints."""
    return montgomery.double_and_add(b, montgomery.double(b, total), _digit(b, table, digit))


def _table(q: MontgomeryPoint, tripled: MontgomeryPoint) -> _Table:
    return _Table(
        (tripled.u + q.u) * _HALF,
        (tripled.u - q.u) * _HALF,
        (tripled.v + q.v) * _HALF,
        (tripled.v - q.v) * _HALF,
    )


def _digit(b: Builder, table: _Table, bits: list[Wire]) -> MontgomeryPoint:
    """(2 (bits) - 3) · Q, that is c0 + 2 c1 times Q with c = 2 bit - 1. Four constraints."""
    c0, c1 = (bit * 2 - 1 for bit in bits)
    u = b.multiply_add(c0 * c1, table.u_difference, table.u_sum)
    v = b.multiply_add(c1, table.v_sum, c0 * table.v_difference)
    return MontgomeryPoint(u, v)
