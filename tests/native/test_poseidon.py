"""Poseidon against circomlibjs (tests/vectors/iden3.json): the definition and the fast kernels."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

from native import api
from native.constants import FR_MODULUS
from native.reference import poseidon as reference

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "iden3.json").read_text())

both = pytest.mark.parametrize("poseidon_module", [reference, api], ids=["reference", "native"])


def ints(strings: list[str]) -> list[int]:
    return [int(text) for text in strings]


@pytest.mark.parametrize("t", VECTORS["poseidon_constants"])
def test_constants__derived_from_the_lfsr_equal_the_published_ones(t: str) -> None:
    expected = VECTORS["poseidon_constants"][t]
    derived = reference.parameters(int(t))
    assert ints(expected["C"]) == derived.C
    assert [ints(row) for row in expected["M"]] == derived.M
    assert derived.rounds_full == expected["rounds_full"]
    assert derived.rounds_partial == expected["rounds_partial"]


def test_lfsr__leaps_give_the_bits_of_single_steps() -> None:
    seed = reference._grain_seed(3, 57)
    bits = [int(bit) for bit in seed]
    while len(bits) < 3000:
        bits.append(sum(bits[tap - 80] for tap in (0, 13, 23, 38, 51, 62)) % 2)
    assert reference._grain_stream(seed, 3000)[:3000] == "".join(map(str, bits))


@both
def test_hash__equals_every_published_row(poseidon_module: ModuleType) -> None:
    for row in VECTORS["poseidon"]:
        assert poseidon_module.poseidon(*ints(row["inputs"])) == int(row["hash"]), row


@pytest.mark.parametrize("t", range(2, 18))
def test_permutation__native_equals_every_published_word(t: int) -> None:
    rows = [row for row in VECTORS["poseidon_ex"] if len(row["inputs"]) == t - 1]
    for row in rows:
        state = [int(row["initial_state"]), *ints(row["inputs"])]
        expected = ints(row["outputs"])
        assert reference.poseidon_permute([state])[0][: row["n_out"]] == expected
        permuted = api.poseidon_permute(api.fr_from_ints(state).reshape(1, t, 4))
        assert api.fr_to_ints(permuted.reshape(t, 4))[: row["n_out"]] == expected


def test_hash__takes_an_initial_state_for_each_row() -> None:
    inputs = api.fr_from_ints([1, 2, 3, 4]).reshape(2, 2, 4)
    hashes = api.poseidon_hash(inputs, api.fr_from_ints([7, FR_MODULUS - 1]))
    expected = reference.poseidon_hash([[1, 2], [3, 4]], [7, FR_MODULUS - 1])
    assert api.fr_to_ints(hashes) == expected
    assert api.fr_to_ints(api.poseidon_hash(inputs)) != expected


@pytest.mark.parametrize("n", [0, 1, 2, 3, 129])
def test_hash__any_number_of_rows(n: int) -> None:
    hashes = api.poseidon_hash(api.fr_from_ints(range(2 * n)).reshape(n, 2, 4))
    assert api.fr_to_ints(hashes) == [reference.poseidon(2 * i, 2 * i + 1) for i in range(n)]


@both
@pytest.mark.parametrize("n_inputs", [0, 17])
def test_hash__refuses_a_width_without_parameters(
    poseidon_module: ModuleType, n_inputs: int
) -> None:
    with pytest.raises(ValueError, match="not in"):
        poseidon_module.poseidon(*range(n_inputs))


def test_hash__refuses_arrays_of_the_wrong_shape() -> None:
    with pytest.raises(ValueError, match="shape"):
        api.poseidon_hash(api.fr_from_ints([1, 2]))
    with pytest.raises(ValueError, match="initial"):
        api.poseidon_hash(api.fr_from_ints([1, 2]).reshape(2, 1, 4), api.fr_from_ints([1]))
