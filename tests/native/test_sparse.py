"""Sparse matrix times vector: the definition, empty rows, and indices that point outside."""

from __future__ import annotations

import random

import numpy as np
import pytest

from native import api
from native.constants import FR_MODULUS
from native.reference.sparse import sparse_matvec, sparse_matvec_transposed

TABLE = [0, 1, FR_MODULUS - 1, 2, 123456789 << 200]


def random_matrix(rng: random.Random, rows: int, wires: int) -> tuple[list[int], ...]:
    lengths = [rng.choice([0, 1, 2, 9]) for _ in range(rows)]
    indptr = [sum(lengths[:i]) for i in range(rows + 1)]
    terms = indptr[-1]
    columns = [rng.randrange(wires) for _ in range(terms)]
    return indptr, columns, [rng.randrange(len(TABLE)) for _ in range(terms)]


def u32(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.uint32)


@pytest.mark.parametrize("rows", [0, 1, 50, 1500])
@pytest.mark.parametrize("threads", [1, 2])
def test_product__is_the_definition(rows: int, threads: int, rng: random.Random) -> None:
    indptr, wires, coefs = random_matrix(rng, rows, 40)
    vector = [rng.choice([0, 1, rng.randrange(FR_MODULUS)]) for _ in range(40)]
    got = api.sparse_matvec(
        u32(indptr),
        u32(wires),
        u32(coefs),
        api.fr_from_ints(TABLE),
        api.fr_from_ints(vector),
        threads,
    )
    assert api.fr_to_ints(got) == sparse_matvec(indptr, wires, coefs, TABLE, vector)


@pytest.mark.parametrize(
    ("indptr", "wires", "coefs"),
    [
        ([0, 1], [40], [0]),
        ([0, 1], [0], [len(TABLE)]),
        ([0, 2], [0], [0]),
        ([1, 1], [0], [0]),
        ([0, 2, 1, 2], [0, 0], [0, 0]),
        ([0, 1], [0, 0], [0, 0]),
        ([], [], []),
        ([0, 1], [0], []),
    ],
)
def test_unsound_index__is_refused(indptr: list[int], wires: list[int], coefs: list[int]) -> None:
    table, vector = api.fr_from_ints(TABLE), api.fr_from_ints(range(40))
    with pytest.raises(ValueError):
        api.sparse_matvec(u32(indptr), u32(wires), u32(coefs), table, vector)


@pytest.mark.parametrize("rows", [0, 1, 50, 1500])
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_transposed_product__is_the_definition(rows: int, threads: int, rng: random.Random) -> None:
    indptr, wires, coefs = random_matrix(rng, rows, 40)
    vector = [rng.choice([0, 1, rng.randrange(FR_MODULUS)]) for _ in range(rows)]
    table = api.fr_from_ints(TABLE)
    arrays = u32(indptr), u32(wires), u32(coefs)
    got = api.sparse_matvec_transposed(40, *arrays, table, api.fr_from_ints(vector), threads)
    expected = sparse_matvec_transposed(40, indptr, wires, coefs, TABLE, vector)
    assert api.fr_to_ints(got) == expected


@pytest.mark.parametrize(
    ("indptr", "wires", "coefs"),
    [
        ([0, 1], [40], [0]),
        ([0, 1], [0], [len(TABLE)]),
        ([0, 2], [0], [0]),
        ([1, 1], [0], [0]),
        ([0, 1, 1], [0], [0]),
        ([0, 1], [0], []),
    ],
)
def test_transposed__unsound_index_is_refused(
    indptr: list[int], wires: list[int], coefs: list[int]
) -> None:
    arrays = u32(indptr), u32(wires), u32(coefs)
    with pytest.raises(ValueError):
        api.sparse_matvec_transposed(40, *arrays, api.fr_from_ints(TABLE), api.fr_from_ints([7]))


@pytest.mark.parametrize("part", ["indptr", "wires", "coefs"])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_unsound_index_anywhere_in_a_large_matrix__is_refused(
    part: str, threads: int, rng: random.Random
) -> None:
    indptr, wires, coefs = random_matrix(rng, 3000, 40)
    table, vector = api.fr_from_ints(TABLE), api.fr_from_ints(range(40))
    for _ in range(60):
        arrays = {"indptr": u32(indptr), "wires": u32(wires), "coefs": u32(coefs)}
        bound = {"indptr": len(wires) + 1, "wires": 40, "coefs": len(TABLE)}[part]
        place = rng.randrange(1 if part == "indptr" else 0, len(arrays[part]) - 1)
        arrays[part][place] = rng.choice([bound, bound + 1, 2**32 - 1])
        with pytest.raises(ValueError, match="out of its range"):
            api.sparse_matvec(*arrays.values(), table, vector, threads)


def test_row_starts_that_fall__are_refused_wherever_parts_are_cut(rng: random.Random) -> None:
    indptr, wires, coefs = random_matrix(rng, 3000, 40)
    table, vector = api.fr_from_ints(TABLE), api.fr_from_ints(range(40))
    for threads in (1, 2, 5, 64):
        first, last = sorted(rng.sample(range(1, 2999), 2))
        falling = indptr[:first] + indptr[first:last][::-1] + indptr[last:]
        if falling == sorted(falling):
            continue
        with pytest.raises(ValueError, match="out of its range"):
            api.sparse_matvec(u32(falling), u32(wires), u32(coefs), table, vector, threads)


def test_one_long_row_among_empty_ones() -> None:
    """All terms in one row: whatever the cut, nothing is lost."""
    indptr = [0] * 700 + [5000] * 801
    wires, coefs = [k % 40 for k in range(5000)], [k % len(TABLE) for k in range(5000)]
    expected = sparse_matvec(indptr, wires, coefs, TABLE, list(range(40)))
    table, vector = api.fr_from_ints(TABLE), api.fr_from_ints(range(40))
    for threads in (1, 2, 7):
        got = api.sparse_matvec(u32(indptr), u32(wires), u32(coefs), table, vector, threads)
        assert api.fr_to_ints(got) == expected


def test_result_goes_to_given_room() -> None:
    arrays = u32([0, 1, 2]), u32([0, 1]), u32([1, 3]), api.fr_from_ints(TABLE)
    out = np.zeros((3, 4), dtype=np.uint64)
    result = api.sparse_matvec(*arrays, api.fr_from_ints([7, 8]), 1, out[:2])
    assert result.base is out and api.fr_to_ints(out) == [7, 16, 0]
    with pytest.raises(ValueError, match="3 rows for a matrix of 2"):
        api.sparse_matvec(*arrays, api.fr_from_ints([7, 8]), 1, out)
