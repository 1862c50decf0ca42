"""Choice by boolean wires."""

from __future__ import annotations

from itertools import product

import pytest

from circuits.frontend import Builder, CircuitError, Wire, engine
from circuits.frontend.gadget_circuit import gadget_circuit
from circuits.gadgets import select


def mux4(b: Builder, bit0: Wire, bit1: Wire, *options: Wire) -> Wire:
    return select.mux4(b, bit0, bit1, options)


@pytest.mark.parametrize("condition", [0, 1])
def test_select(condition: int) -> None:
    circuit = gadget_circuit(select.select, 3)
    assert circuit.accepts([condition, 30, 40], [30 if condition else 40])
    assert not circuit.accepts([condition, 30, 40], [40 if condition else 30])


def test_select_each_selects_every_pair() -> None:
    def gadget(b: Builder, condition: Wire, *x: Wire) -> list[Wire]:
        return select.select_each(b, condition, x[:2], x[2:])

    assert gadget_circuit(gadget, 5).accepts([1, 10, 11, 20, 21], [10, 11])
    assert gadget_circuit(gadget, 5).accepts([0, 10, 11, 20, 21], [20, 21])


@pytest.mark.parametrize(("bit0", "bit1"), [*product([0, 1], repeat=2)])
def test_mux4(bit0: int, bit1: int) -> None:
    options = [100, 200, 300, 400]
    circuit = gadget_circuit(mux4, 6)
    chosen = options[bit0 + 2 * bit1]
    for claim in options:
        assert circuit.accepts([bit0, bit1, *options], [claim]) == (claim == chosen)


def test_mux4_of_another_number_does_not_compile() -> None:
    with pytest.raises(CircuitError, match="4 options"):
        gadget_circuit(mux4, 5)


@pytest.mark.parametrize("bits", [*product([0, 1], repeat=2)])
def test_every_internal_wire_is_tied(bits: tuple[int, int]) -> None:
    circuit = gadget_circuit(mux4, 6)
    findings = engine.check(circuit.compiled, circuit.witness([*bits, 100, 200, 300, 400]))
    assert [finding for finding in findings if not finding.what.startswith("private input")] == []
