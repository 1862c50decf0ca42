"""Bit decompositions."""

from __future__ import annotations

import random

import pytest

from circuits.frontend import CircuitError, engine
from circuits.frontend.gadget_circuit import gadget_circuit
from circuits.gadgets.below_constant import to_bits_canonical
from circuits.gadgets.bits import to_bits
from native.constants import FR_MODULUS

WIDTHS = [1, 2, 64, 253]


@pytest.mark.parametrize("n_bits", WIDTHS)
def test_bits_of_the_boundaries(n_bits: int) -> None:
    circuit = gadget_circuit(to_bits, 1, n_bits=n_bits)
    for value in {0, 1, (1 << n_bits) - 1, random.Random(1).randrange(1 << n_bits)}:
        assert circuit.accepts([value], [value >> i & 1 for i in range(n_bits)])


@pytest.mark.parametrize("n_bits", WIDTHS)
def test_wider_values_are_refused(n_bits: int) -> None:
    circuit = gadget_circuit(to_bits, 1, n_bits=n_bits)
    for value in (1 << n_bits, (1 << n_bits) + 1, FR_MODULUS - 1):
        assert not circuit.accepts([value])


@pytest.mark.parametrize("n_bits", [0, -1, 254, 300])
def test_a_width_with_two_decompositions_does_not_compile(n_bits: int) -> None:
    with pytest.raises(CircuitError, match="n_bits"):
        gadget_circuit(to_bits, 1, n_bits=n_bits)


def test_other_bits_are_refused() -> None:
    circuit = gadget_circuit(to_bits, 1, n_bits=8)
    assert not circuit.accepts([5], [1, 0, 1, 0, 0, 0, 0, 1])


@pytest.mark.parametrize("value", [0, 1, 77, FR_MODULUS - 1, FR_MODULUS >> 1, (1 << 253) + 12345])
def test_canonical_bits(value: int) -> None:
    circuit = gadget_circuit(to_bits_canonical, 1)
    assert circuit.accepts([value], [value >> i & 1 for i in range(254)])


@pytest.mark.parametrize("value", [0, 5, 200])
def test_every_wire_is_tied(value: int) -> None:
    circuit = gadget_circuit(to_bits, 1, n_bits=8)
    assert engine.check(circuit.compiled, circuit.witness([value])) == []
    assert engine.check_hints(circuit.compiled, circuit.witness([value])) == []


@pytest.mark.parametrize("modulus", [7, 13, 31])
def test_canonical_bits_are_the_only_ones_in_small_fields(modulus: int) -> None:
    circuit = gadget_circuit(to_bits_canonical, 1, modulus=modulus)
    n_bits = modulus.bit_length()
    for x in range(modulus):
        found = [circuit.outputs(witness) for witness in circuit.all_witnesses([x])]
        assert found == [[x >> i & 1 for i in range(n_bits)]]


@pytest.mark.parametrize("modulus", [7, 13, 31])
def test_short_bits_are_the_only_ones_in_small_fields(modulus: int) -> None:
    n_bits = modulus.bit_length() - 1
    circuit = gadget_circuit(to_bits, 1, modulus=modulus, n_bits=n_bits)
    for x in range(modulus):
        found = [circuit.outputs(witness) for witness in circuit.all_witnesses([x])]
        assert found == ([[x >> i & 1 for i in range(n_bits)]] if x >> n_bits == 0 else [])
