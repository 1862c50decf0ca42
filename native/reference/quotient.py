"""The quotient of a Groth16 proof, before the division by the vanishing polynomial."""

from __future__ import annotations

from collections.abc import Sequence

from native.constants import FR_MODULUS
from native.reference.ntt import ntt_inverse, ntt_odd_coset


def quotient(a: Sequence[int], b: Sequence[int]) -> list[int]:
    """a·b − c on the odd coset, c interpolating over the domain the products of a and b there."""
    c = [x * y % FR_MODULUS for x, y in zip(a, b, strict=True)]
    on_coset = [ntt_odd_coset(ntt_inverse(list(values))) for values in (a, b, c)]
    return [(x * y - z) % FR_MODULUS for x, y, z in zip(*on_coset, strict=True)]
