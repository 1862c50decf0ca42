"""Row 4: a hint stands in for a check. Every hint output gets other values, and everything that
depends on it is recomputed, as a cheating prover would."""

from __future__ import annotations

import pytest

from circuits import registry
from circuits.frontend import Builder, Wire, engine
from circuits.frontend.gadget_circuit import gadget_circuit
from native import api


@pytest.mark.parametrize("name", ["rollup-tiny"])
def test_no_hint_of_a_shipped_circuit_can_lie(name: str) -> None:
    named = registry.named_circuit(name)
    compiled = named.compile()
    witness = api.fr_to_ints(compiled.witness(compiled.assign(named.example_inputs())))
    assert list(map(str, engine.check_hints(compiled, witness))) == []


def hinted_root(b: Builder, x: Wire) -> Wire:
    """Sound: the root is squared and compared, and its sign is fixed by a range."""
    root = b.sqrt_hint(x)
    b.assert_product(root, root, x)
    return root


def hinted_quotient(b: Builder, x: Wire) -> Wire:
    """Careless: nobody multiplies the quotient back."""
    quotient = b.divide_hint(x, b.constant(3))
    return quotient * quotient


def hinted_order(b: Builder, x: Wire) -> Wire:
    """Careless: a boolean is not yet the right boolean."""
    smaller = b.less_than_hint(x, b.constant(10))
    b.assert_boolean(smaller)
    return smaller


def _lies_that_pass(gadget: object, x: int) -> list[str]:
    def anonymous(b: Builder, wire: Wire) -> None:
        b.materialize(gadget(b, wire))  # type: ignore[operator]

    circuit = gadget_circuit(anonymous, 1)
    return [finding.what for finding in engine.check_hints(circuit.compiled, circuit.witness([x]))]


def test_careless_hints_are_named() -> None:
    assert _lies_that_pass(hinted_quotient, 12) == ["output of hint DIVIDE"]
    assert _lies_that_pass(hinted_order, 12) == ["output of hint LESS_THAN"]


def test_second_square_root_is_found_by_changing_the_sign() -> None:
    assert _lies_that_pass(hinted_root, 49) == ["output of hint SQRT"]


def test_sampling_by_place_still_finds_the_careless_line() -> None:
    def gadget(b: Builder, x: Wire) -> None:
        for _ in range(5):
            b.materialize(hinted_order(b, x))

    circuit = gadget_circuit(gadget, 1)
    witness = circuit.witness([4])
    assert len(engine.check_hints(circuit.compiled, witness)) == 5
    assert len(engine.check_hints(circuit.compiled, witness, per_place=2)) == 2
