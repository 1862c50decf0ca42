"""Bit decompositions, least significant bit first."""

from __future__ import annotations

from collections.abc import Sequence

from circuits.frontend import Builder, CircuitError, Wire


def from_bits(b: Builder, bits: Sequence[Wire]) -> Wire:
    """Statement: the result is Σ 2^i · bits[i].

    Preconditions: the bits are boolean (for the sum to mean anything).
    A cheating prover: nothing to choose, the result is a linear combination.
    Cost: free.
    """
    return b.linear([1 << i for i in range(len(bits))], bits)


def to_bits(b: Builder, x: Wire, n_bits: int) -> list[Wire]:
    """Statement: the n_bits results are boolean and x = Σ 2^i · bits[i], so x < 2^n_bits.

    Preconditions: none; 2^n_bits must not exceed the modulus (253 bits over BN254), or a second
    decomposition of x + modulus would exist: for whole field elements there is
    `below_constant.to_bits_canonical`.
    A cheating prover could claim other bits: booleanity leaves integers below the modulus, and
    the sum leaves one of them.
    Cost: n_bits + 1 constraints.
    """
    with b.scope("to_bits"):
        return decomposed(b, x, n_bits)


def decomposed(b: Builder, x: Wire, n_bits: int) -> list[Wire]:
    """`to_bits` in the scope of the caller."""
    if not 0 < n_bits < b.modulus.bit_length():
        limit = b.modulus.bit_length() - 1
        raise CircuitError(f"n_bits = {n_bits} is not in [1, {limit}]")
    bits = b.bits_hint(b.wire(x), n_bits)
    for bit in bits:
        b.assert_boolean(bit)
    b.assert_equal(from_bits(b, bits), x)
    return bits
