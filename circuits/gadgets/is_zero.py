"""Tests for zero."""

from __future__ import annotations

from circuits.frontend import Builder, Wire


def is_zero(b: Builder, x: Wire) -> Wire:
    """Statement: the result is 1 if x = 0, and 0 otherwise.

    Preconditions: none.
    A cheating prover chooses the hint `inverse`. result = 1 - x · inverse and x · result = 0:
    for x = 0 the first forces 1, otherwise the second forces 0. The third constraint,
    inverse · result = 0, fixes the inverse of 0 as 0, so that the witness is unique.
    Cost: 3 constraints.
    """
    with b.scope("is_zero"):
        inverse = b.inverse_or_zero(b.wire(x))
        result = b.multiply_add(-x, inverse, 1)
        b.assert_product(x, result, 0)
        b.assert_product(inverse, result, 0)
    return result


def is_equal(b: Builder, x: Wire, y: Wire) -> Wire:
    """Statement: the result is 1 if x = y, and 0 otherwise.

    Preconditions: none.
    A cheating prover: see `is_zero`.
    Cost: 3 constraints.
    """
    return is_zero(b, b.wire(x) - y)


def assert_not_zero(b: Builder, x: Wire) -> None:
    """Statement: x ≠ 0.

    Preconditions: none.
    A cheating prover would need an inverse of 0.
    Cost: 1 constraint.
    """
    with b.scope("assert_not_zero"):
        b.assert_product(x, b.inverse_or_zero(b.wire(x)), 1)
