"""Sums of multiples of points: the definition, edge scalars and points, long and empty sums."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from native import api
from native.constants import FR_MODULUS, G1_GENERATOR, G2_GENERATOR
from native.reference import combine as reference

# cuts a scalar in halves: k = k0 + k1·LAMBDA
LAMBDA = 0xB3C4D79D41A917585BFC41088D8DAAA78B17EA66B99C90DD
SHORT, LONG = 0x89D3256894D213E3, 0x6F4D8248EEB859FC8211BBEB7D4F1128
EDGES = [
    *(
        0,
        1,
        2,
        7,
        8,
        9,
        15,
        16,
        17,
        136,
        1 << 64,
        (1 << 127) - 1,
        1 << 127,
        (1 << 254) % FR_MODULUS,
    ),
    *(LAMBDA, LAMBDA - 1, LAMBDA + 1, LAMBDA * LAMBDA % FR_MODULUS, FR_MODULUS - LAMBDA),
    *(SHORT, LONG, LONG + SHORT, SHORT * LAMBDA % FR_MODULUS, (FR_MODULUS + 1) // 2),
    *(FR_MODULUS // 2, FR_MODULUS // SHORT, FR_MODULUS - 8, FR_MODULUS - 2, FR_MODULUS - 1),
]
BLOCK = 256  # terms that the kernel takes at a time
U32 = np.ndarray[tuple[int], np.dtype[np.uint32]]


def u32(values: object) -> U32:
    return np.array(values, dtype=np.uint32)


def points_of(group: int, n: int) -> np.ndarray:
    """Multiples of the generator: infinity, repeats and opposites among them."""
    exponents = [(i % 40) * (1 if i % 3 else FR_MODULUS - 1) % FR_MODULUS for i in range(n)]
    scalars = api.canonical_from_ints(exponents)
    if group == 1:
        return api.g1_fixed_base_mul(G1_GENERATOR, scalars)
    return api.g2_fixed_base_mul(G2_GENERATOR, scalars)


@pytest.mark.parametrize("group", [1, 2])
def test_scale__of_edge_scalars_is_double_and_add(group: int) -> None:
    base, scalars = points_of(group, 6)[5], api.canonical_from_ints(EDGES)
    points = np.tile(base, (len(EDGES), 1))
    scale, multiply = (api.g1_scale, api.g1_mul) if group == 1 else (api.g2_scale, api.g2_mul)
    assert (scale(points, scalars) == multiply(points, scalars)).all()


@pytest.mark.parametrize("n", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 5])
@pytest.mark.parametrize("threads", [1, 3])
def test_scale__any_number_of_points(n: int, threads: int, rng: random.Random) -> None:
    points = points_of(1, n)
    scalars = api.canonical_from_ints(rng.randrange(FR_MODULUS) for _ in range(n))
    assert (api.g1_scale(points, scalars, threads) == api.g1_mul(points, scalars)).all()


def test_combine__is_the_definition(rng: random.Random) -> None:
    lengths = [0, 1, 5, 0, 2, 12, 0]
    starts = [0, *np.cumsum(lengths).tolist()]
    scalars = [*EDGES[:6], FR_MODULUS - 1, rng.randrange(FR_MODULUS)]
    terms = [rng.randrange(30) for _ in range(starts[-1])]
    kinds = [rng.randrange(len(scalars)) for _ in terms]
    k = api.canonical_from_ints(scalars)
    p1, p2 = points_of(1, 30), points_of(2, 30)
    got1 = api.g1_combine(u32(starts), u32(terms), u32(kinds), k, p1)
    got2 = api.g2_combine(u32(starts), u32(terms), u32(kinds), k, p2)
    ints1, ints2 = [api.g1_to_ints(p) for p in p1], [api.g2_to_ints(p) for p in p2]
    expected1 = reference.g1_combine(starts, terms, kinds, scalars, ints1)
    expected2 = reference.g2_combine(starts, terms, kinds, scalars, ints2)
    assert [api.g1_to_ints(p) for p in got1] == expected1
    assert [api.g2_to_ints(p) for p in got2] == expected2


@pytest.mark.parametrize("group", [1, 2])
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_combine__sums_that_cross_blocks(group: int, threads: int, rng: random.Random) -> None:
    lengths = [3, 0, BLOCK - 3, BLOCK, 1, 5 * BLOCK, 0, 2 * BLOCK - 1, 7, 0]
    starts = np.cumsum([0, *lengths])
    n, points = int(starts[-1]), points_of(group, 50)
    scalars = api.canonical_from_ints([1, FR_MODULUS - 1, 2, 16, rng.randrange(FR_MODULUS)])
    terms, kinds = (u32([rng.randrange(m) for _ in range(n)]) for m in (50, 5))
    run, msm = (api.g1_combine, api.msm_g1) if group == 1 else (api.g2_combine, api.msm_g2)
    got = run(u32(starts), terms, kinds, scalars, points, threads)
    for i, (first, last) in enumerate(itertools.pairwise(starts)):
        chosen, factors = points[terms[first:last]], scalars[kinds[first:last]]
        assert (got[i] == msm(chosen, factors)).all(), i


def test_combine__terms_that_cancel() -> None:
    points = points_of(1, 6)
    minus = api.canonical_from_ints([1, FR_MODULUS - 1, FR_MODULUS - LAMBDA, LAMBDA])
    starts, terms = u32([0, 2, 6, 8]), u32([5, 5, 4, 4, 4, 4, 2, 2])
    kinds = u32([0, 1, 0, 1, 1, 0, 2, 3])
    assert not api.g1_combine(starts, terms, kinds, minus, points).any()


@pytest.mark.parametrize(
    ("starts", "terms", "kinds"),
    [
        ([0, 2], [0, 3], [0, 0]),
        ([0, 2], [0, 1], [0, 2]),
        ([0, 1], [0, 1], [0, 0]),
        ([1, 2], [0, 1], [0, 0]),
        ([0, 2, 1, 2], [0, 1], [0, 0]),
        ([0, 3], [0, 1], [0, 0]),
        ([0, 2], [0, 1], [0]),
        ([], [], []),
    ],
)
def test_combine__indices_out_of_range_are_refused(
    starts: list[int], terms: list[int], kinds: list[int]
) -> None:
    scalars = api.canonical_from_ints([1, 2])
    with pytest.raises(ValueError):
        api.g1_combine(u32(starts), u32(terms), u32(kinds), scalars, points_of(1, 3))


def test_combine__nothing_at_all() -> None:
    none = u32([])
    scalars = api.canonical_from_ints([])
    assert api.g1_combine(u32([0]), none, none, scalars, points_of(1, 0)).shape == (0, 8)
    assert not api.g2_combine(u32([0, 0]), none, none, scalars, points_of(2, 1)).any()


def test_scalars_of_wrong_form_are_refused() -> None:
    with pytest.raises(ValueError, match="canonical"):
        api.g1_scale(points_of(1, 1), api.canonical_from_ints([FR_MODULUS]))
    with pytest.raises(ValueError, match="differ"):
        api.g1_scale(points_of(1, 2), api.canonical_from_ints([1]))
