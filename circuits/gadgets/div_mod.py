"""Division of integers with remainder."""

from __future__ import annotations

from circuits.frontend import Builder, CircuitError, Wire
from circuits.gadgets.compare import less_than_in_range
from circuits.gadgets.range_check import assert_in_range


def div_mod(
    b: Builder, dividend: Wire, divisor: Wire, *, quotient_bits: int, divisor_bits: int
) -> tuple[Wire, Wire]:
    """Statement: dividend = quotient · divisor + remainder over the integers, with
    remainder < divisor < 2^divisor_bits and quotient < 2^quotient_bits.

    Preconditions: none; quotient_bits + divisor_bits at most 252 over BN254. The dividend is
    thereby below 2^(quotient_bits + divisor_bits). Division by 0 is unsatisfiable.
    A cheating prover chooses the hints. (q - 1, rem + divisor) fails remainder < divisor; a
    quotient that makes q · divisor wrap around the modulus fails the range of q.
    Cost: quotient_bits + 3 · divisor_bits + 7 constraints.
    """
    if quotient_bits + divisor_bits > b.modulus.bit_length() - 2:
        raise CircuitError(
            f"div_mod: {quotient_bits} + {divisor_bits} bits can wrap around the modulus"
        )
    with b.scope("div_mod"):
        quotient, remainder = b.divmod_hint(b.wire(dividend), b.wire(divisor))
        assert_in_range(b, quotient, quotient_bits)
        assert_in_range(b, remainder, divisor_bits)
        assert_in_range(b, divisor, divisor_bits)
        b.assert_equal(less_than_in_range(b, remainder, divisor, divisor_bits), 1)
        b.assert_product(quotient, divisor, dividend - remainder)
    return quotient, remainder
