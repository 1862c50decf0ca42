"""Truth values: wires that are 0 or 1."""

from __future__ import annotations

from circuits.frontend import Builder, Wire


def assert_boolean(b: Builder, x: Wire) -> None:
    """Statement: x is 0 or 1.

    Preconditions: none.
    A cheating prover: nothing to choose; x · (x - 1) has no other root in a field.
    Cost: 1 constraint.
    """
    b.assert_boolean(x)


def logic_not(b: Builder, x: Wire) -> Wire:
    """Statement: the result is 1 - x.

    Preconditions: x is boolean.
    Cost: free.
    """
    return 1 - b.wire(x)


def logic_and(b: Builder, x: Wire, y: Wire) -> Wire:
    """Statement: the result is x AND y.

    Preconditions: both are boolean.
    A cheating prover: nothing to choose, the result is the product.
    Cost: 1 constraint.
    """
    return x * y


def logic_or(b: Builder, x: Wire, y: Wire) -> Wire:
    """Statement: the result is x OR y.

    Preconditions: both are boolean.
    A cheating prover: nothing to choose, the result is x + y - x · y.
    Cost: 1 constraint.
    """
    return x + y - x * y


def logic_xor(b: Builder, x: Wire, y: Wire) -> Wire:
    """Statement: the result is x XOR y.

    Preconditions: both are boolean.
    A cheating prover: nothing to choose, the result is x + y - 2 · x · y.
    Cost: 1 constraint.
    """
    return x + y - 2 * (x * y)
