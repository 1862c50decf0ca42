"""Square roots in the BN254 scalar field (Tonelli and Shanks; r - 1 = 2^28 · odd)."""

from __future__ import annotations

from native.constants import FR_MODULUS, FR_TWO_ADICITY, fr_root_of_unity

_ODD = (FR_MODULUS - 1) >> FR_TWO_ADICITY


def square_root(a: int) -> int | None:
    """The square root of `a` that is at most (r-1)/2, or None when there is none."""
    a %= FR_MODULUS
    if pow(a, (FR_MODULUS - 1) // 2, FR_MODULUS) == FR_MODULUS - 1:
        return None
    # Invariant: root² = a · error, and error lies in the subgroup of order 2^28.
    root = pow(a, (_ODD + 1) // 2, FR_MODULUS)
    error = pow(a, _ODD, FR_MODULUS)
    for k in range(FR_TWO_ADICITY - 1, 0, -1):
        # Here error has order dividing 2^k; clear its top bit if it is there.
        if pow(error, 1 << (k - 1), FR_MODULUS) == FR_MODULUS - 1:
            correction = fr_root_of_unity(k + 1)
            root = root * correction % FR_MODULUS
            error = error * correction * correction % FR_MODULUS
    return min(root, FR_MODULUS - root) if root else 0
