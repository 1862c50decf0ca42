"""Sums of multiples of a few fixed points from tables, against multiples of the generator."""

from __future__ import annotations

import random

import numpy as np
import pytest

from native import api
from native.constants import FR_MODULUS, G1_GENERATOR

R = FR_MODULUS
EDGES = [0, 1, 31, 32, 33, 63, 64, (1 << 252) - 1, 1 << 252, R // 2, R - 2, R - 1]


def points(*exponents: int) -> np.ndarray:
    return api.g1_fixed_base_mul(G1_GENERATOR, api.canonical_from_ints(e % R for e in exponents))


def check(constant: int, bases: list[int], scalars: list[int]) -> None:
    total = constant + sum(b * k for b, k in zip(bases, scalars, strict=True))
    got = api.g1_table_sum(
        points(constant)[0], api.g1_tables(points(*bases)), api.canonical_from_ints(scalars)
    )
    assert (got == points(total)[0]).all()


def test_tables__multiples_by_window() -> None:
    table = api.g1_tables(points(5, 7))
    expected = [base * d << 6 * w for base in (5, 7) for w in range(43) for d in range(1, 33)]
    assert (table == points(*expected)).all()


@pytest.mark.parametrize("n", [0, 1, 2, 3, 9])
def test_sum__random(n: int, rng: random.Random) -> None:
    numbers = [[rng.randrange(R) for _ in range(n)] for _ in range(2)]
    check(rng.randrange(R), *numbers)


@pytest.mark.parametrize("scalar", EDGES)
def test_sum__edge_scalars(scalar: int) -> None:
    check(3, [1], [scalar])
    check(0, [5, 7], [scalar, scalar])


def test_sum__equal_opposite_and_cancelling_points() -> None:
    check(1, [1, 1], [1, 1])  # doublings
    check(1, [R - 1], [1])  # to infinity
    check(0, [9, R - 9], [1234567, 1234567])
    check(64, [1, 1], [64, R - 64])
    check(0, [0, 4], [17, 1])  # a table of infinity


def test_malformed_input() -> None:
    tables, one = api.g1_tables(points(1)), api.canonical_from_ints([1])
    with pytest.raises(ValueError, match="rows for 2 scalars"):
        api.g1_table_sum(G1_GENERATOR, tables, np.vstack([one, one]))
    with pytest.raises(ValueError, match="not canonical"):
        api.g1_table_sum(G1_GENERATOR, tables, api.canonical_from_ints([R]))
