"""Keccak-256 of pairs against the plain definition and against pycryptodome's."""

from __future__ import annotations

import random
import re
from pathlib import Path

import numpy as np
import pytest
from eth_hash.auto import keccak

from native import api
from native.reference.keccak import ROTATIONS, ROUND_CONSTANTS, keccak256

KERNEL = Path(__file__).parents[2] / "native" / "src" / "keccak.c"


@pytest.mark.parametrize("length", [0, 1, 64, 134, 135, 136, 137, 271, 272, 273, 1088])
def test_the_definition_is_ethereums_hash(length: int) -> None:
    message = bytes(i * 7 % 251 for i in range(length))
    assert keccak256(message) == keccak(message)


def test_digest__of_nothing_is_the_published_one() -> None:
    empty = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert keccak256(b"").hex() == empty


def test_constants_of_the_kernel__are_those_of_the_definition() -> None:
    source = KERNEL.read_text(encoding="utf-8")
    assert [int(x, 16) for x in re.findall(r"0x([0-9A-F]{16})ULL", source)] == ROUND_CONSTANTS
    moves = [tuple(map(int, m)) for m in re.findall(r"MOVE\((\d+), (\d+), (\d+)\)", source)]
    assert sorted(from_ for from_, _, _ in moves) == list(range(25))
    for source_word, target, count in moves:
        x, y = source_word % 5, source_word // 5
        assert (target, count) == (y + 5 * ((2 * x + 3 * y) % 5), ROTATIONS[source_word])


# one task holds 256 pairs
@pytest.mark.parametrize("n", [0, 1, 2, 255, 256, 257, 600])
@pytest.mark.parametrize("threads", [1, 3])
def test_pairs__are_hashed_one_by_one(n: int, threads: int) -> None:
    data = random.Random(n).randbytes(64 * n)
    pairs = np.frombuffer(data, dtype=np.uint8).reshape(n, 64)
    digests = api.keccak256_pairs(pairs, threads)
    assert digests.shape == (n, 32)
    for i in range(n):
        assert digests[i].tobytes() == keccak(data[64 * i : 64 * i + 64])


def test_pairs__edges_of_every_word_agree_with_the_definition() -> None:
    for data in (bytes(64), b"\xff" * 64, bytes(63) + b"\x01", b"\x80" + bytes(63)):
        pair = np.frombuffer(data, dtype=np.uint8).reshape(1, 64)
        assert api.keccak256_pairs(pair)[0].tobytes() == keccak256(data)


def test_pairs__a_view_with_gaps_is_read_as_what_it_shows() -> None:
    wide = np.arange(4 * 128, dtype=np.uint64).astype(np.uint8).reshape(4, 128)
    expected = [keccak(wide[i, :64].tobytes()) for i in range(4)]
    assert [row.tobytes() for row in api.keccak256_pairs(wide[:, :64])] == expected


def test_pairs__another_shape_or_type_is_refused() -> None:
    with pytest.raises(ValueError, match="uint8"):
        api.keccak256_pairs(np.zeros((1, 64), dtype=np.uint64))  # type: ignore[arg-type]
    for shape in [(64,), (1, 63), (1, 65), (2, 2, 64)]:
        with pytest.raises(ValueError, match=r"shape \(n, 64\)"):
            api.keccak256_pairs(np.zeros(shape, dtype=np.uint8))
