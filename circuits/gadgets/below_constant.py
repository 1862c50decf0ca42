"""Bits of a value that is smaller than a constant: the one decomposition, and no other.

The bits are compared with those of bound - 1 from the top, run by run of equal bits. `tied` says
that all bits so far equal the constant's:

    a run of ones   tied' = tied and every bit of the run is one
    a run of zeros  while tied, every bit of the run must be zero

A value with a one where the constant, still tied, has a zero would be larger: exactly that is
forbidden. The second rule costs nothing, as a (1 - tied - a) = 0 takes the place of a's boolean
constraint: tied = 0 leaves a in {0, 1}, and tied = 1 leaves a = 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import groupby

from circuits.frontend import Builder, Wire, template
from circuits.gadgets.bits import from_bits
from circuits.gadgets.is_zero import is_zero


def to_bits_below(b: Builder, x: Wire, *, bound: int) -> list[Wire]:
    """The bits of x, least significant first, as many as bound - 1 has.

    Statement: x < bound, and these are its bits. No preconditions; 2 <= bound <= the modulus.
    Cheating: the bits are hints. Other booleans that sum to x as field elements sum to
    x + k modulus as integers, which the comparison forbids for k > 0.
    Cost: a constraint a bit, one for the sum, and up to three for each run of ones in bound - 1:
    360 for the Baby Jubjub subgroup order, 344 for the field modulus.
    """
    if not 2 <= bound <= b.modulus:
        raise ValueError(f"bound {bound} is not in [2, modulus]")
    return _to_bits_below(b, x, bound=bound)


def to_bits_canonical(b: Builder, x: Wire) -> list[Wire]:
    """The bits of the one representative of x below the modulus. Cost over BN254: 344."""
    return to_bits_below(b, x, bound=b.modulus)


@template
def _to_bits_below(b: Builder, x: Wire, *, bound: int) -> list[Wire]:
    bits = b.bits_hint(x, (bound - 1).bit_length())
    _assert_bits_at_most(b, bits, bound - 1)
    b.assert_equal(from_bits(b, bits), x)
    return bits


def _assert_bits_at_most(b: Builder, bits: Sequence[Wire], limit: int) -> None:
    """The bits are boolean and their number is at most `limit`, which has as many bits."""
    tied = b.constant(1)
    for is_one, positions in groupby(reversed(range(len(bits))), lambda i: bool(limit >> i & 1)):
        run = [bits[i] for i in positions]
        if is_one:
            for bit in run:
                b.assert_boolean(bit)
            tied = _all_true(b, run if tied.is_constant else [tied, *run])
        else:
            for bit in run:
                b.assert_product(bit, 1 - tied - bit, b.constant(0))


def _all_true(b: Builder, flags: list[Wire]) -> Wire:
    """The conjunction of boolean flags: a product each, or three constraints for a long run."""
    if len(flags) > 4:
        return is_zero(b, len(flags) - b.sum(flags))
    first, *others = flags
    return reduce(b.multiply, others, first)
