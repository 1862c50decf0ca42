"""The pairing, and the parts of it that a verifier prepares once for points that stay.

Points as in `api_curve`. A Miller value is uint64 (48,): the product of a pairing before the final
exponentiation. `miller_lines` holds the lines of one point of G2 in each row.
"""

from __future__ import annotations

import numpy as np

from native.api_curve import (
    checked_scalars,
    g1_first_off_curve,
    g2_first_off_curve,
    kernel_scratch,
)
from native.api_field import fp_to_ints
from native.binding import Words, call, empty, one_row, rows, same_length

__all__ = [
    "g1_table_sum",
    "g1_tables",
    "miller_lines",
    "miller_product",
    "pairing",
    "pairing_check",
    "pairing_check_fixed",
]

_LINES = 88 * 16  # words of a row
_TABLE_ROWS = 43 * 32


def _on_curve(g1: Words, g2: Words) -> None:
    for name, bad in (
        ("g1 off the curve", g1_first_off_curve(g1)),
        ("g2 off the curve", g2_first_off_curve(g2)),
    ):
        if bad >= 0:
            raise ValueError(f"pair {bad}: {name}")


def pairing_check(g1: Words, g2: Words) -> bool:
    """Whether Π e(g1[i], g2[i]) = 1; a pair with infinity counts as 1.

    Points off the curve are a ValueError; the caller has checked the subgroup of g2.
    """
    p, q = rows(g1, 8, "g1"), rows(g2, 16, "g2")
    _on_curve(p, q)
    is_one = np.empty(1, dtype=np.int32)
    call("pairing_check", is_one, p, q, same_length(p, q, "pairing_check"))
    return bool(is_one[0])


def pairing(g1: Words, g2: Words) -> list[int]:
    """e(g1, g2)^((q¹²-1)/r) as the 12 coefficients of 1, w, …, w¹¹, w¹² = 18w⁶ - 82."""
    p, q = one_row(g1, 8, "g1"), one_row(g2, 16, "g2")
    _on_curve(p.reshape(1, 8), q.reshape(1, 16))
    out = empty(12, 4)
    call("pairing", out, p, q)
    return fp_to_ints(out)


def miller_product(g1: Words, g2: Words) -> Words:
    """The Miller value of Π e(g1[i], g2[i]); checks as `pairing_check`."""
    p, q = rows(g1, 8, "g1"), rows(g2, 16, "g2")
    _on_curve(p, q)
    out = empty(1, 48)
    call("miller_product", out, p, q, same_length(p, q, "miller_product"))
    return out.reshape(48)


def miller_lines(g2: Words) -> Words:
    """The lines of each point of G2 for `pairing_check_fixed`; infinity is a ValueError."""
    q = rows(g2, 16, "g2")
    bad = g2_first_off_curve(q)
    if bad >= 0:
        raise ValueError(f"g2[{bad}] is off the curve")
    out = empty(len(q), _LINES)
    call("miller_lines", out, q, len(q))
    return out


def pairing_check_fixed(factor: Words, g1: Words, g2: Words, fixed_g1: Words, lines: Words) -> bool:
    """Whether a Miller value times Π e(g1[i], g2[i]) Π e(fixed_g1[i], point of lines[i]) gives 1.

    `factor` and `lines` come from `miller_product` and `miller_lines`; otherwise as
    `pairing_check`.
    """
    p, q = rows(g1, 8, "g1"), rows(g2, 16, "g2")
    fixed, known = rows(fixed_g1, 8, "fixed_g1"), rows(lines, _LINES, "lines")
    _on_curve(p, q)
    bad = g1_first_off_curve(fixed)
    if bad >= 0:
        raise ValueError(f"fixed_g1[{bad}] is off the curve")
    n, m = same_length(p, q, "pairing_check_fixed"), same_length(fixed, known, "fixed pairs")
    is_one = np.empty(1, dtype=np.int32)
    value = one_row(factor, 48, "factor")
    call("pairing_check_fixed", is_one, value, p, q, n, fixed, known, m)
    return bool(is_one[0])


def g1_tables(points: Words) -> Words:
    """Multiples of each point for `g1_table_sum`: 1376 rows of 8 words (88 KB) a point."""
    p = rows(points, 8, "points")
    out = empty(len(p) * _TABLE_ROWS, 8)
    call("g1_table", out, kernel_scratch("add", 1, len(p), 1), p, len(p))
    return out


def g1_table_sum(constant: Words, tables: Words, scalars: Words) -> Words:
    """constant + Σ scalars[i]·Pᵢ, shape (8,), with the tables of the Pᵢ."""
    start, multiples = one_row(constant, 8, "constant"), rows(tables, 8, "tables")
    k = checked_scalars(scalars)
    if len(multiples) != len(k) * _TABLE_ROWS:
        raise ValueError(f"tables: {len(multiples)} rows for {len(k)} scalars")
    out = empty(1, 8)
    call("g1_table_sum", out, start, multiples, k, len(k))
    return out.reshape(8)
