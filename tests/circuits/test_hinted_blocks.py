"""Operations that hint several values at once: each of them is still the prover's to choose."""

from __future__ import annotations

from typing import Any

import pytest

from circuits.frontend import Builder, CircuitError, Wire, compile_circuit, engine
from circuits.frontend.gadget_circuit import GadgetCircuit, gadget_circuit
from circuits.frontend.machine import Machine
from circuits.gadgets.poseidon import permutation, poseidon
from native.reference.poseidon import poseidon as hash_of

INPUTS = [3, 4]


def unclaimed(result: Wire) -> None:
    """A gadget that returns nothing: its result is not compared with a public input."""


def loose(circuit: GadgetCircuit, inputs: list[int]) -> list[int]:
    findings = engine.check_hints(circuit.compiled, circuit.witness(inputs))
    return [finding.wire for finding in findings]


@pytest.mark.parametrize("dropped", [0, 1, 2])
def test_a_power_without_one_of_its_constraints_is_found(dropped: int) -> None:
    """Whoever lies about x² lets x⁴ and x⁵ follow: the constraints that are left all hold."""

    def careless(b: Builder, x: Wire) -> None:
        square, fourth, fifth = b.fifth_power_hint(x)
        claims = [(x, x, square), (square, square, fourth), (fourth, x, fifth)]
        for left, right, product in claims[:dropped] + claims[dropped + 1 :]:
            b.assert_product(left, right, product)

    circuit = gadget_circuit(careless, 1)
    assert loose(circuit, [7]) == [1 + circuit.compiled.n_inputs + dropped]


@pytest.mark.parametrize("dropped", [0, 2, 6, 7, 8, 40, 41, 42, 100, 200, 230, 237, 238, 239])
def test_a_permutation_without_one_of_its_constraints_is_found(
    dropped: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    constrain, seen = Builder.constrain, 0

    def forgetful(self: Builder, *terms: Any) -> None:
        nonlocal seen
        if seen != dropped:
            constrain(self, *terms)
        seen += 1

    monkeypatch.setattr(Builder, "constrain", forgetful)
    circuit = gadget_circuit(lambda b, x, y: unclaimed(poseidon(b, [x, y])), 2)
    monkeypatch.undo()
    assert circuit.cost == 239
    assert loose(circuit, INPUTS)


def test_a_permutation_with_all_its_constraints_is_tied() -> None:
    circuit = gadget_circuit(lambda b, x, y: poseidon(b, [x, y]), 2)
    witness = circuit.witness(INPUTS)
    assert circuit.outputs(witness) == [hash_of(*INPUTS)]
    assert engine.check_hints(circuit.compiled, witness) == []


def test_later_values_of_a_block_follow_from_a_lie() -> None:
    circuit = gadget_circuit(lambda b, x, y: poseidon(b, [x, y]), 2)
    honest = circuit.witness(INPUTS)
    # the result, the inputs and the first S-boxes come before the values of the permutation
    first = 1 + circuit.compiled.n_inputs + 6
    for position in (0, 1, 2, 27, 29, 100, 200, 232):
        lied = Machine(circuit.compiled).run(honest[1:4], {first + position: 5})
        assert lied[first + position] == 5
        assert lied[: first + position] == honest[: first + position]
        assert lied[first + position + 1 :] != honest[first + position + 1 :]


def test_check_unused_sees_every_value_of_a_block() -> None:
    def idle(b: Builder) -> None:
        x = b.private_input("x")
        square, fourth, _ = b.fifth_power_hint(x)
        b.assert_product(x, x, square)
        b.assert_equal(fourth, b.public_input("y"))

    compiled = compile_circuit(idle)
    assert [f.wire - compiled.n_inputs for f in engine.check_unused(compiled)] == [1, 2, 3]


def test_poseidon_has_no_meaning_over_another_field() -> None:
    with pytest.raises(CircuitError, match="modulus"):
        gadget_circuit(lambda b, *x: permutation(b, x), 3, modulus=101)
    with pytest.raises(CircuitError, match="width"):
        compile_circuit(lambda b: (b.poseidon_hint([b.constant(1)], first_word=True), None)[1])
