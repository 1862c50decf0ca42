"""Points of BN254 as plain integers, and what makes one acceptable.

G1: y² = x³ + 3 over Fp, of prime order r. G2: y² = x³ + 3/(9+u) over Fp2 = Fp[u]/(u²+1), where only
a subgroup has order r, so membership has to be checked beside the equation. No tuple stands for
infinity: an honest proof or key never holds it.
"""

from __future__ import annotations

from native import api
from native.constants import FP_MODULUS

Fp2 = tuple[int, int]
G1Point = tuple[int, int]
G2Point = tuple[Fp2, Fp2]

Q = FP_MODULUS
G1_GENERATOR: G1Point = (1, 2)
G2_GENERATOR: G2Point = (
    (
        10857046999023057135944570762232829481370756359578518086990519993285655852781,
        11559732032986387107991004021392285783925812861821192530917403151452391805634,
    ),
    (
        8495653923123431417604973247489272438418190587263600148770280649306958101930,
        4082367875863433681332203403145435568316851327593401208105741076214120093531,
    ),
)


def fp2_mul(a: Fp2, b: Fp2) -> Fp2:
    """a·b in Fp[u]/(u²+1)."""
    return (a[0] * b[0] - a[1] * b[1]) % Q, (a[0] * b[1] + a[1] * b[0]) % Q


def _twist_b() -> Fp2:
    inverse = pow(82, -1, Q)  # 1/(9+u) = (9-u)/82
    return 27 * inverse % Q, -3 * inverse % Q


TWIST_B = _twist_b()


def g1_problem(point: G1Point) -> str | None:
    """Why the point is no affine member of G1, or None."""
    x, y = point
    if not (0 <= x < Q and 0 <= y < Q):
        return "coordinate not below the field modulus"
    if point == (0, 0):
        return "point at infinity"
    return None if (y * y - x * x * x - 3) % Q == 0 else "point not on the curve"


def g2_problem(point: G2Point) -> str | None:
    """Why the point is no affine member of the order-r subgroup G2, or None."""
    x, y = point
    if not all(0 <= part < Q for part in (*x, *y)):
        return "coordinate not below the field modulus"
    if point == ((0, 0), (0, 0)):
        return "point at infinity"
    cube = fp2_mul(fp2_mul(x, x), x)
    square = fp2_mul(y, y)
    if any((square[i] - cube[i] - TWIST_B[i]) % Q for i in range(2)):
        return "point not on the curve"
    row = api.g2_from_ints(point).reshape(1, 16)
    outside = api.g2_first_outside_subgroup(row, threads=1) >= 0
    return "point outside the subgroup of order r" if outside else None


def g1_neg(point: G1Point) -> G1Point:
    """The point mirrored at the x axis."""
    return point[0], -point[1] % Q


def g2_multiply(point: G2Point, scalar: int) -> G2Point | None:
    """scalar·P for any point of the twist, in the subgroup or not; None for infinity.

    Double-and-add in Jacobian coordinates on plain integers: a few milliseconds.
    """
    x, y, z = _multiply(point, scalar)
    if z == (0, 0):
        return None
    norm = pow(z[0] * z[0] + z[1] * z[1], -1, Q)
    inverse = (z[0] * norm % Q, -z[1] * norm % Q)
    squared = fp2_mul(inverse, inverse)
    return fp2_mul(x, squared), fp2_mul(y, fp2_mul(squared, inverse))


Jacobian = tuple[Fp2, Fp2, Fp2]
_INFINITY: Jacobian = ((1, 0), (1, 0), (0, 0))


def _multiply(point: G2Point, scalar: int) -> Jacobian:
    result: Jacobian = _INFINITY
    for bit in bin(scalar)[2:]:
        result = _double(result)
        if bit == "1":
            result = _add_affine(result, point)
    return result


def _sub(a: Fp2, b: Fp2) -> Fp2:
    return (a[0] - b[0]) % Q, (a[1] - b[1]) % Q


def _scale(a: Fp2, k: int) -> Fp2:
    return a[0] * k % Q, a[1] * k % Q


def _double(p: Jacobian) -> Jacobian:
    x, y, z = p
    y_squared = fp2_mul(y, y)
    s = _scale(fp2_mul(x, y_squared), 4)
    m = _scale(fp2_mul(x, x), 3)
    x3 = _sub(fp2_mul(m, m), _scale(s, 2))
    y3 = _sub(fp2_mul(m, _sub(s, x3)), _scale(fp2_mul(y_squared, y_squared), 8))
    return x3, y3, _scale(fp2_mul(y, z), 2)


def _add_affine(p: Jacobian, affine: G2Point) -> Jacobian:
    x, y, z = p
    if z == (0, 0):
        return affine[0], affine[1], (1, 0)
    z_squared = fp2_mul(z, z)
    h = _sub(fp2_mul(affine[0], z_squared), x)
    slope = _sub(fp2_mul(affine[1], fp2_mul(z_squared, z)), y)
    if h == (0, 0):
        return _double(p) if slope == (0, 0) else _INFINITY
    h_squared = fp2_mul(h, h)
    h_cubed = fp2_mul(h, h_squared)
    v = fp2_mul(x, h_squared)
    x3 = _sub(_sub(fp2_mul(slope, slope), h_cubed), _scale(v, 2))
    y3 = _sub(fp2_mul(slope, _sub(v, x3)), fp2_mul(y, h_cubed))
    return x3, y3, fp2_mul(z, h)
