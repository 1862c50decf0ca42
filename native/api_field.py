"""Vectors over Fr (scalars) and Fp (coordinates) as numpy arrays.

A vector is uint64 of shape (n, 4), Montgomery form, fully reduced, unless a name says canonical.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from native.binding import Words, call, empty, one_row, rows, same_length
from native.constants import FP_MODULUS, FR_MODULUS

__all__ = [
    "canonical_from_ints",
    "canonical_to_ints",
    "fp_first_noncanonical",
    "fp_from_ints",
    "fp_from_montgomery",
    "fp_to_ints",
    "fp_to_montgomery",
    "fr_add",
    "fr_dot",
    "fr_first_noncanonical",
    "fr_from_ints",
    "fr_from_montgomery",
    "fr_inverse",
    "fr_mul",
    "fr_neg",
    "fr_power",
    "fr_powers",
    "fr_sub",
    "fr_to_ints",
    "fr_to_montgomery",
]

_MASK = (1 << 256) - 1


def canonical_from_ints(values: Iterable[int]) -> Words:
    """(n, 4) plain limbs of non-negative integers below 2^256."""
    data = bytearray()
    for value in values:
        if not 0 <= value <= _MASK:
            raise ValueError(f"{value} is not in [0, 2^256)")
        data += value.to_bytes(32, "little")
    return np.frombuffer(bytes(data), dtype="<u8").astype(np.uint64).reshape(-1, 4)


def canonical_to_ints(array: Words) -> list[int]:
    """The integers whose plain limbs are the rows of the array."""
    data = rows(array, 4, "array").astype("<u8").tobytes()
    return [int.from_bytes(data[i : i + 32], "little") for i in range(0, len(data), 32)]


def _map(operation: str, array: Words) -> Words:
    a = rows(array, 4, operation)
    out = empty(len(a), 4)
    call(operation, out, a, len(a))
    return out


def _elementwise(operation: str, left: Words, right: Words) -> Words:
    a, b = rows(left, 4, f"{operation} left"), rows(right, 4, f"{operation} right")
    if len(a) != len(b) and 1 not in (len(a), len(b)):
        raise ValueError(f"{operation}: lengths {len(a)} and {len(b)} neither equal nor 1")
    out = empty(0 if 0 in (len(a), len(b)) else max(len(a), len(b)), 4)
    call(operation, out, a, len(a), b, len(b))
    return out


def _first_noncanonical(operation: str, raw: Words) -> int:
    a = rows(raw, 4, operation)
    index = np.empty(1, dtype=np.int64)
    call(operation, index, a, len(a))
    return int(index[0])


def fr_from_ints(values: Iterable[int]) -> Words:
    """Fr elements from integers of any size and sign, reduced mod r."""
    return fr_to_montgomery(canonical_from_ints(v % FR_MODULUS for v in values))


def fr_to_ints(array: Words) -> list[int]:
    """The canonical integers of Fr elements."""
    return canonical_to_ints(fr_from_montgomery(array))


def fr_to_montgomery(canonical: Words) -> Words:
    """Canonical (below r) to Montgomery form."""
    return _map("fr_to_montgomery", canonical)


def fr_from_montgomery(array: Words) -> Words:
    """Montgomery form to canonical."""
    return _map("fr_from_montgomery", array)


def fr_first_noncanonical(raw: Words) -> int:
    """Index of the first row that is >= r as an integer, -1 if none is."""
    return _first_noncanonical("fr_first_noncanonical", raw)


def fr_add(left: Words, right: Words) -> Words:
    """Elementwise sum; a (1, 4) operand is broadcast."""
    return _elementwise("fr_add", left, right)


def fr_sub(left: Words, right: Words) -> Words:
    """Elementwise difference; a (1, 4) operand is broadcast."""
    return _elementwise("fr_sub", left, right)


def fr_mul(left: Words, right: Words) -> Words:
    """Elementwise product; a (1, 4) operand is broadcast."""
    return _elementwise("fr_mul", left, right)


def fr_neg(array: Words) -> Words:
    """Elementwise negation."""
    return _map("fr_neg", array)


def fr_inverse(array: Words) -> Words:
    """Elementwise inverse with one field inversion in all; 0 gives 0."""
    return _map("fr_inverse", array)


def fr_power(array: Words, exponent: int) -> Words:
    """Elementwise power by exponent - 1 >= 0 products in registers: for measuring a product."""
    a = rows(array, 4, "fr_power")
    if exponent < 1:
        raise ValueError(f"the exponent {exponent} is not positive")
    out = empty(len(a), 4)
    call("fr_power", out, a, len(a), exponent)
    return out


def fr_powers(base: Words, n: int) -> Words:
    """1, base, base², … (n rows)."""
    if n < 0:
        raise ValueError(f"n = {n} is negative")
    out = empty(n, 4)
    call("fr_powers", out, n, one_row(base, 4, "base"))
    return out


def fr_dot(left: Words, right: Words) -> Words:
    """Σ left[i]·right[i], shape (4,)."""
    a, b = rows(left, 4, "left"), rows(right, 4, "right")
    out = empty(1, 4)
    call("fr_dot", out, a, b, same_length(a, b, "fr_dot"))
    return out.reshape(4)


def fp_from_ints(values: Iterable[int]) -> Words:
    """Fp elements from integers of any size and sign, reduced mod q."""
    return fp_to_montgomery(canonical_from_ints(v % FP_MODULUS for v in values))


def fp_to_ints(array: Words) -> list[int]:
    """The canonical integers of Fp elements."""
    return canonical_to_ints(fp_from_montgomery(array))


def fp_to_montgomery(canonical: Words) -> Words:
    """Canonical (below q) to Montgomery form."""
    return _map("fp_to_montgomery", canonical)


def fp_from_montgomery(array: Words) -> Words:
    """Montgomery form to canonical."""
    return _map("fp_from_montgomery", array)


def fp_first_noncanonical(raw: Words) -> int:
    """Index of the first row that is >= q as an integer, -1 if none is."""
    return _first_noncanonical("fp_first_noncanonical", raw)
