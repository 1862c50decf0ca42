"""Ranges."""

from __future__ import annotations

import pytest

from circuits.frontend import engine
from circuits.frontend.gadget_circuit import gadget_circuit
from circuits.gadgets.range_check import assert_in_range
from native.constants import FR_MODULUS


@pytest.mark.parametrize("n_bits", [1, 32, 64, 253])
def test_boundaries(n_bits: int) -> None:
    circuit = gadget_circuit(assert_in_range, 1, n_bits=n_bits)
    bound = 1 << n_bits
    assert all(circuit.accepts([x]) for x in (0, 1, bound - 1))
    assert not any(circuit.accepts([x]) for x in (bound, bound + 1, FR_MODULUS - 1))


def test_negative_numbers_are_out_of_range() -> None:
    circuit = gadget_circuit(assert_in_range, 1, n_bits=64)
    assert not any(circuit.accepts([FR_MODULUS - x]) for x in (1, 2, 1 << 63, 1 << 64))


def test_every_wire_is_tied() -> None:
    circuit = gadget_circuit(assert_in_range, 1, n_bits=16)
    witness = circuit.witness([0x1234])
    assert engine.check(circuit.compiled, witness) == []
    assert engine.check_hints(circuit.compiled, witness) == []


@pytest.mark.parametrize("n_bits", [1, 2, 4])
def test_exactly_the_range_has_a_witness_in_a_small_field(n_bits: int) -> None:
    circuit = gadget_circuit(assert_in_range, 1, modulus=31, n_bits=n_bits)
    accepted = [x for x in range(31) if any(circuit.all_witnesses([x]))]
    assert accepted == list(range(1 << n_bits))
