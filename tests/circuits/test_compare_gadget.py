"""Order of integers of a known width."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from operator import le, lt

import pytest

from circuits.frontend import CircuitError, engine
from circuits.frontend.gadget_circuit import gadget_circuit
from circuits.gadgets import compare

Order = Callable[[int, int], bool]
COMPARATORS: list[tuple[Callable[..., object], Order]] = [
    (compare.less_than, lt),
    (compare.less_or_equal, le),
    (compare.less_than_in_range, lt),
    (compare.less_or_equal_in_range, le),
]
by_name = pytest.mark.parametrize(
    ("gadget", "order"), COMPARATORS, ids=[gadget.__name__ for gadget, _ in COMPARATORS]
)


@by_name
@pytest.mark.parametrize("n_bits", [1, 64, 252])
def test_boundaries(gadget: Callable[..., object], order: Order, n_bits: int) -> None:
    circuit = gadget_circuit(gadget, 2, n_bits=n_bits)
    top = (1 << n_bits) - 1
    for x, y in product({0, 1, top - 1, top}, repeat=2):
        assert circuit.accepts([x, y], [int(order(x, y))])
        assert not circuit.accepts([x, y], [int(not order(x, y))])


@pytest.mark.parametrize("n_bits", [1, 64, 252])
def test_assert_less_or_equal(n_bits: int) -> None:
    circuit = gadget_circuit(compare.assert_less_or_equal, 2, n_bits=n_bits)
    top = (1 << n_bits) - 1
    for x, y in product({0, 1, top - 1, top}, repeat=2):
        assert circuit.accepts([x, y]) == (x <= y)


@by_name
@pytest.mark.parametrize("n_bits", [0, 253, 254])
def test_a_width_that_can_wrap_does_not_compile(
    gadget: Callable[..., object], order: Order, n_bits: int
) -> None:
    with pytest.raises(CircuitError, match=r"width|n_bits"):
        gadget_circuit(gadget, 2, n_bits=n_bits)


@by_name
def test_every_wire_is_tied(gadget: Callable[..., object], order: Order) -> None:
    circuit = gadget_circuit(gadget, 2, n_bits=16)
    for inputs in ([3, 9], [9, 3], [5, 5]):
        witness = circuit.witness(inputs)
        assert engine.check_hints(circuit.compiled, witness) == []
        unnoticed = engine.check(circuit.compiled, witness)
        assert unnoticed == []


@by_name
def test_small_field_has_one_witness_inside_the_range(
    gadget: Callable[..., object], order: Order
) -> None:
    circuit = gadget_circuit(gadget, 2, modulus=13, n_bits=2)
    for x, y in product(range(4), repeat=2):
        found = [circuit.outputs(witness) for witness in circuit.all_witnesses([x, y])]
        assert found == [[int(order(x, y))]]


@pytest.mark.parametrize("gadget", [compare.less_than, compare.less_or_equal])
def test_small_field_has_no_witness_outside_the_range(gadget: Callable[..., object]) -> None:
    circuit = gadget_circuit(gadget, 2, modulus=13, n_bits=2)
    for x, y in product(range(13), repeat=2):
        assert any(circuit.all_witnesses([x, y])) == (x < 4 and y < 4)
