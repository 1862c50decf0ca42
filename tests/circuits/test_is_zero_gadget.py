"""Tests for zero."""

from __future__ import annotations

import pytest

from circuits.frontend import engine
from circuits.frontend.gadget_circuit import gadget_circuit
from circuits.gadgets.is_zero import assert_not_zero, is_equal, is_zero
from native.constants import FR_MODULUS

VALUES = [0, 1, 2, FR_MODULUS - 1, 1 << 200]


@pytest.mark.parametrize("x", VALUES)
def test_is_zero(x: int) -> None:
    circuit = gadget_circuit(is_zero, 1)
    assert circuit.accepts([x], [int(x == 0)])
    assert not circuit.accepts([x], [int(x != 0)])


@pytest.mark.parametrize("y", VALUES)
def test_is_equal(y: int) -> None:
    circuit = gadget_circuit(is_equal, 2)
    for x in VALUES:
        assert circuit.accepts([x, y], [int(x == y)])
        assert not circuit.accepts([x, y], [int(x != y)])


def test_not_zero() -> None:
    circuit = gadget_circuit(assert_not_zero, 1)
    assert all(circuit.accepts([x]) for x in VALUES[1:])
    assert not circuit.accepts([0])


@pytest.mark.parametrize("x", VALUES)
def test_every_wire_is_tied(x: int) -> None:
    circuit = gadget_circuit(is_zero, 1)
    witness = circuit.witness([x])
    assert engine.check(circuit.compiled, witness) == []
    assert engine.check_hints(circuit.compiled, witness) == []


@pytest.mark.parametrize("modulus", [3, 13, 31])
def test_witness_is_unique_in_small_fields(modulus: int) -> None:
    circuit = gadget_circuit(is_zero, 1, modulus=modulus)
    for x in range(modulus):
        witnesses = list(circuit.all_witnesses([x]))
        assert [circuit.outputs(witness) for witness in witnesses] == [[int(x == 0)]]
