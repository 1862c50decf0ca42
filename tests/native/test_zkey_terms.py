"""Coefficient records of a .zkey to matrices: the definition, any order, any number of values."""

from __future__ import annotations

import random

import numpy as np
import pytest

from native import api, variants

RECORD = np.dtype([("matrix", "<u4"), ("row", "<u4"), ("wire", "<u4"), ("value", "<u8", (4,))])
Record = tuple[int, int, int, int]
ROWS, WIRES = 60, 40


@pytest.fixture(params=variants.available(), autouse=True)
def variant(request: pytest.FixtureRequest) -> object:
    with variants.forced(request.param):
        yield request.param


def encode(records: list[Record]) -> np.ndarray:
    array = np.zeros(len(records), dtype=RECORD)
    for i, (matrix, row, wire, value) in enumerate(records):
        array[i] = (matrix, row, wire, [(value >> (64 * k)) & (2**64 - 1) for k in range(4)])
    return array.view(np.uint8)


def defined(records: list[Record]) -> list[list[list[tuple[int, int]]]]:
    """For each matrix, for each row, its (wire, value) in the order of the file."""
    rows: list[list[list[tuple[int, int]]]] = [[[] for _ in range(ROWS)] for _ in range(2)]
    for matrix, row, wire, value in records:
        rows[matrix][row].append((wire, value))
    return rows


def found(terms: api.ZkeyTerms) -> list[list[list[tuple[int, int]]]]:
    values = api.canonical_to_ints(terms.table)
    assert len(set(values)) == len(values)
    return [
        [
            [(int(wires[k]), values[coefs[k]]) for k in range(indptr[row], indptr[row + 1])]
            for row in range(ROWS)
        ]
        for indptr, wires, coefs in zip(terms.indptr, terms.wires, terms.coefs, strict=True)
    ]


def random_records(rng: random.Random, count: int, values: list[int]) -> list[Record]:
    return [
        (rng.randrange(2), rng.randrange(ROWS), rng.randrange(WIRES), rng.choice(values))
        for _ in range(count)
    ]


@pytest.mark.parametrize("count", [0, 1, 2, 500])
def test_terms__are_those_of_the_records_in_any_order(count: int, rng: random.Random) -> None:
    values = [0, 1, 1 << 64, 1 << 255, 2**256 - 1, rng.getrandbits(256)]
    records = random_records(rng, count, values)
    assert found(api.zkey_terms(encode(records), ROWS, WIRES)) == defined(records)


@pytest.mark.parametrize("distinct", [4096, 4097, 40_000])
def test_terms__the_table_grows_with_the_distinct_values(distinct: int, rng: random.Random) -> None:
    records = [(i % 2, i % ROWS, i % WIRES, i << 128) for i in range(distinct)]
    records += rng.sample(records, 100)
    terms = api.zkey_terms(encode(records), ROWS, WIRES)
    assert len(terms.table) == distinct
    assert found(terms) == defined(records)


@pytest.mark.parametrize("bad", [(2, 0, 0, 1), (0, ROWS, 0, 1), (1, 0, WIRES, 1), (2**32 - 1,) * 4])
def test_terms__the_first_record_out_of_bounds_is_named(bad: Record, rng: random.Random) -> None:
    records = random_records(rng, 30, [1, 2])
    records[17] = records[23] = bad
    assert api.zkey_terms(encode(records), ROWS, WIRES) == 17


def test_terms__records_may_lie_anywhere_in_memory(rng: random.Random) -> None:
    records = random_records(rng, 50, [3, 5])
    data = np.zeros(44 * 50 + 3, dtype=np.uint8)
    data[3:] = encode(records)
    assert found(api.zkey_terms(data[3:], ROWS, WIRES)) == defined(records)


@pytest.mark.parametrize("records", [np.zeros(43, np.uint8), np.zeros(11, np.uint32)])
def test_terms__a_wrong_shape_is_refused(records: np.ndarray) -> None:
    with pytest.raises(ValueError, match="records"):
        api.zkey_terms(records, ROWS, WIRES)
