"""Choice by boolean wires."""

from __future__ import annotations

from collections.abc import Sequence

from circuits.frontend import Builder, CircuitError, Wire


def select(b: Builder, condition: Wire, if_true: Wire, if_false: Wire) -> Wire:
    """Statement: the result is if_true when condition = 1, if_false when condition = 0.

    Preconditions: condition is boolean (otherwise the result is off the line between the two).
    A cheating prover: nothing to choose, condition · (if_true - if_false) = result - if_false.
    Cost: 1 constraint.
    """
    return b.multiply_add(condition, b.wire(if_true) - if_false, if_false)


def select_each(
    b: Builder, condition: Wire, if_true: Sequence[Wire], if_false: Sequence[Wire]
) -> list[Wire]:
    """Statement: `select` for every pair of elements.

    Preconditions: condition is boolean; both sequences are equally long.
    Cost: 1 constraint an element.
    """
    pairs = zip(if_true, if_false, strict=True)
    return [select(b, condition, chosen, other) for chosen, other in pairs]


def mux4(b: Builder, bit0: Wire, bit1: Wire, options: Sequence[Wire]) -> Wire:
    """Statement: the result is options[bit0 + 2 · bit1].

    Preconditions: both bits are boolean; there are four options.
    A cheating prover: nothing to choose, three selects.
    Cost: 3 constraints.
    """
    if len(options) != 4:
        raise CircuitError(f"mux4 chooses among 4 options, not {len(options)}")
    low = select(b, bit0, options[1], options[0])
    high = select(b, bit0, options[3], options[2])
    return select(b, bit1, high, low)


def mux4_constants(bit0: Wire, bit1: Wire, both: Wire, options: Sequence[int]) -> Wire:
    """Statement: the result is options[bit0 + 2 · bit1], for four constants.

    Preconditions: both bits are boolean and `both` is their product (shared by several choices).
    A cheating prover: nothing to choose, the result is a linear combination.
    Cost: free.
    """
    at_0, at_1, at_2, at_3 = options
    return bit0 * (at_1 - at_0) + bit1 * (at_2 - at_0) + both * (at_3 - at_2 - at_1 + at_0) + at_0
