"""Ranges of integers inside the field."""

from __future__ import annotations

from circuits.frontend import Builder, Wire
from circuits.gadgets.bits import decomposed


def assert_in_range(b: Builder, x: Wire, n_bits: int) -> None:
    """Statement: 0 ≤ x < 2^n_bits.

    Preconditions: none; n_bits at most 253 over BN254.
    A cheating prover: see `to_bits`; a value at or above 2^n_bits has no such bits.
    Cost: n_bits + 1 constraints.
    """
    with b.scope("assert_in_range"):
        decomposed(b, x, n_bits)
