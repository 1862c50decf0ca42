"""Row 2: a gadget's verdict that nobody reads, or that a prover can turn around."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from circuits import registry
from circuits.frontend import Builder, Wire, engine
from circuits.frontend.fragment import Op
from circuits.frontend.gadget_circuit import gadget_circuit
from circuits.gadgets import compare
from circuits.gadgets.boolean import logic_and
from circuits.gadgets.is_zero import is_equal

FLAGS: list[tuple[Callable[..., Wire], dict[str, int]]] = [
    (is_equal, {}),
    (compare.less_than, {"n_bits": 16}),
    (compare.less_or_equal, {"n_bits": 16}),
    (compare.less_than_in_range, {"n_bits": 16}),
    (compare.less_or_equal_in_range, {"n_bits": 16}),
]
flags = pytest.mark.parametrize(
    ("gadget", "statics"), FLAGS, ids=[gadget.__name__ for gadget, _ in FLAGS]
)


@flags
@pytest.mark.parametrize("inputs", [[3, 9], [9, 3], [7, 7]])
def test_flipped_flag_is_refused(
    gadget: Callable[..., Wire], statics: dict[str, int], inputs: list[int]
) -> None:
    circuit = gadget_circuit(gadget, 2, **statics)
    (flag,) = circuit.honest_outputs(inputs)
    assert circuit.accepts(inputs, [flag])
    assert not circuit.accepts(inputs, [1 - flag])


@flags
@pytest.mark.parametrize("inputs", [[3, 9], [9, 3], [7, 7]])
def test_no_flipped_wire_inside_turns_the_flag(
    gadget: Callable[..., Wire], statics: dict[str, int], inputs: list[int]
) -> None:
    """Each wire that is 0 or 1 is flipped, all that follows is recomputed and claimed."""
    circuit = gadget_circuit(gadget, 2, **statics)
    honest = circuit.witness(inputs)
    first = 1 + circuit.compiled.n_inputs
    for wire in (w for w in range(first, circuit.compiled.n_wires) if honest[w] in (0, 1)):
        assert not circuit.accepts(inputs, lies={wire: 1 - honest[wire]})


def test_flag_that_is_only_a_hint_can_be_flipped() -> None:
    """The same attack on a careless gadget succeeds, and `check_hints` names it."""

    def careless(b: Builder, x: Wire, y: Wire) -> Wire:
        flag = b.is_zero_hint(x - y)
        b.assert_boolean(flag)
        return flag

    circuit = gadget_circuit(careless, 2)
    ((flag,),) = circuit.hints(Op.IS_ZERO)
    assert circuit.accepts([3, 9], lies={flag: 1})

    def with_careless_flag(b: Builder, x: Wire, y: Wire) -> None:
        b.materialize(careless(b, x, y))

    around = gadget_circuit(with_careless_flag, 2)
    findings = engine.check_hints(around.compiled, around.witness([3, 9]))
    assert [finding.what for finding in findings] == ["output of hint IS_ZERO"]


@pytest.mark.parametrize("name", ["rollup-tiny", "poseidon-chain-8"])
def test_shipped_circuits_forget_no_verdict(name: str) -> None:
    assert engine.check_unused(registry.compile_named(name)) == []


def test_check_names_a_verdict_that_is_computed_and_forgotten() -> None:
    def forgetful(b: Builder, x: Wire, y: Wire) -> None:
        b.assert_product(x, y, 27)
        with b.scope("forgotten"):
            logic_and(b, x, y)

    circuit = gadget_circuit(forgetful, 2)
    (finding,) = engine.check_unused(circuit.compiled)
    assert (finding.scope, finding.what) == ("forgotten", "result of MULADD")
