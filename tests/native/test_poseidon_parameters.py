"""The fast form of the Poseidon rounds is the published map, for every width and variant."""

from __future__ import annotations

import random

import numpy as np
import pytest

from native import api, variants
from native.api_hash import poseidon_permute_naive
from native.constants import FR_MODULUS
from native.reference import poseidon as reference

WIDTHS = range(2, 18)


def states(t: int, n: int = 5) -> list[list[int]]:
    """Edge states (all 0, all r-1), then pseudo-random ones with seed t."""
    rng = random.Random(t)
    random_states = [[rng.randrange(FR_MODULUS) for _ in range(t)] for _ in range(n - 2)]
    return [[0] * t, [FR_MODULUS - 1] * t, *random_states]


@pytest.mark.parametrize("variant", variants.available())
@pytest.mark.parametrize("t", WIDTHS)
def test_permutation__fast_naive_and_definition_agree(t: int, variant: str) -> None:
    plain = states(t)
    array = api.fr_from_ints([word for state in plain for word in state]).reshape(-1, t, 4)
    expected = [word for state in reference.poseidon_permute(plain) for word in state]
    with variants.forced(variant):
        fast, naive = api.poseidon_permute(array), poseidon_permute_naive(array)
    assert api.fr_to_ints(fast.reshape(-1, 4)) == expected
    assert np.array_equal(fast, naive)


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
def test_hash__is_the_same_for_any_number_of_threads(threads: int) -> None:
    inputs = api.fr_from_ints(range(4 * 333)).reshape(333, 4, 4)
    assert np.array_equal(api.poseidon_hash(inputs, threads=threads), api.poseidon_hash(inputs))
