"""Order of integers of a known width.

A difference in the field has no sign: without a bound on both sides a prover makes any value
"smaller" by wrapping around. The plain names therefore check their inputs; `…_in_range` is for
inputs that the caller has range-checked already.
"""

from __future__ import annotations

from circuits.frontend import Builder, CircuitError, Wire
from circuits.gadgets.bits import decomposed
from circuits.gadgets.is_zero import is_equal as is_equal
from circuits.gadgets.range_check import assert_in_range


def less_than(b: Builder, x: Wire, y: Wire, n_bits: int) -> Wire:
    """Statement: x and y are below 2^n_bits, and the result is 1 if x < y, else 0.

    Preconditions: none; n_bits at most 252 over BN254.
    A cheating prover could offer values out of range: refused here.
    Cost: 3 · n_bits + 4 constraints.
    """
    with b.scope("less_than"):
        assert_in_range(b, x, n_bits)
        assert_in_range(b, y, n_bits)
        return less_than_in_range(b, x, y, n_bits)


def less_than_in_range(b: Builder, x: Wire, y: Wire, n_bits: int) -> Wire:
    """Statement: the result is 1 if x < y, else 0.

    Preconditions: x and y are below 2^n_bits (NOT checked here: the result of anything else is
    meaningless and under the prover's control); n_bits at most 252 over BN254.
    A cheating prover: x - y + 2^n_bits is below 2^(n_bits + 1) and below the modulus, its bits
    are unique (`to_bits`) and the top one says x ≥ y.
    Cost: n_bits + 2 constraints.
    """
    if not 0 < n_bits < b.modulus.bit_length() - 1:
        limit = b.modulus.bit_length() - 2
        raise CircuitError(f"comparison of {n_bits} bits: the width must be in [1, {limit}]")
    with b.scope("less_than_in_range"):
        bits = decomposed(b, b.wire(x) - y + (1 << n_bits), n_bits + 1)
    return 1 - bits[n_bits]


def less_or_equal(b: Builder, x: Wire, y: Wire, n_bits: int) -> Wire:
    """Statement: x and y are below 2^n_bits, and the result is 1 if x ≤ y, else 0.

    Preconditions, cheating prover and cost: as `less_than`.
    """
    return 1 - less_than(b, y, x, n_bits)


def less_or_equal_in_range(b: Builder, x: Wire, y: Wire, n_bits: int) -> Wire:
    """Statement: the result is 1 if x ≤ y, else 0.

    Preconditions, cheating prover and cost: as `less_than_in_range`.
    """
    return 1 - less_than_in_range(b, y, x, n_bits)


def assert_less_or_equal(b: Builder, x: Wire, y: Wire, n_bits: int) -> None:
    """Statement: x ≤ y for y below 2^n_bits, where x may be anything below 2^n_bits.

    Preconditions: x and y are below 2^n_bits (NOT checked here); n_bits at most 252 over BN254.
    A cheating prover: for x > y the difference y - x wraps to modulus - (x - y), which is above
    2^n_bits and has no decomposition.
    Cost: n_bits + 1 constraints.
    """
    if not 0 < n_bits < b.modulus.bit_length() - 1:
        limit = b.modulus.bit_length() - 2
        raise CircuitError(f"comparison of {n_bits} bits: the width must be in [1, {limit}]")
    with b.scope("assert_less_or_equal"):
        assert_in_range(b, b.wire(y) - x, n_bits)
