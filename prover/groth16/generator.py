"""The deterministic generator of snarkjs ceremonies: ChaCha20, and points drawn from it.

A challenge hash becomes a G2 point that nobody knows the logarithm of, by drawing x coordinates
until one lies on the curve. Facts of the format, found by comparing with the npm tool:

* the key is the first 32 bytes of the hash, read as big-endian words; counter and nonce are zero;
* a field element is drawn as four u64, least significant first, each with its high word drawn
  first; it is cut to 254 bits, drawn again while not below the modulus, and the result is taken
  as the element's *Montgomery* form;
* after x one word is drawn, whose lowest bit selects the larger (1) or the smaller (0) root y;
* a G2 point is multiplied by the cofactor of the twist.
"""

from __future__ import annotations

import hashlib

from native.constants import FP_MODULUS, FR_MODULUS
from verifier.points import TWIST_B, Fp2, G1Point, G2Point, fp2_mul, g2_multiply

Q = FP_MODULUS
TWIST_COFACTOR = 2 * FP_MODULUS - FR_MODULUS
_MASK = 0xFFFFFFFF
_COLUMNS = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15))
_DIAGONALS = ((0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))
_CONSTANTS = [int.from_bytes(b"expand 32-byte k"[i : i + 4], "little") for i in (0, 4, 8, 12)]


def chacha20_block(key: list[int], counter: int) -> list[int]:
    """One block of sixteen words (RFC 8439's function, with a 128-bit counter and no nonce)."""
    start = _CONSTANTS + key + [(counter >> (32 * i)) & _MASK for i in range(4)]
    state = list(start)
    for _ in range(10):
        for lanes in (*_COLUMNS, *_DIAGONALS):
            _quarter_round(state, *lanes)
    return [(x + y) & _MASK for x, y in zip(state, start, strict=True)]


def _quarter_round(state: list[int], a: int, b: int, c: int, d: int) -> None:
    for target, source, mixed, distance in (
        (a, b, d, 16),
        (c, d, b, 12),
        (a, b, d, 8),
        (c, d, b, 7),
    ):
        state[target] = (state[target] + state[source]) & _MASK
        word = state[mixed] ^ state[target]
        state[mixed] = ((word << distance) | (word >> (32 - distance))) & _MASK


class Generator:
    """An endless stream of words, field elements and points from a 32-byte seed."""

    def __init__(self, seed: bytes) -> None:
        self._key = [int.from_bytes(seed[i : i + 4], "big") for i in range(0, 32, 4)]
        self._counter = 0
        self._words: list[int] = []

    def word(self) -> int:
        """The next 32 bits."""
        if not self._words:
            self._words = chacha20_block(self._key, self._counter)[::-1]
            self._counter += 1
        return self._words.pop()

    def element(self, modulus: int) -> int:
        """The next field element, out of Montgomery form."""
        while True:
            value = sum((self.word() << 32 | self.word()) << (64 * i) for i in range(4))
            value &= (1 << modulus.bit_length()) - 1
            if value < modulus:
                return value * pow(1 << 256, -1, modulus) % modulus

    def g1(self) -> G1Point:
        """The next G1 point."""
        while True:
            x = self.element(Q)
            larger = self.word() & 1
            y = fp_sqrt((x * x * x + 3) % Q)
            if y is not None:
                return x, y if (y > Q // 2) == bool(larger) else Q - y

    def g2(self) -> G2Point:
        """The next point of the subgroup G2."""
        while True:
            x = (self.element(Q), self.element(Q))
            larger = self.word() & 1
            cube = fp2_mul(fp2_mul(x, x), x)
            y = fp2_sqrt(((cube[0] + TWIST_B[0]) % Q, (cube[1] + TWIST_B[1]) % Q))
            if y is None:
                continue
            if _is_larger(y) != bool(larger):
                y = (-y[0] % Q, -y[1] % Q)
            point = g2_multiply((x, y), TWIST_COFACTOR)
            assert point is not None, "a random point of small order"
            return point


def beacon_generator(beacon_hash: bytes, log_iterations: int) -> Generator:
    """The generator of a public beacon: its hash, iterated 2^log_iterations times."""
    for _ in range(1 << log_iterations):
        beacon_hash = hashlib.sha256(beacon_hash).digest()
    return Generator(beacon_hash)


def fp_sqrt(a: int) -> int | None:
    """A square root modulo q (q ≡ 3 mod 4), or None."""
    root = pow(a, (Q + 1) // 4, Q)
    return root if root * root % Q == a else None


def fp2_sqrt(a: Fp2) -> Fp2 | None:
    """A square root in Fp2, or None: with n² = norm(a), real part² = (a₀ ± n)/2."""
    if a[1] == 0:
        real = fp_sqrt(a[0])
        imaginary = fp_sqrt(-a[0] % Q)
        return (real, 0) if real is not None else (0, imaginary or 0)
    norm = fp_sqrt((a[0] * a[0] + a[1] * a[1]) % Q)
    if norm is None:
        return None
    half = (Q + 1) // 2
    root = fp_sqrt((a[0] + norm) * half % Q)
    if root is None:
        root = fp_sqrt((a[0] - norm) * half % Q)
    if root is None:
        return None
    return root, a[1] * pow(2 * root, -1, Q) % Q


def _is_larger(y: Fp2) -> bool:
    return (y[1] or y[0]) > Q // 2
