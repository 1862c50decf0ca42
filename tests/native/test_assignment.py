"""Gathered scalars, the check of a witness, violated rows: against plain integers."""

from __future__ import annotations

import random

import numpy as np
import pytest

from native import api
from native.constants import FR_MODULUS
from native.reference import assignment

EDGES = [0, 1, 2, FR_MODULUS - 1, FR_MODULUS - 2, (FR_MODULUS - 1) // 2, 1 << 253]
FACTORS = [0, 1, FR_MODULUS - 1, 123456789 << 200]


def values_of(rng: random.Random, n: int) -> list[int]:
    return [EDGES[i] if i < len(EDGES) else rng.randrange(FR_MODULUS) for i in range(n)]


def gathered(
    values: list[int], wires: list[int], factor: int, threads: int, room: int | None = None
) -> list[int]:
    out = np.full((len(wires) if room is None else room, 4), 2**64 - 1, dtype=np.uint64)
    chosen = np.array(wires, dtype=np.uint32)
    scale = api.canonical_from_ints([factor])
    api.gather_canonical(out, api.fr_from_ints(values), chosen, scale, threads=threads)
    return api.canonical_to_ints(out)


@pytest.mark.parametrize("n", [0, 1, 7, 8, 9, 1500])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_gather__is_the_definition(n: int, threads: int, rng: random.Random) -> None:
    values = values_of(rng, 40)
    wires = [i if i < len(EDGES) else rng.randrange(40) for i in range(n)]
    for factor in FACTORS:
        expected = assignment.gather_canonical(values, wires, factor)
        assert gathered(values, wires, factor, threads) == expected


@pytest.mark.parametrize("place", [0, 5, 8, 1499])
def test_gather__a_wire_without_value_is_refused(place: int) -> None:
    wires = [0] * 1500
    wires[place] = 40
    with pytest.raises(ValueError, match="out of its range"):
        gathered(list(range(40)), wires, 1, 2)


def test_gather__room_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="lengths 3 and 2 differ"):
        gathered([1, 2], [0, 1], 1, 1, room=3)
    values, wires = api.fr_from_ints([1, 2]), np.array([0], dtype=np.uint32)
    for out in (np.empty((4, 4), dtype=np.uint64)[::2], np.empty((1, 4), dtype=np.uint32)):
        with pytest.raises(ValueError, match="out: expected"):
            api.gather_canonical(out, values, wires, api.canonical_from_ints([1]))


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("bad", [[], [0], [7], [2999], [2999, 8, 1700], [8, 0]])
def test_first_noncanonical__is_the_first(bad: list[int], threads: int) -> None:
    values = [FR_MODULUS - 1] * 3000
    for k, place in enumerate(bad):
        values[place] = (FR_MODULUS, 2**256 - 1, FR_MODULUS + (1 << 128))[k]
    got = api.first_noncanonical(api.canonical_from_ints(values), threads=threads)
    assert got == assignment.first_noncanonical(values) == (min(bad) if bad else -1)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("wrong", [[], [0], [2999], [2999, 1600, 17], [1, 2, 3]])
def test_violations__first_and_count(wrong: list[int], threads: int, rng: random.Random) -> None:
    a, b = values_of(rng, 3000), values_of(rng, 3000)[::-1]
    c = [x * y % FR_MODULUS for x, y in zip(a, b, strict=True)]
    for place in wrong:
        c[place] += 1
    vectors = [api.fr_from_ints(v) for v in (a, b, c)]
    got = api.violations(*vectors, threads=threads)
    assert got == assignment.violations(a, b, c)
    assert got == (min(wrong) if wrong else -1, len(wrong))


def test_violations__lengths_must_agree() -> None:
    one, two = api.fr_from_ints([1]), api.fr_from_ints([1, 2])
    for vectors in ((one, one, two), (two, one, one)):
        with pytest.raises(ValueError, match="differ"):
            api.violations(*vectors)
