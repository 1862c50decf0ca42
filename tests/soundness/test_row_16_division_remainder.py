"""Row 16: an unconstrained remainder lets a prover shift multiples of the divisor into it."""

from __future__ import annotations

import pytest

from circuits.frontend import Builder, Wire
from circuits.frontend.fragment import Op
from circuits.frontend.gadget_circuit import GadgetCircuit, gadget_circuit
from circuits.gadgets.div_mod import div_mod
from native.constants import FR_MODULUS


@pytest.fixture(scope="module")
def circuit() -> GadgetCircuit:
    return gadget_circuit(div_mod, 2, quotient_bits=64, divisor_bits=64)


def _lies(circuit: GadgetCircuit, quotient: int, remainder: int) -> dict[int, int]:
    ((q_wire, r_wire),) = circuit.hints(Op.DIVMOD)
    return {q_wire: quotient % FR_MODULUS, r_wire: remainder % FR_MODULUS}


@pytest.mark.parametrize(("dividend", "divisor"), [(100, 7), (21, 7), (1 << 100, 1 << 60), (7, 1)])
@pytest.mark.parametrize("steps", [-2, -1, 1, 2])
def test_shifted_quotient_is_refused(
    circuit: GadgetCircuit, dividend: int, divisor: int, steps: int
) -> None:
    quotient, remainder = divmod(dividend, divisor)
    honest = _lies(circuit, quotient, remainder)
    shifted = _lies(circuit, quotient + steps, remainder - steps * divisor)
    assert circuit.accepts([dividend, divisor], lies=honest)
    assert not circuit.accepts([dividend, divisor], lies=shifted)


@pytest.mark.parametrize("remainder", [0, 1, 6])
def test_quotient_in_the_field_instead_of_the_integers_is_refused(
    circuit: GadgetCircuit, remainder: int
) -> None:
    """(100 - remainder) / 7 mod r times 7 is 100 - remainder as well, but no small integer."""
    wrapped = (100 - remainder) * pow(7, -1, FR_MODULUS)
    lies = _lies(circuit, wrapped, remainder)
    assert circuit.accepts([100, 7], lies=lies) == (remainder == 100 % 7)


def test_division_without_remainder_check_would_accept_the_shift() -> None:
    def careless(b: Builder, x: Wire, y: Wire) -> tuple[Wire, Wire]:
        quotient, remainder = b.divmod_hint(x, y)
        b.assert_product(quotient, y, x - remainder)
        return quotient, remainder

    circuit = gadget_circuit(careless, 2)
    assert circuit.accepts([100, 7], lies=_lies(circuit, 13, 9))
