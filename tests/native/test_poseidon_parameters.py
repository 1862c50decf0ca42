"""The fast form of the Poseidon rounds is the published map, for every width and variant."""

from __future__ import annotations

import random

import numpy as np
import pytest

from native import api, variants
from native.api_hash import poseidon_permute_naive
from native.binding import Words, call
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


def scaled_fifth_power_rounds(state: list[int], scale: int) -> Words:
    """Eight full rounds without constants and with `scale` everywhere in the matrix."""
    t = len(state)
    parameters = api.fr_from_ints([0] * (8 * t) + [scale] * (2 * t * t))
    out = np.empty((t, 4), dtype=np.uint64)
    call(
        "poseidon_permute",
        *(out, api.fr_from_ints(state), 1, t, 0, parameters, len(parameters), 1),
    )
    return out


# Montgomery words r - 1: the sums of products before the last reduction are as large as they get
LARGEST = (FR_MODULUS - 1) * pow(1 << 256, -1, FR_MODULUS) % FR_MODULUS


@pytest.mark.parametrize("variant", variants.available())
@pytest.mark.parametrize("t", [2, 5, 6, 15, 16, 17])
def test_sums__the_largest_ones_leave_the_kernel_fully_reduced(t: int, variant: str) -> None:
    fifth_root = pow(5, -1, FR_MODULUS - 1)
    scale = t * LARGEST
    for step in range(40):  # the quotient of the reduction varies with the step
        boxed = (FR_MODULUS - 1 - step) * pow(1 << 256, -1, FR_MODULUS) % FR_MODULUS
        word = pow(boxed, fifth_root, FR_MODULUS)
        for _ in range(7):  # back through x -> scale x^5, so that the last round boxes to `boxed`
            word = pow(word * pow(scale, -1, FR_MODULUS), fifth_root, FR_MODULUS)
        with variants.forced(variant):
            out = scaled_fifth_power_rounds([word] * t, LARGEST)
        assert api.fr_first_noncanonical(out) == -1
        assert api.fr_to_ints(out) == [scale * boxed % FR_MODULUS] * t
