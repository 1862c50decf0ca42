"""Row 6: x and x + r are one field element; only one of them may have bits."""

from __future__ import annotations

import pytest

from circuits.frontend import Builder, CircuitError, Wire, compile_circuit
from circuits.frontend.fragment import Op
from circuits.frontend.gadget_circuit import gadget_circuit
from circuits.gadgets.below_constant import to_bits_canonical
from circuits.gadgets.bits import from_bits
from native.constants import FR_MODULUS

N_BITS = 254
ALIASED = [0, 1, 12345, (1 << N_BITS) - 1 - FR_MODULUS]
"""Values whose sum with the modulus still has 254 bits, the largest of them last."""


def careless(b: Builder, x: Wire) -> list[Wire]:
    bits = b.bits_hint(x, N_BITS)
    for bit in bits:
        b.assert_boolean(bit)
    b.assert_equal(from_bits(b, bits), x)
    return bits


def _bits_of(wires: range, value: int) -> dict[int, int]:
    return {wire: value >> i & 1 for i, wire in enumerate(wires)}


@pytest.mark.parametrize("value", ALIASED)
def test_bits_of_value_plus_modulus_are_refused(value: int) -> None:
    circuit = gadget_circuit(to_bits_canonical, 1)
    (wires,) = circuit.hints(Op.BITS)
    assert circuit.accepts([value], lies=_bits_of(wires, value))
    assert not circuit.accepts([value], lies=_bits_of(wires, value + FR_MODULUS))


@pytest.mark.parametrize("value", ALIASED)
def test_plain_decomposition_of_254_bits_would_accept_both(value: int) -> None:
    circuit = gadget_circuit(careless, 1)
    (wires,) = circuit.hints(Op.BITS)
    assert circuit.accepts([value], lies=_bits_of(wires, value + FR_MODULUS))


@pytest.mark.parametrize("value", [FR_MODULUS, FR_MODULUS + 1, (1 << 256) - 1])
def test_input_at_or_above_the_modulus_is_refused(value: int) -> None:
    compiled = compile_circuit(lambda b: b.assert_boolean(b.private_input("x")))
    with pytest.raises(CircuitError, match="is not in"):
        compiled.assign({"x": value})
