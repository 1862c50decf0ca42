"""Row 1: a value without a bit length slips past a comparison by wrapping around the field."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from circuits.frontend import CircuitError
from circuits.frontend.fragment import Op
from circuits.frontend.gadget_circuit import gadget_circuit
from circuits.gadgets import compare
from circuits.gadgets.range_check import assert_in_range
from native.constants import FR_MODULUS

WIDTH = 64
CHECKED = [compare.less_than, compare.less_or_equal]
checked = pytest.mark.parametrize("gadget", CHECKED, ids=lambda gadget: gadget.__name__)


@checked
@pytest.mark.parametrize("k", [WIDTH, WIDTH + 1, 127, 253])
def test_power_of_two_from_the_width_on_is_refused(gadget: Callable[..., object], k: int) -> None:
    circuit = gadget_circuit(gadget, 2, n_bits=WIDTH)
    for inputs in ([1 << k, 5], [5, 1 << k], [1 << k, 1 << k]):
        assert not any(circuit.accepts(inputs, [claim]) for claim in (0, 1))


@checked
@pytest.mark.parametrize("value", [0, 1, 5, (1 << WIDTH) - 1])
def test_value_plus_modulus_is_refused(gadget: Callable[..., object], value: int) -> None:
    """As an input it is not a field element; as lying bits it does not fit."""
    circuit = gadget_circuit(gadget, 2, n_bits=WIDTH)
    with pytest.raises(CircuitError, match="is not in"):
        circuit.accepts([value + FR_MODULUS, 5])
    for wires in circuit.hints(Op.BITS):
        honest = circuit.witness([value, 5])
        claimed = sum(honest[wire] << i for i, wire in enumerate(wires)) + FR_MODULUS
        lies = {wire: claimed >> i & 1 for i, wire in enumerate(wires)}
        assert not circuit.accepts([value, 5], lies=lies)


@checked
@pytest.mark.parametrize("distance", [1, 2, 1 << 63, 1 << 64, FR_MODULUS >> 1])
def test_negative_value_is_not_smaller(gadget: Callable[..., object], distance: int) -> None:
    circuit = gadget_circuit(gadget, 2, n_bits=WIDTH)
    assert not any(circuit.accepts([FR_MODULUS - distance, 5], [claim]) for claim in (0, 1))


@pytest.mark.parametrize("k", [WIDTH, WIDTH + 1, 253])
def test_range_check_refuses_powers_of_two(k: int) -> None:
    assert not gadget_circuit(assert_in_range, 1, n_bits=WIDTH).accepts([1 << k])


def test_unchecked_comparison_alone_would_be_fooled() -> None:
    """Why the checked names exist: modulus - 1 (that is, -1) counts as below 5 without a range."""
    circuit = gadget_circuit(compare.less_than_in_range, 2, n_bits=WIDTH)
    assert circuit.accepts([FR_MODULUS - 1, 5], [1])


def test_row_of_the_difference_refuses_a_larger_left_side() -> None:
    circuit = gadget_circuit(compare.assert_less_or_equal, 2, n_bits=WIDTH)
    assert not any(circuit.accepts([x, 5]) for x in (6, 1 << 32, (1 << WIDTH) - 1, 1 << 200))
