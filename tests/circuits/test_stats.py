"""Constraints by scope."""

from __future__ import annotations

import json

import pytest

from circuits import registry
from circuits.frontend import Builder, CompiledCircuit, Wire, compile_circuit, template
from circuits.frontend.stats import by_scope, speedscope, tree_lines


@template
def square(b: Builder, x: Wire) -> Wire:
    return x * x


def define(b: Builder) -> None:
    x = b.private_input("x")
    for i in range(3):
        with b.scope(f"round[{i}]"):
            x = square(b, square(b, x)) * x
    b.assert_equal(x, b.public_input("out"))


@pytest.fixture(scope="module")
def compiled() -> CompiledCircuit:
    return compile_circuit(define, name="rounds")


def test_totals_add_up(compiled: CompiledCircuit) -> None:
    root = by_scope(compiled)
    assert (root.name, root.own, root.total) == ("rounds", 1, compiled.n_constraints)
    first = root.children["round[0]"]
    assert (first.own, first.total, first.count) == (1, 3, 1)
    squares = first.children["square"]
    assert (squares.own, squares.total, squares.count) == (2, 2, 2)


def test_tree_is_printed_by_falling_size(compiled: CompiledCircuit) -> None:
    lines = list(tree_lines(by_scope(compiled), max_depth=1))
    assert [line.split()[0] for line in lines] == ["10", "3", "3", "3"]
    assert lines[0].endswith("100.0 %  rounds")
    assert any("×2" in line for line in tree_lines(by_scope(compiled)))


@pytest.mark.parametrize("name", ["poseidon-chain-8", "rollup-tiny"])
def test_flame_graph_has_every_constraint_once(name: str) -> None:
    compiled = registry.compile_named(name)
    flame = json.loads(json.dumps(speedscope(by_scope(compiled))))
    (profile,) = flame["profiles"]
    assert sum(profile["weights"]) == profile["endValue"] == compiled.n_constraints
    n_frames = len(flame["shared"]["frames"])
    assert all(0 <= frame < n_frames for sample in profile["samples"] for frame in sample)
