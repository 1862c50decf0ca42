"""Keccak-256 as Ethereum uses it: FIPS 202 section 3 with the padding of the original submission.

The round constants and rotations are drawn here from their definitions; the kernel holds them as
numbers.
"""

from __future__ import annotations

_MASK = (1 << 64) - 1
_ROUNDS = 24
_RATE_BYTES = 136


def _round_constants() -> list[int]:
    """FIPS 202, algorithms 5 and 6: a bit of x^t mod x^8 + x^6 + x^5 + x^4 + 1 at 2^j - 1."""
    bits, register = [], 1
    for _ in range(7 * _ROUNDS):
        bits.append(register & 1)
        register <<= 1
        register ^= 0x171 if register >> 8 else 0
    return [
        sum(bits[7 * number + j] << ((1 << j) - 1) for j in range(7)) for number in range(_ROUNDS)
    ]


def _rotations() -> list[int]:
    """FIPS 202, algorithm 2: the offset of the word at x + 5 y."""
    offsets, x, y = [0] * 25, 1, 0
    for t in range(24):
        offsets[x + 5 * y] = (t + 1) * (t + 2) // 2 % 64
        x, y = y, (2 * x + 3 * y) % 5
    return offsets


ROUND_CONSTANTS = _round_constants()
ROTATIONS = _rotations()


def _rotate(word: int, count: int) -> int:
    return (word << count | word >> (64 - count)) & _MASK


def _round(a: list[int], constant: int) -> list[int]:
    c = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
    d = [c[(x - 1) % 5] ^ _rotate(c[(x + 1) % 5], 1) for x in range(5)]
    b = [0] * 25
    for x in range(5):
        for y in range(5):
            moved = y + 5 * ((2 * x + 3 * y) % 5)
            b[moved] = _rotate(a[x + 5 * y] ^ d[x], ROTATIONS[x + 5 * y])
    out = [b[i] ^ (~b[i - i % 5 + (i + 1) % 5] & b[i - i % 5 + (i + 2) % 5]) for i in range(25)]
    out[0] ^= constant
    return out


def permute(state: list[int]) -> list[int]:
    """Keccak-f[1600] of 25 words of 64 bits, the word (x, y) at x + 5 y."""
    for constant in ROUND_CONSTANTS:
        state = _round(state, constant)
    return state


def keccak256(message: bytes) -> bytes:
    """The 32-byte digest."""
    padded = bytearray(message + b"\x01" + bytes(-(len(message) + 1) % _RATE_BYTES))
    padded[-1] |= 0x80
    state = [0] * 25
    for start in range(0, len(padded), _RATE_BYTES):
        for i in range(_RATE_BYTES // 8):
            state[i] ^= int.from_bytes(padded[start + 8 * i : start + 8 * i + 8], "little")
        state = permute(state)
    return b"".join(word.to_bytes(8, "little") for word in state[:4])
