"""The transforms by their definition: evaluation of a polynomial at powers of a root of unity."""

from __future__ import annotations

from collections.abc import Sequence

from native.constants import FR_MODULUS, fr_root_of_unity


def evaluate(coefficients: Sequence[int], point: int, modulus: int) -> int:
    """Horner's rule."""
    value = 0
    for coefficient in reversed(coefficients):
        value = (value * point + coefficient) % modulus
    return value


def transform(coefficients: Sequence[int], root: int, modulus: int) -> list[int]:
    """Values at root^0, root^1, …, root^(n-1)."""
    return [
        evaluate(coefficients, pow(root, i, modulus), modulus) for i in range(len(coefficients))
    ]


def inverse_transform(values: Sequence[int], root: int, modulus: int) -> list[int]:
    """Coefficients from values at the n powers of a primitive n-th root."""
    scale = pow(len(values), -1, modulus)
    unscaled = transform(values, pow(root, -1, modulus), modulus)
    return [value * scale % modulus for value in unscaled]


def _log2(n: int) -> int:
    if n == 0 or n & (n - 1):
        raise ValueError(f"length {n} is not a power of two")
    return n.bit_length() - 1


def ntt(coefficients: Sequence[int]) -> list[int]:
    """Values at 1, w, w², …"""
    return transform(coefficients, fr_root_of_unity(_log2(len(coefficients))), FR_MODULUS)


def ntt_inverse(values: Sequence[int]) -> list[int]:
    """Coefficients from values at 1, w, w², …"""
    return inverse_transform(values, fr_root_of_unity(_log2(len(values))), FR_MODULUS)


def _shifted(coefficients: Sequence[int], shift: int) -> list[int]:
    """The coefficients of p(shift·X)."""
    return [c * pow(shift, i, FR_MODULUS) % FR_MODULUS for i, c in enumerate(coefficients)]


def ntt_odd_coset(coefficients: Sequence[int]) -> list[int]:
    """Values at w, w³, w⁵, … where w is the root of unity of twice the length."""
    return ntt(_shifted(coefficients, fr_root_of_unity(_log2(len(coefficients)) + 1)))


def ntt_odd_coset_inverse(values: Sequence[int]) -> list[int]:
    """Coefficients from values at w, w³, w⁵, …"""
    shift = fr_root_of_unity(_log2(len(values)) + 1)
    return _shifted(ntt_inverse(values), pow(shift, -1, FR_MODULUS))
