"""Fp12 as snarkjs writes it: only for the member `vk_alphabeta_12` of a verification key.

Our pairings are given over 1, w, …, w¹¹ with w¹² − 18w⁶ + 82 = 0. snarkjs uses the tower
Fp2 (u² = −1), Fp6 (v³ = 9 + u), Fp12 (w² = v), so v = w² and u = w⁶ − 9, and a final exponentiation
that is the power 2x(6x² + 3x + 1) of ours, x being the BN parameter.
"""

from __future__ import annotations

from collections.abc import Sequence

from native.constants import FP_MODULUS

BN_X = 4965661367192848881
SNARKJS_POWER = 2 * BN_X * (6 * BN_X**2 + 3 * BN_X + 1)
Fp12 = list[int]


def fp12_mul(a: Sequence[int], b: Sequence[int]) -> Fp12:
    """a·b modulo w¹² − 18w⁶ + 82."""
    product = [0] * 23
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            product[i + j] += x * y
    for k in range(22, 11, -1):
        product[k - 6] += 18 * product[k]
        product[k - 12] -= 82 * product[k]
    return [value % FP_MODULUS for value in product[:12]]


def fp12_power(base: Sequence[int], exponent: int) -> Fp12:
    """base^exponent by square and multiply."""
    result = [1] + [0] * 11
    for bit in bin(exponent)[2:]:
        result = fp12_mul(result, result)
        if bit == "1":
            result = fp12_mul(result, base)
    return result


def to_tower(a: Sequence[int]) -> list[list[list[int]]]:
    """Coefficients [w^i][v^j][u^k]: (c0 + c1·u)·w^k is (c0 − 9c1)·w^k + c1·w^(k+6)."""
    return [
        [[(a[k] + 9 * a[k + 6]) % FP_MODULUS, a[k + 6]] for k in (i, i + 2, i + 4)] for i in (0, 1)
    ]


def snarkjs_pairing(pairing: Sequence[int]) -> list[list[list[int]]]:
    """Our pairing value as snarkjs would write it."""
    return to_tower(fp12_power(pairing, SNARKJS_POWER))
