"""Prime fields on plain integers: vectors are lists, elements are in [0, modulus)."""

from __future__ import annotations

from collections.abc import Sequence

from native.constants import FP_MODULUS, FR_MODULUS


def inverse_batch(values: Sequence[int], modulus: int) -> list[int]:
    """1/v for every value with a single inversion (Montgomery's trick); 0 gives 0.

    With p_i the product of the non-zero values before i and q the inverse of the product up to and
    including i: 1/v_i = p_i q, and q v_i is the next q on the way down.
    """
    prefixes, product = [], 1
    for value in values:
        prefixes.append(product)
        product = product * value % modulus if value else product
    tail, inverses = pow(product, -1, modulus), [0] * len(values)
    for i in reversed(range(len(values))):
        if values[i]:
            inverses[i] = prefixes[i] * tail % modulus
            tail = tail * values[i] % modulus
    return inverses


def first_noncanonical(raw: Sequence[int], modulus: int) -> int:
    """Index of the first value outside [0, modulus), -1 if there is none."""
    return next((i for i, value in enumerate(raw) if not 0 <= value < modulus), -1)


def to_montgomery(value: int, modulus: int) -> int:
    """value · 2^256."""
    return (value << 256) % modulus


def from_montgomery(value: int, modulus: int) -> int:
    """value / 2^256."""
    return value * pow(1 << 256, -1, modulus) % modulus


def fr_add(a: Sequence[int], b: Sequence[int]) -> list[int]:
    """Elementwise sum."""
    return [(x + y) % FR_MODULUS for x, y in zip(a, b, strict=True)]


def fr_sub(a: Sequence[int], b: Sequence[int]) -> list[int]:
    """Elementwise difference."""
    return [(x - y) % FR_MODULUS for x, y in zip(a, b, strict=True)]


def fr_mul(a: Sequence[int], b: Sequence[int]) -> list[int]:
    """Elementwise product."""
    return [x * y % FR_MODULUS for x, y in zip(a, b, strict=True)]


def fr_neg(a: Sequence[int]) -> list[int]:
    """Elementwise negation."""
    return [-x % FR_MODULUS for x in a]


def fr_inverse(a: Sequence[int]) -> list[int]:
    """Elementwise inverse, 0 to 0."""
    return [pow(x, -1, FR_MODULUS) if x else 0 for x in a]


def fr_powers(base: int, n: int) -> list[int]:
    """1, base, base², … (n values)."""
    return [pow(base, i, FR_MODULUS) for i in range(n)]


def fr_dot(a: Sequence[int], b: Sequence[int]) -> int:
    """Σ a[i]·b[i]."""
    return sum(fr_mul(a, b)) % FR_MODULUS


def fr_first_noncanonical(raw: Sequence[int]) -> int:
    """Index of the first value >= r, -1 if none."""
    return first_noncanonical(raw, FR_MODULUS)


def fp_first_noncanonical(raw: Sequence[int]) -> int:
    """Index of the first value >= q, -1 if none."""
    return first_noncanonical(raw, FP_MODULUS)
