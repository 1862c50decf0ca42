"""The quotient: its definition on small domains, the separate transforms on larger ones."""

from __future__ import annotations

import random

import numpy as np
import pytest

from native import api
from native.constants import FR_MODULUS
from native.reference.quotient import quotient


def found(a: np.ndarray, b: np.ndarray, threads: int) -> np.ndarray:
    """The quotient of copies, since it overwrites what it is given."""
    out = np.empty_like(a)
    api.quotient(out, a.copy(), b.copy(), threads=threads)
    return out


def by_transforms(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    a_odd, b_odd, c_odd = (
        api.ntt_odd_coset(api.ntt_inverse(values)) for values in (a, b, api.fr_mul(a, b))
    )
    return api.fr_from_montgomery(api.fr_sub(api.fr_mul(a_odd, b_odd), c_odd))


def values_of(rng: random.Random, n: int) -> list[int]:
    edges = [0, 1, FR_MODULUS - 1, FR_MODULUS - 2]
    return [
        rng.choice(edges) if rng.random() < 0.3 else rng.randrange(FR_MODULUS) for _ in range(n)
    ]


@pytest.mark.parametrize("log_n", range(8))
def test_small_domain__is_the_definition(log_n: int, rng: random.Random) -> None:
    a, b = values_of(rng, 1 << log_n), values_of(rng, 1 << log_n)
    got = found(api.fr_from_ints(a), api.fr_from_ints(b), 2)
    assert api.canonical_to_ints(got) == quotient(a, b)


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("log_n", [9, 10, 11, 12, 13])
def test_larger_domain__is_made_of_the_transforms(
    log_n: int, threads: int, rng: random.Random
) -> None:
    a, b = (api.fr_from_ints(values_of(rng, 1 << log_n)) for _ in range(2))
    assert (found(a, b, threads) == by_transforms(a, b)).all()


@pytest.mark.parametrize("value", [0, 1, FR_MODULUS - 1])
def test_constant_polynomials__leave_nothing(value: int) -> None:
    """a and b constant: a·b is c itself."""
    constant = api.fr_from_ints([value] * 64)
    assert not found(constant, constant, 1).any()


@pytest.mark.parametrize("lengths", [(8, 8, 4), (8, 4, 8), (4, 8, 8), (6, 6, 6), (0, 0, 0)])
def test_lengths_that_do_not_fit__are_refused(lengths: tuple[int, int, int]) -> None:
    out, a, b = (np.zeros((n, 4), dtype=np.uint64) for n in lengths)
    with pytest.raises(ValueError, match="length"):
        api.quotient(out, a, b)


def test_input_that_cannot_be_overwritten__is_refused() -> None:
    out, a, b = (np.zeros((8, 4), dtype=np.uint64) for _ in range(3))
    a.flags.writeable = False
    with pytest.raises(ValueError, match="a: expected a writeable"):
        api.quotient(out, a, b)
