"""Multi-scalar multiplication: vectors, the definition, and inputs built to collide in buckets."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from native import api, variants
from native.constants import FR_MODULUS, G1_GENERATOR, G2_GENERATOR
from native.reference import msm as reference


def multiples(group: int, exponents: list[int]) -> np.ndarray:
    """exponents[i] times the generator."""
    scalars = api.canonical_from_ints(exponents)
    if group == 1:
        return api.g1_fixed_base_mul(G1_GENERATOR, scalars)
    return api.g2_fixed_base_mul(G2_GENERATOR, scalars)


def check(group: int, exponents: list[int], scalars: list[int], threads: int = 2) -> None:
    """Σ s_i (e_i G) = (Σ s_i e_i) G."""
    run = api.msm_g1 if group == 1 else api.msm_g2
    got = run(multiples(group, exponents), api.canonical_from_ints(scalars), threads)
    total = sum(s * e for s, e in zip(scalars, exponents, strict=True)) % FR_MODULUS
    assert (got == multiples(group, [total])[0]).all()


def test_vectors__as_py_ecc(bn254: dict[str, Any], decode: Any) -> None:
    for row in bn254["g1_msm"]:
        points = np.stack([api.g1_from_ints(decode.g1(p)) for p in row["points"]])
        scalars = api.canonical_from_ints(int(s) % FR_MODULUS for s in row["scalars"])
        assert api.g1_to_ints(api.msm_g1(points, scalars)) == decode.g1(row["r"])


def test_small_sum__is_the_definition(rng: random.Random) -> None:
    exponents = [rng.randrange(FR_MODULUS) for _ in range(5)]
    scalars = [0, 1, FR_MODULUS - 1, rng.randrange(FR_MODULUS), 2]
    p1, p2, k = multiples(1, exponents), multiples(2, exponents), api.canonical_from_ints(scalars)
    expected1 = reference.msm_g1([api.g1_to_ints(p) for p in p1], scalars)
    expected2 = reference.msm_g2([api.g2_to_ints(p) for p in p2], scalars)
    assert api.g1_to_ints(api.msm_g1(p1, k)) == expected1
    assert api.g2_to_ints(api.msm_g2(p2, k)) == expected2


@pytest.mark.parametrize("group", [1, 2])
@pytest.mark.parametrize("n", [1, 2, 3, 100, 128, 1000, 5000])
def test_random_sums(group: int, n: int, rng: random.Random) -> None:
    check(
        group,
        [rng.randrange(FR_MODULUS) for _ in range(n)],
        [rng.randrange(FR_MODULUS) for _ in range(n)],
    )


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_several_chunks_and_ranges(threads: int, rng: random.Random) -> None:
    n = 40_000
    check(1, [1 + i % 97 for i in range(n)], [rng.getrandbits(253) for _ in range(n)], threads)


@pytest.mark.parametrize("group", [1, 2])
@pytest.mark.parametrize("scalar", [0, 1, 2, FR_MODULUS - 1, (FR_MODULUS - 1) // 2, 1 << 200])
def test_one_point_many_times_with_one_scalar(group: int, scalar: int) -> None:
    """All points meet in the same buckets and are equal: only doublings."""
    check(group, [7] * 1500, [scalar] * 1500)


@pytest.mark.parametrize("group", [1, 2])
def test_opposite_points_cancel_inside_a_bucket(group: int) -> None:
    check(group, [5, FR_MODULUS - 5] * 600 + [11], [123456789 << 99] * 1201)


@pytest.mark.parametrize("group", [1, 2])
def test_points_at_infinity_among_others(group: int, rng: random.Random) -> None:
    exponents = [0 if i % 3 else rng.randrange(FR_MODULUS) for i in range(700)]
    check(group, exponents, [rng.randrange(FR_MODULUS) for _ in range(700)])
    check(group, [0] * 50, [rng.randrange(FR_MODULUS) for _ in range(50)])


def test_witness_like_scalars(rng: random.Random) -> None:
    n = 20_000
    scalars = [
        rng.choice([0, 1, rng.getrandbits(16), FR_MODULUS - 1, rng.getrandbits(253)])
        for _ in range(n)
    ]
    check(1, [1 + rng.randrange(50) for _ in range(n)], scalars)


@pytest.mark.parametrize("scalar_bits", [0, 1, 254])
def test_many_buckets__points_that_meet_or_repeat(scalar_bits: int, rng: random.Random) -> None:
    """Long enough for wide windows: few points meet, all meet in one bucket, or all are equal."""
    n = 40_011
    same = rng.randrange(FR_MODULUS)
    scalars = [same if scalar_bits == 0 else rng.getrandbits(scalar_bits) for _ in range(n)]
    scalars = [s % FR_MODULUS for s in scalars]
    check(1, [3 if i % 2 else FR_MODULUS - 3 for i in range(n)], scalars)
    check(1, [i % 301 for i in range(n)], scalars)
    check(2, [i % 5 for i in range(n)], scalars, threads=1)


@pytest.mark.parametrize("group", [1, 2])
@pytest.mark.parametrize("n", [7, 8, 9, 31, 33, 511, 513, 1023, 1025, 8191, 8193])
def test_lengths_around_those_of_blocks(group: int, n: int, rng: random.Random) -> None:
    check(group, list(range(1, n + 1)), [rng.randrange(FR_MODULUS) for _ in range(n)])


@pytest.mark.parametrize("position", [0, 1, 1500, 2999])
def test_a_single_scalar_that_is_not_zero(position: int) -> None:
    check(1, list(range(3000)), [FR_MODULUS - 2 if i == position else 0 for i in range(3000)])


def test_variants_and_threads_give_equal_bytes(rng: random.Random) -> None:
    n = 20_003
    k = api.canonical_from_ints(rng.choice([1, rng.getrandbits(253)]) for _ in range(n))
    points = {g: multiples(g, [rng.randrange(90) for _ in range(n)]) for g in (1, 2)}
    found = set()
    for name in variants.available():
        with variants.forced(name):
            for threads in (1, 3):
                sums = api.msm_many([(points[1], k), (points[2], k)], threads)
                found.add(b"".join(s.tobytes() for s in sums))
    assert len(found) == 1


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_many_sums_are_those_of_each(threads: int, rng: random.Random) -> None:
    sums = []
    for group, n in [(1, 700), (2, 0), (1, 1), (2, 900), (1, 33_000), (1, 0)]:
        k = api.canonical_from_ints(rng.randrange(FR_MODULUS) for _ in range(n))
        sums.append((multiples(group, [1 + i % 50 for i in range(n)]), k))
    each = [(api.msm_g1 if p.shape[1] == 8 else api.msm_g2)(p, k, 1) for p, k in sums]
    for got, expected in zip(api.msm_many(sums, threads), each, strict=True):
        assert (got == expected).all()
    assert api.msm_many([], threads) == []


def test_many_sums__a_wrong_one_is_refused() -> None:
    good = (multiples(1, [1]), api.canonical_from_ints([1]))
    with pytest.raises(ValueError, match="differ"):
        api.msm_many([good, (good[0], api.canonical_from_ints([1, 2]))])
    with pytest.raises(ValueError, match="points"):
        api.msm_many([good, (good[0].reshape(2, 4), good[1])])


def test_empty_sum_is_infinity() -> None:
    nothing = api.canonical_from_ints([])
    assert not api.msm_g1(np.empty((0, 8), np.uint64), nothing).any()
    assert not api.msm_g2(np.empty((0, 16), np.uint64), nothing).any()


@pytest.mark.parametrize("width", range(2, 17))
def test_extreme_digits(width: int) -> None:
    """Scalars whose windows are all at the ends of the signed range."""
    patterns = [
        sum(digit << (width * w) for w in range(254 // width))
        for digit in (1, (1 << (width - 1)) - 1, 1 << (width - 1), (1 << width) - 1)
    ]
    scalars = [p % FR_MODULUS for p in patterns] * 10
    check(1, list(range(1, 41)), scalars)


def test_scalars__not_canonical_or_too_few_are_refused() -> None:
    points = multiples(1, [1, 2])
    with pytest.raises(ValueError, match="canonical"):
        api.msm_g1(points, api.canonical_from_ints([1, FR_MODULUS]))
    with pytest.raises(ValueError, match="differ"):
        api.msm_g1(points, api.canonical_from_ints([1]))
    with pytest.raises(ValueError, match="threads"):
        api.msm_g1(points, api.canonical_from_ints([1, 2]), threads=-1)
