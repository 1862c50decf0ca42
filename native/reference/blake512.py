"""BLAKE-512, the SHA-3 finalist of 2010 (sixteen rounds; not BLAKE2b).

Aumasson, Henzen, Meier, Phan: "SHA-3 proposal BLAKE", version 1.3, section 2.2; without salt.
"""

from __future__ import annotations

from collections.abc import Iterator

_MASK = (1 << 64) - 1
_BLOCK_BYTES = 128
_LENGTH_BYTES = 16
_ROUNDS = 16

# The initial value of SHA-512, and the first sixteen words of the fraction of pi.
IV = (
    0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
    0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179,
)  # fmt: skip
PI_WORDS = (
    0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89,
    0x452821E638D01377, 0xBE5466CF34E90C6C, 0xC0AC29B7C97C50DD, 0x3F84D5B5B5470917,
    0x9216D5D98979FB1B, 0xD1310BA698DFB5AC, 0x2FFD72DBD01ADFB7, 0xB8E1AFED6A267E96,
    0xBA7C9045F12C7F99, 0x24A19947B3916CF7, 0x0801F2E2858EFC16, 0x636920D871574E69,
)  # fmt: skip
PERMUTATIONS = tuple(
    tuple(int(digit, 16) for digit in row)
    for row in (
        "0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8",
        "905724afe1bc683d", "2c6a0b834d75fe19", "c51fed4a0763928b", "db7ec13950f4862a",
        "6fe9b308c2d714a5", "a2847615fb9e3cd0",
    )
)  # fmt: skip
_COLUMNS_THEN_DIAGONALS = (
    (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
    (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
)  # fmt: skip


def _rotate_right(word: int, count: int) -> int:
    return (word >> count | word << (64 - count)) & _MASK


def _mix(v: list[int], lanes: tuple[int, int, int, int], first: int, second: int) -> None:
    a, b, c, d = lanes
    v[a] = (v[a] + v[b] + first) & _MASK
    v[d] = _rotate_right(v[d] ^ v[a], 32)
    v[c] = (v[c] + v[d]) & _MASK
    v[b] = _rotate_right(v[b] ^ v[c], 25)
    v[a] = (v[a] + v[b] + second) & _MASK
    v[d] = _rotate_right(v[d] ^ v[a], 16)
    v[c] = (v[c] + v[d]) & _MASK
    v[b] = _rotate_right(v[b] ^ v[c], 11)


def _compress(chain: list[int], block: bytes, counter_bits: int) -> list[int]:
    m = [int.from_bytes(block[i : i + 8], "big") for i in range(0, _BLOCK_BYTES, 8)]
    low, high = counter_bits & _MASK, counter_bits >> 64
    counters = (0, 0, 0, 0, low, low, high, high)
    v = [*chain, *(word ^ t for word, t in zip(PI_WORDS[:8], counters, strict=True))]
    for r in range(_ROUNDS):
        order = PERMUTATIONS[r % len(PERMUTATIONS)]
        for i, lanes in enumerate(_COLUMNS_THEN_DIAGONALS):
            x, y = order[2 * i], order[2 * i + 1]
            _mix(v, lanes, m[x] ^ PI_WORDS[y], m[y] ^ PI_WORDS[x])
    return [word ^ v[i] ^ v[i + 8] for i, word in enumerate(chain)]


def _padded(message: bytes) -> bytes:
    """A one bit, zeros, a one bit, then the length in bits as 128 bits big-endian."""
    zeros = -(len(message) + 1 + _LENGTH_BYTES) % _BLOCK_BYTES
    padding = bytearray(b"\x80" + bytes(zeros))
    padding[-1] |= 1
    return message + bytes(padding) + (8 * len(message)).to_bytes(_LENGTH_BYTES, "big")


def _blocks(message: bytes) -> Iterator[tuple[bytes, int]]:
    """Each block with the number of message bits up to its end; 0 for a block of padding alone."""
    padded = _padded(message)
    for start in range(0, len(padded), _BLOCK_BYTES):
        counted = min(len(message), start + _BLOCK_BYTES) if start < len(message) else 0
        yield padded[start : start + _BLOCK_BYTES], 8 * counted


def blake512(message: bytes) -> bytes:
    """The 64-byte digest."""
    chain = list(IV)
    for block, counter_bits in _blocks(message):
        chain = _compress(chain, block, counter_bits)
    return b"".join(word.to_bytes(8, "big") for word in chain)
