"""Row 3: assigned but not constrained. Every wire of a valid witness is changed, one at a time."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from circuits import registry
from circuits.frontend import Builder, CompiledCircuit, Wire, compile_circuit, engine, template
from circuits.frontend.gadget_circuit import GadgetCircuit, gadget_circuit
from circuits.frontend.rows import Rows
from circuits.gadgets.below_constant import to_bits_canonical
from circuits.gadgets.bits import to_bits
from circuits.gadgets.compare import less_than
from circuits.gadgets.is_zero import is_zero


@pytest.mark.parametrize("name", ["rollup-tiny", "rollup-small", "poseidon-chain-10"])
def test_no_wire_of_a_shipped_circuit_is_free(name: str) -> None:
    named = registry.named_circuit(name)
    compiled = named.compile()
    witness = compiled.witness(compiled.assign(named.example_inputs()))
    assert list(map(str, engine.check(compiled, witness))) == []


@template
def leaky(b: Builder, x: Wire) -> Wire:
    with b.scope("halves"):
        low, high = b.bits_hint(x, 2)
        b.assert_boolean(low)
    return x * (low + 1) + high * 0


def test_free_hint_is_named_with_scope_and_line() -> None:
    compiled = compile_circuit(lambda b: b.assert_equal(leaky(b, b.private_input("x")), 6))
    (finding,) = engine.check(compiled, engine.run(compiled, {"x": 3}))
    assert finding.what == "output of hint BITS"
    assert finding.scope == "leaky/halves"
    assert finding.source.startswith("tests/soundness/test_row_03_unconstrained_wires.py:")


def test_free_input_is_named() -> None:
    def define(b: Builder) -> None:
        b.private_inputs("unused", 2)
        b.assert_boolean(b.private_input("x"))

    compiled = compile_circuit(define)
    findings = engine.check(compiled, engine.run(compiled, {"x": 1, "unused": [5, 6]}))
    assert [finding.what for finding in findings] == [
        "private input unused[0]",
        "private input unused[1]",
        "private input x",  # 0 is as good as 1
    ]


def test_invalid_witness_is_refused() -> None:
    compiled = compile_circuit(lambda b: b.assert_boolean(b.private_input("x")))
    with pytest.raises(ValueError, match="breaks constraint 0"):
        engine.check(compiled, [1, 2])


def _without(compiled: CompiledCircuit, index: int) -> CompiledCircuit:
    """The circuit with one constraint taken away."""

    def kept(rows: Rows) -> Rows:
        terms = rows.row_of_term() != index
        lengths = np.delete(rows.lengths, index)
        return Rows(lengths, rows.wires[terms], rows.coefs[terms])

    a, b, c = (kept(rows) for rows in (compiled.a, compiled.b, compiled.c))
    marks = np.delete(compiled.constraint_marks, index, axis=0)
    return replace(compiled, a=a, b=b, c=c, constraint_marks=marks)


@pytest.mark.parametrize(
    "circuit",
    [
        gadget_circuit(to_bits, 1, n_bits=2, modulus=7),
        gadget_circuit(to_bits_canonical, 1, modulus=7),
        gadget_circuit(is_zero, 1, modulus=7),
        gadget_circuit(less_than, 2, n_bits=1, modulus=7),
    ],
    ids=lambda circuit: circuit.compiled.name,
)
def test_every_constraint_of_a_gadget_is_needed(circuit: GadgetCircuit) -> None:
    """Changing one wire at a time cannot see everything (a bit that is not boolean needs a second
    wire to make up for it), so over a small field all witnesses are counted: without any one of
    its constraints a gadget has more of them."""
    honest = _number_of_witnesses(circuit)
    for index in range(circuit.cost):
        less = replace(circuit, compiled=_without(circuit.compiled, index))
        assert _number_of_witnesses(less) > honest, circuit.compiled.constraint_place(index)


def _number_of_witnesses(circuit: GadgetCircuit) -> int:
    values = range(circuit.compiled.modulus)
    n_inputs = circuit.compiled.n_inputs - circuit.n_outputs
    return sum(1 for x in product(values, repeat=n_inputs) for _ in circuit.all_witnesses(x))


def test_fast_check_agrees_with_changing_wires_by_hand() -> None:
    compiled = compile_circuit(lambda b: b.assert_equal(leaky(b, b.private_input("x")), 6))
    witness = engine.run(compiled, {"x": 3})
    fast = {finding.wire for finding in engine.check(compiled, witness)}
    assert fast == _naively_unnoticed(compiled, witness)


def _naively_unnoticed(compiled: CompiledCircuit, witness: list[int]) -> set[int]:
    unnoticed = set()
    for wire in range(1, compiled.n_wires):
        for change in (1, compiled.modulus - 1, 1 - 2 * witness[wire], 12345):
            changed = list(witness)
            changed[wire] = (changed[wire] + change) % compiled.modulus
            if changed != witness and engine.is_satisfied(compiled, changed):
                unnoticed.add(wire)
    return unnoticed
