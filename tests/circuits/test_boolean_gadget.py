"""Truth values."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from circuits.frontend import engine
from circuits.frontend.gadget_circuit import gadget_circuit
from circuits.gadgets import boolean
from native.constants import FR_MODULUS

TABLES: dict[Callable[..., object], Callable[[int, int], int]] = {
    boolean.logic_and: lambda x, y: x & y,
    boolean.logic_or: lambda x, y: x | y,
    boolean.logic_xor: lambda x, y: x ^ y,
}


@pytest.mark.parametrize("value", [0, 1])
def test_boolean_is_accepted_and_tied(value: int) -> None:
    circuit = gadget_circuit(boolean.assert_boolean, 1)
    assert circuit.accepts([value])
    changes = {finding.change for finding in engine.check(circuit.compiled, [1, value])}
    assert changes <= {"+ 1", "- 1", "replaced by 1 - value"}  # the other truth value


@pytest.mark.parametrize("value", [2, FR_MODULUS - 1, (FR_MODULUS + 1) // 2, 1 << 128])
def test_anything_else_is_refused(value: int) -> None:
    assert not gadget_circuit(boolean.assert_boolean, 1).accepts([value])


@pytest.mark.parametrize("modulus", [3, 7, 127])
def test_exactly_0_and_1_are_boolean_in_small_fields(modulus: int) -> None:
    circuit = gadget_circuit(boolean.assert_boolean, 1, modulus=modulus)
    assert [x for x in range(modulus) if circuit.accepts([x])] == [0, 1]


@pytest.mark.parametrize("gadget", TABLES, ids=lambda gadget: gadget.__name__)
@pytest.mark.parametrize(("x", "y"), [*product([0, 1], repeat=2)])
def test_truth_table(gadget: Callable[..., object], x: int, y: int) -> None:
    circuit = gadget_circuit(gadget, 2)
    result = TABLES[gadget](x, y)
    assert circuit.accepts([x, y], [result])
    assert not circuit.accepts([x, y], [1 - result])


@pytest.mark.parametrize("x", [0, 1])
def test_not(x: int) -> None:
    circuit = gadget_circuit(boolean.logic_not, 1)
    assert circuit.accepts([x], [1 - x])
    assert not circuit.accepts([x], [x])
