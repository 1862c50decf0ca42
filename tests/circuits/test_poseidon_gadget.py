"""The Poseidon gadget against the reference and against circomlibjs."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from circuits.frontend import Builder, CompiledCircuit, compile_circuit, engine
from circuits.gadgets.poseidon import permutation, poseidon
from native import api
from native.constants import FR_MODULUS
from native.reference.poseidon import ROUNDS_PARTIAL, poseidon_permute

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "iden3.json").read_text())
SIZES = range(1, 17)


@cache
def hash_circuit(n_inputs: int, initial_state: int = 0) -> CompiledCircuit:
    def define(b: Builder) -> None:
        claimed = b.public_input("hash")
        inputs = b.private_inputs("inputs", n_inputs)
        b.assert_equal(poseidon(b, inputs, initial_state=initial_state), claimed)

    return compile_circuit(define, name=f"poseidon-{n_inputs}")


def assignment(row: dict[str, Any]) -> dict[str, int | list[int]]:
    return {"hash": int(row["hash"]), "inputs": [int(x) for x in row["inputs"]]}


def is_satisfied(compiled: CompiledCircuit, values: dict[str, int | list[int]]) -> bool:
    return compiled.r1cs.check(compiled.witness(compiled.assign(values))) is None


def vectors_of(n_inputs: int) -> list[dict[str, Any]]:
    return [row for row in VECTORS["poseidon"] if len(row["inputs"]) == n_inputs]


@pytest.mark.parametrize("n_inputs", SIZES)
def test_poseidon__every_circomlibjs_vector_satisfies_the_circuit(n_inputs: int) -> None:
    compiled = hash_circuit(n_inputs)
    rows = vectors_of(n_inputs)
    assert rows
    for row in rows:
        assert is_satisfied(compiled, assignment(row)), row


@pytest.mark.parametrize("n_inputs", SIZES)
def test_poseidon__another_hash_is_unsatisfied(n_inputs: int) -> None:
    compiled = hash_circuit(n_inputs)
    values = assignment(vectors_of(n_inputs)[0])
    wrong = {**values, "hash": (int(str(values["hash"])) + 1) % FR_MODULUS}
    assert not is_satisfied(compiled, wrong)


@pytest.mark.parametrize("n_inputs", SIZES)
def test_poseidon__the_native_machine_fills_the_witness_of_the_engine(n_inputs: int) -> None:
    compiled = hash_circuit(n_inputs)
    values = assignment(vectors_of(n_inputs)[-1])
    witness = engine.run(compiled, values)
    engine.assert_satisfied(compiled, witness)
    assert witness == api.fr_to_ints(compiled.witness(compiled.assign(values)))


@pytest.mark.parametrize("initial_state", [0, 7, FR_MODULUS - 1])
def test_poseidon__a_static_initial_state_is_absorbed(initial_state: int) -> None:
    compiled = hash_circuit(2, initial_state)
    expected = poseidon_permute([[initial_state, 3, 4]])[0][0]
    assert engine.is_satisfied(compiled, engine.run(compiled, {"hash": expected, "inputs": [3, 4]}))


@pytest.mark.parametrize("first", [None, 5])
def test_permutation__all_words_match_the_reference(first: int | None) -> None:
    def define(b: Builder) -> None:
        words = b.private_inputs("words", 3 if first is None else 2)
        for found, claimed in zip(
            permutation(b, words, first=first), b.public_inputs("claimed", 3), strict=True
        ):
            b.assert_equal(found, claimed)

    compiled = compile_circuit(define)
    words = [5, 6, 7]
    claimed = poseidon_permute([words])[0]
    given = words if first is None else words[1:]
    assert engine.is_satisfied(compiled, engine.run(compiled, {"words": given, "claimed": claimed}))
    claimed[2] += 1
    witness = engine.run(compiled, {"words": given, "claimed": claimed})
    assert not engine.is_satisfied(compiled, witness)


@pytest.mark.parametrize("n_inputs", SIZES)
def test_poseidon__costs_three_constraints_an_s_box(n_inputs: int) -> None:
    s_boxes = 8 * (n_inputs + 1) + ROUNDS_PARTIAL[n_inputs - 1] - 1  # the capacity's first is free
    assert hash_circuit(n_inputs).n_constraints == 3 * s_boxes + 1
