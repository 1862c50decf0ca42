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
