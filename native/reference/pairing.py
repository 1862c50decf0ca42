"""The optimal ate pairing (Vercauteren, 2010) in one field, Fp12 = Fp[w]/(w¹² - 18w⁶ + 82).

Points of the twist are carried to y² = x³ + 3 over Fp12 by (x, y) -> (x w², y w³), u = w⁶ - 9.
Every step is the affine textbook rule; the final exponent is exactly (q¹² - 1)/r.
"""

from __future__ import annotations

from collections.abc import Sequence

from native.constants import FP_MODULUS as Q
from native.constants import FR_MODULUS
from native.reference.curve import Fp2, G1Point, G2Point

Fp12 = tuple[int, ...]
Point12 = tuple[Fp12, Fp12]

CURVE_X = 4965661367192848881
ATE_LOOP = 6 * CURVE_X + 2
ONE: Fp12 = (1,) + (0,) * 11


def multiply(a: Fp12, b: Fp12) -> Fp12:
    """a·b, reduced by w¹² = 18w⁶ - 82."""
    product = [0] * 23
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            product[i + j] += x * y
    for k in range(22, 11, -1):
        product[k - 6] += 18 * product[k]
        product[k - 12] -= 82 * product[k]
    return tuple(c % Q for c in product[:12])


def subtract(a: Fp12, b: Fp12) -> Fp12:
    """a - b."""
    return tuple((x - y) % Q for x, y in zip(a, b, strict=True))


def scale(a: Fp12, factor: int) -> Fp12:
    """a·factor."""
    return tuple(x * factor % Q for x in a)


def power(a: Fp12, exponent: int) -> Fp12:
    """a^exponent by squaring."""
    result = ONE
    for bit in bin(exponent)[2:]:
        result = multiply(result, result)
        if bit == "1":
            result = multiply(result, a)
    return result


def inverse(a: Fp12) -> Fp12:
    """1/a = (Π of the other conjugates) / norm, the norm being in Fp."""
    others = ONE
    conjugate = a
    for _ in range(11):
        conjugate = frobenius(conjugate)
        others = multiply(others, conjugate)
    return scale(others, pow(multiply(a, others)[0], -1, Q))


# w^q for the Frobenius map: w^(q k) for k = 0..11 (filled at first use)
_frobenius_powers: list[Fp12] = []


def frobenius(a: Fp12) -> Fp12:
    """a^q."""
    if not _frobenius_powers:
        w = (0, 1) + (0,) * 10
        step, value = power(w, Q), ONE
        for _ in range(12):
            _frobenius_powers.append(value)
            value = multiply(value, step)
    total: Fp12 = (0,) * 12
    for coefficient, image in zip(a, _frobenius_powers, strict=True):
        total = tuple((x + coefficient * y) % Q for x, y in zip(total, image, strict=True))
    return total


def _times_w(a: Fp2, k: int) -> Fp12:
    """(a0 + a1 u) w^k."""
    coefficients = [0] * 12
    coefficients[k], coefficients[k + 6] = (a[0] - 9 * a[1]) % Q, a[1]
    return tuple(coefficients)


def _untwist(p: tuple[Fp2, Fp2]) -> Point12:
    return _times_w(p[0], 2), _times_w(p[1], 3)


def _line_and_sum(p: Point12, q: Point12, at: tuple[int, int]) -> tuple[Fp12, Point12]:
    """The line through p and q (the tangent when equal) at a point of G1, and p + q."""
    (x1, y1), (x2, y2) = p, q
    if p == q:
        slope = multiply(scale(multiply(x1, x1), 3), inverse(scale(y1, 2)))
    else:
        slope = multiply(subtract(y2, y1), inverse(subtract(x2, x1)))
    x3 = subtract(subtract(multiply(slope, slope), x1), x2)
    y3 = subtract(multiply(slope, subtract(x1, x3)), y1)
    line = subtract(
        multiply(slope, subtract(scale(ONE, at[0]), x1)), subtract(scale(ONE, at[1]), y1)
    )
    return line, (x3, y3)


def miller(p: G1Point, q: G2Point) -> Fp12:
    """The Miller function of 6x + 2 with the two Frobenius lines; 1 at infinity."""
    if p is None or q is None:
        return ONE
    base = _untwist(q)
    t, f = base, ONE
    for bit in bin(ATE_LOOP)[3:]:
        line, t = _line_and_sum(t, t, p)
        f = multiply(multiply(f, f), line)
        if bit == "1":
            line, t = _line_and_sum(t, base, p)
            f = multiply(f, line)
    image = frobenius(base[0]), frobenius(base[1])
    line, t = _line_and_sum(t, image, p)
    f = multiply(f, line)
    second = frobenius(image[0]), subtract((0,) * 12, frobenius(image[1]))
    line, t = _line_and_sum(t, second, p)
    return multiply(f, line)


def final_exponentiation(f: Fp12) -> Fp12:
    """f^((q¹² - 1)/r), the first two factors q⁶ - 1 and q² + 1 through the Frobenius."""
    conjugate = f
    for _ in range(6):
        conjugate = frobenius(conjugate)
    f = multiply(conjugate, inverse(f))
    f = multiply(frobenius(frobenius(f)), f)
    return power(f, (Q**4 - Q**2 + 1) // FR_MODULUS)


def pairing(p: G1Point, q: G2Point) -> list[int]:
    """e(p, q) as coefficients of 1, w, …, w¹¹."""
    return list(final_exponentiation(miller(p, q)))


def pairing_check(g1: Sequence[G1Point], g2: Sequence[G2Point]) -> bool:
    """Whether Π e(g1[i], g2[i]) = 1."""
    product = ONE
    for p, q in zip(g1, g2, strict=True):
        product = multiply(product, miller(p, q))
    return final_exponentiation(product) == ONE
