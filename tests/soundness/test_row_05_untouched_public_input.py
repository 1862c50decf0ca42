"""Row 5: a public input that no constraint touches is no part of what is proved."""

from __future__ import annotations

import pytest

from circuits import registry
from circuits.frontend import Builder, CircuitError, Wire, compile_circuit, template
from native import api
from native.constants import FR_MODULUS


def test_untouched_public_input_does_not_compile() -> None:
    def define(b: Builder) -> None:
        b.public_input("ignored")
        b.assert_boolean(b.public_input("x"))

    with pytest.raises(CircuitError, match="'ignored'"):
        compile_circuit(define)


def test_input_that_cancels_is_untouched() -> None:
    @template
    def difference(b: Builder, left: Wire, right: Wire) -> None:
        b.assert_equal(left - right, 0)

    def define(b: Builder) -> None:
        x = b.public_input("x")
        difference(b, x + 1, x + 1)

    with pytest.raises(CircuitError, match="'x'"):
        compile_circuit(define)


def test_input_that_only_a_hint_reads_is_untouched() -> None:
    def define(b: Builder) -> None:
        b.assert_boolean(b.is_zero_hint(b.public_input("x")))

    with pytest.raises(CircuitError, match="'x'"):
        compile_circuit(define)


def test_last_of_many_public_inputs_is_looked_at() -> None:
    def define(b: Builder) -> None:
        for wire in b.public_inputs("x", 5)[:4]:
            b.assert_boolean(wire)

    with pytest.raises(CircuitError, match="'x'"):
        compile_circuit(define)


@pytest.mark.parametrize("name", ["rollup-tiny", "poseidon-chain-8"])
def test_changed_public_input_breaks_a_constraint(name: str) -> None:
    named = registry.named_circuit(name)
    compiled = named.compile()
    inputs = api.fr_to_ints(compiled.assign(named.example_inputs()))
    honest = api.fr_from_ints(inputs)
    assert compiled.r1cs.check(compiled.witness(honest)) is None
    for public in range(compiled.n_public):
        for value in (0, inputs[public] + 1, FR_MODULUS - inputs[public]):
            changed = [*inputs]
            changed[public] = value % FR_MODULUS
            witness = compiled.witness(api.fr_from_ints(changed))
            assert compiled.r1cs.check(witness) is not None
