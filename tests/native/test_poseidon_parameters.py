"""The fast form of the Poseidon rounds is the published map, for every width and variant."""

from __future__ import annotations

import random

import numpy as np
import pytest

from native import api, variants
from native.api_hash import poseidon_permute_naive
from native.binding import call
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


# Montgomery words r - 1: the sums of products before a reduction are as large as they get
LARGEST = (FR_MODULUS - 1) * pow(1 << 256, -1, FR_MODULUS) % FR_MODULUS


def parameters_for_boxes(t: int, rounds_partial: int, boxed: int) -> list[int]:
    """Fast parameters with LARGEST for every weight, and constants such that, from the state zero,
    every S-box gives `boxed`."""
    d = t - 1
    root = pow(boxed, pow(5, -1, FR_MODULUS - 1), FR_MODULUS)
    mixed = [root - t * LARGEST * boxed] * t
    words = [d * LARGEST * boxed] * d  # newest first
    boxes = [boxed, *([0] * d)]
    partial = []
    for _ in range(rounds_partial + 1):
        partial.append(root - LARGEST * (sum(boxes) + sum(words)))
        words = [root, *words[:-1]]
        boxes = [boxed, *boxes[:-1]]
    boxes = boxes[1:]  # the newest is of the full round
    after = [root - LARGEST * (sum(words) + sum(boxes))] * t
    constants = [root] * t + mixed * 3 + after + mixed * 3 + partial
    weights = [LARGEST] * (t * t + d * d + t + d + 2 * d * d)
    return [x % FR_MODULUS for x in constants + weights]


@pytest.mark.parametrize("variant", variants.available())
@pytest.mark.parametrize("t", [2, 3, 5, 6, 8, 9, 10, 15, 16, 17])
def test_sums__the_largest_ones_leave_the_kernel_fully_reduced(t: int, variant: str) -> None:
    n, rounds_partial = 9, 40
    for step in range(40):  # the quotient of the reduction varies with the step
        boxed = (FR_MODULUS - 1 - step) * pow(1 << 256, -1, FR_MODULUS) % FR_MODULUS
        parameters = api.fr_from_ints(parameters_for_boxes(t, rounds_partial, boxed))
        states, out = np.zeros((n, t, 4), dtype=np.uint64), np.empty((n, t, 4), dtype=np.uint64)
        with variants.forced(variant):
            for rows in (1, n):
                arguments = (t, rounds_partial, parameters, len(parameters), 1)
                call("poseidon_permute", out, states, rows, *arguments)
                words = out[:rows].reshape(-1, 4)
                assert api.fr_first_noncanonical(words) == -1
                assert api.fr_to_ints(words) == [t * LARGEST * boxed % FR_MODULUS] * (t * rows)


def test_parameters__too_many_partial_rounds_are_refused() -> None:
    t, rounds_partial = 3, 81
    parameters = api.fr_from_ints(parameters_for_boxes(t, rounds_partial, 1))
    states = np.zeros((1, t, 4), dtype=np.uint64)
    with pytest.raises(ValueError, match="parameter"):
        call(
            "poseidon_permute",
            *(states, states, 1, t, rounds_partial, parameters, len(parameters), 1),
        )


SIZES = [0, 1, 3, 4, 7, 8, 9, 15, 16, 17, 33, 1000]


@pytest.mark.parametrize("variant", variants.available())
@pytest.mark.parametrize("t", [2, 3, 6, 17])
def test_batches__any_number_of_rows_is_hashed_row_by_row(t: int, variant: str) -> None:
    count = max(SIZES)
    inputs = api.fr_from_ints(pow(7, 40 + i, FR_MODULUS) for i in range(count * t))
    inputs = inputs.reshape(count, t, 4)
    firsts = inputs[:, 0].copy()
    with variants.forced("portable"):
        permuted = np.concatenate([api.poseidon_permute(row[None]) for row in inputs])
        zeros = np.concatenate([api.poseidon_hash(row[None, 1:]) for row in inputs])
    with variants.forced(variant):
        for n in SIZES:
            assert np.array_equal(api.poseidon_permute(inputs[:n]), permuted[:n])
            assert np.array_equal(api.poseidon_hash(inputs[:n, 1:]), zeros[:n])
            hashes = api.poseidon_hash(inputs[:n, 1:], firsts[:n])
            assert np.array_equal(hashes, permuted[:n, 0])
