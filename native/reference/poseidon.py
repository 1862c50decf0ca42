"""Poseidon over the BN254 scalar field with the iden3 parameters, derived and not copied.

Grassi, Khovratovich, Rechberger, Roy, Schofnegger: "Poseidon: A New Hash Function for
Zero-Knowledge Proof Systems" (USENIX Security 2021), appendices E and F: round constants and the
Cauchy matrix are drawn from a Grain LFSR seeded with the instance. S-box x^5, eight full rounds.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from itertools import compress, islice
from operator import mul
from typing import NamedTuple

from native.constants import FR_MODULUS

MIN_WIDTH, MAX_WIDTH = 2, 17
ROUNDS_FULL = 8
ROUNDS_PARTIAL = (56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68)  # of t = 2..17
FIELD_BITS = 254

_SEED_BITS = 80
_TAPS = (0, 13, 23, 38, 51, 62)  # b[i+80] is the sum of b[i+tap]
_LOOKAHEAD = _SEED_BITS - _TAPS[-1]  # so many bits depend on known ones only
_WARM_UP_BITS = 160


class Parameters(NamedTuple):
    """One instance. `C[r*t + i]` is added to word i before round r; then new = M · old."""

    C: list[int]
    M: list[list[int]]
    rounds_full: int
    rounds_partial: int


def _grain_seed(t: int, rounds_partial: int) -> str:
    """The 80 seed bits: prime field, power S-box, field size, t, round numbers, thirty ones."""
    fields = ((1, 2), (0, 4), (FIELD_BITS, 12), (t, 12), (ROUNDS_FULL, 10), (rounds_partial, 10))
    return "".join(f"{value:0{bits}b}" for value, bits in fields) + "1" * 30


def _grain_stream(seed: str, length: int) -> str:
    """At least `length` raw bits of the LFSR.

    The feedback polynomial f satisfies f(x)^2 = f(x^2) over GF(2), so the same taps hold at every
    power-of-two spacing. That lets ever longer runs of bits be computed by one big xor.
    """
    stream = int(seed[::-1], 2)  # bit i of the integer is b[i]
    known = len(seed)
    spacing = 1
    while known < length:
        if known >= 2 * _SEED_BITS * spacing:
            spacing *= 2
        window = stream >> (known - _SEED_BITS * spacing)
        feedback = 0
        for tap in _TAPS:
            feedback ^= window >> (tap * spacing)
        fresh = _LOOKAHEAD * spacing
        stream |= (feedback & ((1 << fresh) - 1)) << known
        known += fresh
    return f"{stream:0{known}b}"[::-1]


def _grain_words(seed: str, count_hint: int) -> Iterator[int]:
    """254-bit words: of each pair of raw bits the second is kept when the first is one."""
    skipped = _SEED_BITS + _WARM_UP_BITS
    needed = 6 * FIELD_BITS * count_hint + 4096  # 4 raw bits a kept bit, 4/3 words a word below r
    raw = _grain_stream(seed, skipped + needed)[skipped:]
    keep = raw[0::2].encode().replace(b"0", b"\0")  # truthy where the first bit is one
    kept = "".join(compress(raw[1::2], keep))
    for start in range(0, len(kept) - FIELD_BITS + 1, FIELD_BITS):
        yield int(kept[start : start + FIELD_BITS], 2)
    raise AssertionError("the Grain stream was sized too short")


@functools.cache
def parameters(t: int) -> Parameters:
    """Round constants and matrix of width t = 2..17 (a few milliseconds each, then cached)."""
    if not MIN_WIDTH <= t <= MAX_WIDTH:
        raise ValueError(f"Poseidon width t = {t} is not in [{MIN_WIDTH}, {MAX_WIDTH}]")
    rounds_partial = ROUNDS_PARTIAL[t - MIN_WIDTH]
    n_constants = t * (ROUNDS_FULL + rounds_partial)
    words = _grain_words(_grain_seed(t, rounds_partial), n_constants + 2 * t)
    constants = list(islice((word for word in words if word < FR_MODULUS), n_constants))
    cauchy = [word % FR_MODULUS for word in islice(words, 2 * t)]  # reduced here, not rejected
    if len(set(cauchy)) != 2 * t:
        raise AssertionError("the Cauchy points collide; the derivation would draw again")
    xs, ys = cauchy[:t], cauchy[t:]
    matrix = [[pow(x + y, -1, FR_MODULUS) for y in ys] for x in xs]
    return Parameters(constants, matrix, ROUNDS_FULL, rounds_partial)


def _permute(state: Sequence[int]) -> list[int]:
    """Every round: add constants, x^5 (all words, or word 0 in the middle rounds), mix."""
    t = len(state)
    constants, matrix, rounds_full, rounds_partial = parameters(t)
    words = [word % FR_MODULUS for word in state]
    for r in range(rounds_full + rounds_partial):
        words = [word + constants[r * t + i] for i, word in enumerate(words)]
        is_full = not rounds_full // 2 <= r < rounds_full // 2 + rounds_partial
        n_boxes = t if is_full else 1
        words[:n_boxes] = [pow(word, 5, FR_MODULUS) for word in words[:n_boxes]]
        words = [sum(map(mul, row, words)) % FR_MODULUS for row in matrix]
    return words


def poseidon_permute(states: Sequence[Sequence[int]]) -> list[list[int]]:
    """The permutation of each state of 2..17 words."""
    return [_permute(state) for state in states]


def poseidon_hash(
    inputs: Sequence[Sequence[int]], initial_state: Sequence[int] | None = None
) -> list[int]:
    """For each row of 1..16 inputs: word 0 of the permutation of [initial state or 0, row...]."""
    firsts = [0] * len(inputs) if initial_state is None else initial_state
    return [_permute([first, *row])[0] for first, row in zip(firsts, inputs, strict=True)]


def poseidon(*inputs: int) -> int:
    """The hash of 1..16 field elements."""
    return poseidon_hash([inputs])[0]
