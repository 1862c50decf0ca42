"""Baby Jubjub: the twisted Edwards curve 168700 x² + y² = 1 + 168696 x² y² over the BN254 scalar
field (ERC-2494). Order 8 l; BASE8 generates the subgroup of prime order l.

The curve is complete (a is a square, d is not), so the addition law has no exceptions.
"""

from __future__ import annotations

from native.constants import FR_MODULUS
from native.errors import MalformedError
from native.reference.square_root import square_root

Point = tuple[int, int]

A = 168700
D = 168696
BABYJUB_COFACTOR = 8
BABYJUB_SUBORDER = 2736030358979909402780800718157159386076813972158567259200215660948447373041
BABYJUB_BASE8: Point = (
    5299619240641551281634865583518297030282874472190772894086521144482721001553,
    16950150798460657717958625567821834550301663161624707787222815936182638968203,
)
IDENTITY: Point = (0, 1)

_SIGN_BIT = 1 << 255


def babyjub_add(p: Point, q: Point) -> Point:
    """p + q, for any two points of the curve."""
    (x1, y1), (x2, y2) = p, q
    k = D * x1 * x2 * y1 * y2
    x = (x1 * y2 + y1 * x2) * pow(1 + k, -1, FR_MODULUS)
    y = (y1 * y2 - A * x1 * x2) * pow(1 - k, -1, FR_MODULUS)
    return x % FR_MODULUS, y % FR_MODULUS


def babyjub_mul(p: Point, k: int) -> Point:
    """k p for k >= 0, by doubling and adding."""
    if k < 0:
        raise ValueError(f"the scalar {k} is negative")
    total = IDENTITY
    for bit in f"{k:b}":
        total = babyjub_add(total, total)
        if bit == "1":
            total = babyjub_add(total, p)
    return total


def babyjub_is_on_curve(p: Point) -> bool:
    """Whether both coordinates are canonical and satisfy the equation."""
    x, y = p
    if not (0 <= x < FR_MODULUS and 0 <= y < FR_MODULUS):
        return False
    return (A * x * x + y * y - 1 - D * x * x * y * y) % FR_MODULUS == 0


def babyjub_in_subgroup(p: Point) -> bool:
    """Whether p is a curve point whose order divides the prime l (the identity included)."""
    return babyjub_is_on_curve(p) and babyjub_mul(p, BABYJUB_SUBORDER) == IDENTITY


def babyjub_has_low_order(p: Point) -> bool:
    """Whether the curve point p is one of the eight points of order 1, 2, 4 or 8."""
    return babyjub_mul(p, BABYJUB_COFACTOR) == IDENTITY


def babyjub_pack(p: Point) -> bytes:
    """32 bytes: y little-endian, and bit 255 set when x > (r-1)/2."""
    x, y = p
    sign = _SIGN_BIT if x > FR_MODULUS // 2 else 0
    return (y | sign).to_bytes(32, "little")


def babyjub_unpack(packed: bytes) -> Point:
    """The only curve point that packs to these 32 bytes; MalformedError when there is none."""
    if len(packed) != 32:
        raise _malformed(f"{len(packed)} bytes where 32 are needed")
    word = int.from_bytes(packed, "little")
    y = word & (_SIGN_BIT - 1)
    if y >= FR_MODULUS:
        raise _malformed(f"y = {y} is not below the field modulus")
    # a x² + y² = 1 + d x² y²  ⇔  x² (a - d y²) = 1 - y², and a - d y² ≠ 0 since a/d is no square
    root = square_root((1 - y * y) * pow(A - D * y * y, -1, FR_MODULUS) % FR_MODULUS)
    if root is None:
        raise _malformed(f"no point of the curve has y = {y}")
    if not word & _SIGN_BIT:
        return root, y
    if root == 0:
        raise _malformed("the sign bit is set for x = 0")
    return FR_MODULUS - root, y


def _malformed(reason: str) -> MalformedError:
    return MalformedError("Baby Jubjub point", "packed bytes", reason)
