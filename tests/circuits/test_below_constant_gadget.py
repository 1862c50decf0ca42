"""Bits of values below a constant: exhaustively over a small field, at the bounds over ours."""

from __future__ import annotations

import itertools

import pytest

from circuits.frontend import Builder, CompiledCircuit, compile_circuit, engine
from circuits.gadgets.below_constant import to_bits_below
from native.constants import FR_MODULUS
from native.reference.babyjubjub import BABYJUB_SUBORDER

SMALL_PRIME = 127


def bits_circuit(bound: int, *, modulus: int = FR_MODULUS) -> CompiledCircuit:
    def define(b: Builder) -> None:
        to_bits_below(b, b.private_input("x"), bound=bound)

    return compile_circuit(define, modulus=modulus)


def bit_values(witness: list[int], bound: int) -> list[int]:
    return witness[2 : 2 + (bound - 1).bit_length()]  # wire 1 is x, the hinted bits follow


@pytest.mark.parametrize("bound", [2, 3, 8, 42, 64, 65, 96, 100, 126, SMALL_PRIME])
def test_below__exactly_the_values_below_the_bound(bound: int) -> None:
    compiled = bits_circuit(bound, modulus=SMALL_PRIME)
    for x in range(SMALL_PRIME):
        witness = engine.run(compiled, {"x": x})
        assert engine.is_satisfied(compiled, witness) == (x < bound)
        if x < bound:
            assert bit_values(witness, bound) == [
                x >> i & 1 for i in range(len(bin(bound - 1)) - 2)
            ]


def test_below__no_hint_makes_a_large_value_pass() -> None:
    """Bound 5 over the field of 7 elements: every assignment of every wire, none is forged."""
    compiled = bits_circuit(5, modulus=7)
    for x in range(7):
        decompositions = set()
        for others in itertools.product(range(7), repeat=compiled.n_wires - 2):
            if engine.is_satisfied(compiled, [1, x, *others]):
                decompositions.add(tuple(others[:3]))
        assert decompositions == ({(x & 1, x >> 1 & 1, x >> 2)} if x < 5 else set())


@pytest.mark.parametrize("bound", [BABYJUB_SUBORDER, FR_MODULUS, 1 << 128], ids=["l", "r", "2^128"])
def test_below__at_the_bounds_of_large_constants(bound: int) -> None:
    compiled = bits_circuit(bound)
    for x in {0, 1, bound // 2, bound - 2, bound - 1, bound % FR_MODULUS, FR_MODULUS - 1}:
        witness = engine.run(compiled, {"x": x})
        assert engine.is_satisfied(compiled, witness) == (x < bound)


def test_below__a_second_decomposition_of_a_field_element_is_refused() -> None:
    """x + r has 254 bits as well and sums to x in the field, for every x below 2^254 - r."""
    compiled = bits_circuit(FR_MODULUS)
    x = 12345
    witness = engine.run(compiled, {"x": x})
    witness[2 : 2 + 254] = [(x + FR_MODULUS) >> i & 1 for i in range(254)]
    assert not engine.is_satisfied(compiled, witness)


def test_below__costs() -> None:
    assert bits_circuit(BABYJUB_SUBORDER).n_constraints == 360
    assert bits_circuit(FR_MODULUS).n_constraints == 344


def test_below__a_bound_outside_the_field_is_refused() -> None:
    with pytest.raises(ValueError, match=r"not in \[2, modulus\]"):
        bits_circuit(FR_MODULUS + 1)
