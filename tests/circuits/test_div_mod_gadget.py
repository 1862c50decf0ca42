"""Division with remainder."""

from __future__ import annotations

from itertools import product

import pytest

from circuits.frontend import CircuitError, engine
from circuits.frontend.gadget_circuit import GadgetCircuit, gadget_circuit
from circuits.gadgets.div_mod import div_mod
from native.constants import FR_MODULUS

TOP = (1 << 64) - 1


@pytest.fixture(scope="module")
def circuit() -> GadgetCircuit:
    return gadget_circuit(div_mod, 2, quotient_bits=64, divisor_bits=64)


@pytest.mark.parametrize(
    ("dividend", "divisor"),
    [
        (0, 1),
        (1, 1),
        (7, 2),
        (6, 7),
        (TOP, TOP),
        (TOP * TOP + TOP - 1, TOP),
        (TOP, 1),
        (10**30, 10**12),
    ],
)
def test_quotient_and_remainder(circuit: GadgetCircuit, dividend: int, divisor: int) -> None:
    assert circuit.accepts([dividend, divisor], list(divmod(dividend, divisor)))


@pytest.mark.parametrize(
    ("dividend", "divisor"),
    [(5, 0), (0, 0), (1 << 64, 1), (5, 1 << 64), (FR_MODULUS - 1, 1), (FR_MODULUS - 1, TOP)],
)
def test_out_of_bounds_is_refused(circuit: GadgetCircuit, dividend: int, divisor: int) -> None:
    assert not circuit.accepts([dividend, divisor])


def test_every_wire_is_tied(circuit: GadgetCircuit) -> None:
    for inputs in ([100, 7], [0, 3], [21, 7]):
        witness = circuit.witness(inputs)
        assert engine.check(circuit.compiled, witness) == []
        assert engine.check_hints(circuit.compiled, witness) == []


def test_widths_that_can_wrap_do_not_compile() -> None:
    with pytest.raises(CircuitError, match="wrap"):
        gadget_circuit(div_mod, 2, quotient_bits=130, divisor_bits=123)


def test_small_field_has_the_one_true_quotient() -> None:
    circuit = gadget_circuit(div_mod, 2, modulus=13, quotient_bits=1, divisor_bits=1)
    for dividend, divisor in product(range(13), repeat=2):
        found = [circuit.outputs(witness) for witness in circuit.all_witnesses([dividend, divisor])]
        valid = 0 < divisor < 2 and dividend // divisor < 2
        assert found == ([list(divmod(dividend, divisor))] if valid else [])
