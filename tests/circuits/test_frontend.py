"""The circuit language: wires, constraints, templates, scopes, compilation."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from circuits.frontend import (
    Builder,
    CircuitError,
    CompiledCircuit,
    UnsatisfiedConstraint,
    Wire,
    compile_circuit,
    engine,
    template,
)
from circuits.system.validation import InvalidPart, validate_program
from native import api
from native.constants import FR_MODULUS


def compiled(define: Callable[[Builder], object], **options: int) -> CompiledCircuit:
    return compile_circuit(lambda b: (define(b), None)[1], name="test", **options)


def values_of(define: Callable[[Builder], object], **inputs: int | list[int]) -> list[int]:
    circuit = compiled(define)
    witness = engine.run(circuit, inputs)
    engine.assert_satisfied(circuit, witness)
    return witness


# -- wires --


def test_linear_arithmetic_is_free() -> None:
    def define(b: Builder) -> None:
        x, y = b.private_inputs("x", 2)
        combined = 3 * x - (y + 4) * 2 + (-x) - 1
        b.assert_equal(combined, b.public_input("out"))

    assert compiled(define).n_constraints == 1
    values_of(define, x=[10, 3], out=2 * 10 - 2 * 3 - 9)


def test_product_of_two_wires_is_one_constraint() -> None:
    def define(b: Builder) -> None:
        x = b.private_input("x")
        b.assert_equal(x * (x + 1), b.public_input("out"))

    assert compiled(define).n_constraints == 2
    values_of(define, x=6, out=42)


def test_product_with_a_constant_wire_is_free() -> None:
    def define(b: Builder) -> None:
        b.assert_equal(b.private_input("x") * b.constant(5), b.public_input("out"))

    assert compiled(define).n_constraints == 1


def test_wire_has_no_truth_value() -> None:
    with pytest.raises(TypeError, match="truth value"):
        compiled(lambda b: bool(b.private_input("x")))


@pytest.mark.parametrize("log_terms", [0, 3])
def test_linear_and_sum_agree_with_operators(log_terms: int) -> None:
    count = 1 << log_terms

    def define(b: Builder) -> None:
        wires = b.private_inputs("x", count)
        by_hand = b.constant(0)
        for i, wire in enumerate(wires):
            by_hand = by_hand + wire * (i - 2)
        together = b.linear([i - 2 for i in range(count)], wires)
        assert together.terms == by_hand.terms
        assert b.sum(wires).terms == b.linear([1] * count, wires).terms

    compiled(define)


# -- constraints --


def test_multiply_add_keeps_the_long_addend_out_of_a_and_b() -> None:
    def define(b: Builder) -> None:
        *many, x, y = b.private_inputs("x", 12)
        b.assert_equal(b.multiply_add(x, y, b.sum(many)), b.public_input("out"))

    circuit = compiled(define)
    assert (len(circuit.a.wires), len(circuit.b.wires)) == (1, 1)
    values_of(define, x=[*range(12)], out=10 * 11 + sum(range(10)))


@pytest.mark.parametrize(
    "claim",
    [
        lambda b: b.assert_equal(b.constant(2), 3),
        lambda b: b.assert_product(b.constant(2), 3, 7),
        lambda b: b.assert_boolean(b.constant(2)),
    ],
)
def test_false_claim_about_constants_does_not_compile(claim: Callable[[Builder], None]) -> None:
    with pytest.raises(CircuitError, match="false"):
        compiled(claim)


def test_true_claim_about_constants_is_free() -> None:
    def define(b: Builder) -> None:
        b.assert_equal(b.constant(3), 3)
        b.assert_product(b.constant(2), 3, 6)
        b.assert_boolean(b.constant(1))

    assert compiled(define).n_constraints == 0


def test_materialize_gives_a_single_wire() -> None:
    def define(b: Builder) -> None:
        x = b.private_input("x")
        made = b.materialize(x * 3 + 4)
        assert list(made.terms.values()) == [1]
        b.assert_equal(made, b.public_input("out"))

    values_of(define, x=5, out=19)


# -- inputs --


def test_public_inputs_come_first_whatever_the_order_of_declaration() -> None:
    def define(b: Builder) -> None:
        x = b.private_input("x")
        square = x * x
        b.assert_equal(square, b.public_input("out"))
        y = b.private_inputs("y", 2)
        b.assert_product(y[0], y[1], square)

    circuit = compiled(define)
    assert [(s.name, s.first) for s in circuit.symbols] == [("out", 1), ("x", 2), ("y", 3)]
    witness = values_of(define, out=36, x=6, y=[4, 9])
    assert witness[:5] == [1, 36, 6, 4, 9]


@pytest.mark.parametrize(
    ("inputs", "complaint"),
    [
        ({"x": 1, "y": [1, 2]}, "no input named"),
        ({}, "missing"),
        ({"x": [1, 2]}, "has 2 values, want 1"),
        ({"x": FR_MODULUS}, "is not in"),
        ({"x": -1}, "is not in"),
    ],
)
def test_inputs_that_do_not_fit_are_refused(inputs: dict[str, int], complaint: str) -> None:
    circuit = compiled(lambda b: b.assert_boolean(b.private_input("x")))
    with pytest.raises(CircuitError, match=complaint):
        circuit.assign(inputs)


def test_one_name_is_declared_once() -> None:
    with pytest.raises(CircuitError, match="declared twice"):
        compiled(lambda b: (b.private_input("x"), b.private_inputs("x", 2)))


# -- templates --


@dataclass(frozen=True)
class Point:
    x: Wire
    y: Wire


@template
def power(b: Builder, base: Wire, *, exponent: int) -> Wire:
    result = base
    for _ in range(exponent - 1):
        result = result * base
    return result


@template
def swapped_sum(b: Builder, point: Point, others: list[tuple[Wire, Wire]]) -> tuple[Point, int]:
    total = b.sum([left * right for left, right in others])
    cubes = [power(b, total + point.x - point.y, exponent=3) for _ in range(2)]
    return Point(point.y + cubes[0], point.x - cubes[1] + total), 7


def test_template_is_traced_once_for_each_shape_and_statics() -> None:
    calls = []

    @template
    def traced(b: Builder, x: Wire, *, k: int) -> Wire:
        calls.append(k)
        return x * x + k

    def define(b: Builder) -> None:
        x = b.private_input("x")
        for _ in range(5):
            x = traced(b, x, k=1)
        traced(b, x, k=2)

    compiled(define)
    assert calls == [1, 2]


def test_nested_templates_compute_what_plain_code_computes() -> None:
    def define(b: Builder) -> None:
        x, y, z = b.private_inputs("x", 3)
        point, seven = swapped_sum(b, Point(x + y, 2 * z), [(x, y), (y - 1, b.constant(5))])
        b.assert_equal(point.x, b.public_input("px"))
        b.assert_equal(point.y, b.public_input("py"))
        b.assert_equal(seven, 7)

    x, y, z = 3, 8, 11
    total = x * y + (y - 1) * 5
    cube = (total + x + y - 2 * z) ** 3
    values_of(define, x=[x, y, z], px=2 * z + cube, py=(x + y - cube + total) % FR_MODULUS)


@pytest.mark.parametrize("repeat", [1, 2])
def test_arguments_that_share_wires_are_merged(repeat: int) -> None:
    """x - x inside the template vanishes; no row may name a wire twice."""

    @template
    def difference(b: Builder, left: Wire, right: Wire) -> Wire:
        return b.multiply_add(left - right, left + right, left - right)

    def define(b: Builder) -> None:
        x, y = b.private_inputs("x", 2)
        for _ in range(repeat):
            b.assert_equal(difference(b, x, x), 0)
            b.assert_equal(difference(b, x + 2 * y, y - x), b.public_input(f"out{_}"))

    circuit = compiled(define)
    for rows in (circuit.a, circuit.b, circuit.c, circuit.pool):
        keys = rows.row_of_term() << 32 | rows.wires
        assert len(np.unique(keys)) == len(keys)
        assert 0 not in [circuit.coefficients[i] for i in rows.coefs]
    x, y = 5, 9
    out = (2 * x + y) * 3 * y + 2 * x + y
    values_of(define, x=[x, y], **{f"out{i}": out for i in range(repeat)})


def test_wire_of_another_builder_is_refused() -> None:
    def define(b: Builder) -> None:
        outer = b.private_input("x")

        @template
        def leaking(inner: Builder, y: Wire) -> Wire:
            return y + outer

        leaking(b, outer)

    with pytest.raises(CircuitError, match="pass it as an argument"):
        compiled(define)


def test_input_inside_a_template_is_refused() -> None:
    @template
    def greedy(b: Builder, x: Wire) -> Wire:
        return b.private_input("more")

    with pytest.raises(CircuitError, match="declare it at the top"):
        compiled(lambda b: greedy(b, b.private_input("x")))


def test_unhashable_static_is_refused() -> None:
    with pytest.raises(CircuitError, match="hashable"):
        compiled(lambda b: power(b, b.private_input("x"), exponent=[3]))  # type: ignore[arg-type]


# -- scopes and errors --


def _scoped(b: Builder) -> None:
    x = b.private_input("x")
    with b.scope("slot[3]"):
        power(b, x, exponent=3)
        with b.scope("check"):
            b.assert_equal(power(b, x, exponent=3), 27)


def test_violated_constraint_is_named_with_scope_source_and_values() -> None:
    circuit = compiled(_scoped)
    with pytest.raises(UnsatisfiedConstraint) as caught:
        engine.assert_satisfied(circuit, engine.run(circuit, {"x": 4}))
    error = caught.value
    assert error.scope == "slot[3]/check"
    assert error.source.startswith("tests/circuits/test_frontend.py:")
    assert (error.a, error.b, error.c) == (0, 0, 64 - 27)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_constraint_inside_a_template_keeps_its_scope_and_line() -> None:
    circuit = compiled(_scoped)
    witness = engine.run(circuit, {"x": 3})
    witness[-1] += 1
    with pytest.raises(UnsatisfiedConstraint) as caught:
        engine.assert_satisfied(circuit, witness)
    assert caught.value.scope == "slot[3]/check/power"
    line = int(caught.value.source.rpartition(":")[2])
    with open(__file__) as source:
        assert "result = result * base" in source.readlines()[line - 1]


def test_first_violated_constraint_is_the_one_the_native_check_names() -> None:
    circuit = compiled(_scoped)
    witness = engine.run(circuit, {"x": 3})
    witness[3] += 1
    with pytest.raises(UnsatisfiedConstraint) as caught:
        engine.assert_satisfied(circuit, witness)
    assert circuit.r1cs.check(api.fr_from_ints(witness)) == caught.value.index


# -- witness and parallel segments --


def _hints(b: Builder) -> None:
    x, y = b.private_inputs("x", 2)
    outputs = [b.inverse_or_zero(x), b.is_zero_hint(x), *b.bits_hint(x, 20), b.divide_hint(x, y)]
    outputs += [b.less_than_hint(x, y), *b.divmod_hint(x, y), b.sqrt_hint(x * x), b.sqrt_hint(x)]
    calls = b.parallel(power, [[wire + 1] for wire in outputs[:4]], exponent=4)
    b.parallel(swapped_sum, [[Point(w, x), [(y, w)]] for w in calls])
    b.materialize(b.sum(outputs))


@pytest.mark.parametrize("inputs", [[7, 3], [0, 3], [5, 0], [0, 0], [FR_MODULUS - 1, 2**200]])
@pytest.mark.parametrize("threads", [1, 2])
def test_native_witness_equals_that_of_the_engine(inputs: list[int], threads: int) -> None:
    circuit = compiled(_hints)
    native = circuit.witness(circuit.assign({"x": inputs}), threads)
    assert api.fr_to_ints(native) == engine.run(circuit, {"x": inputs})


def test_parallel_calls_are_segments_of_equal_level() -> None:
    levels = compiled(_hints).program.segments[:, 2].tolist()
    assert levels == [0, 1, 1, 1, 1, 2, 2, 2, 2, 3]


def test_lanes_may_share_sums_of_inputs_but_not_what_they_compute() -> None:
    def define(b: Builder, shares_product: bool) -> None:
        x, y = b.private_inputs("x", 2)
        made: list[Wire] = []

        def first() -> None:
            made.append(x * y if shares_product else x * 3 + y)
            b.materialize(x)

        b.lanes([first, lambda: b.materialize(made[0] + 1)])

    good = compiled(lambda b: define(b, False))
    assert good.program.segments[:, 2].tolist() == [0, 0]
    validate_program(good.program, good.r1cs)
    bad = compiled(lambda b: define(b, True))
    with pytest.raises(InvalidPart, match="not written before"):
        validate_program(bad.program, bad.r1cs)


def test_parallel_inside_a_template_survives_stamping() -> None:
    @template
    def outer(b: Builder, x: Wire) -> Wire:
        return b.sum(b.parallel(power, [[x], [x + 1]], exponent=3)) * x

    def define(b: Builder) -> None:
        x = b.private_input("x")
        b.assert_equal(outer(b, outer(b, x)), b.public_input("out"))

    levels = compiled(define).program.segments[:, 2].tolist()
    assert levels == [0, 0, 1, 2, 2, 3]
    first = (2**3 + 3**3) * 2
    values_of(define, x=2, out=(first**3 + (first + 1) ** 3) * first)


@pytest.mark.parametrize("modulus", [7, 13, 101])
def test_square_roots_over_small_primes(modulus: int) -> None:
    circuit = compiled(lambda b: b.sqrt_hint(b.private_input("x")), modulus=modulus)
    squares = {root * root % modulus for root in range(modulus)}
    for x in range(modulus):
        root = engine.run(circuit, {"x": x})[-1]
        assert root <= (modulus - 1) // 2
        assert root * root % modulus == (x if x in squares else 0)


def test_small_field_circuit_has_no_r1cs() -> None:
    circuit = compiled(lambda b: b.assert_boolean(b.private_input("x")), modulus=13)
    with pytest.raises(CircuitError, match="for tests only"):
        _ = circuit.r1cs
