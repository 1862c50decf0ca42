"""4-ary Merkle paths against a plain tree."""

from __future__ import annotations

import random
from functools import cache

import pytest

from circuits.frontend import Builder, CompiledCircuit, compile_circuit, engine
from circuits.gadgets.merkle import root, update
from native.reference.poseidon import poseidon

DEPTH = 2
N_LEAVES = 4**DEPTH


def tree_levels(leaves: list[int]) -> list[list[int]]:
    levels = [leaves]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([poseidon(*below[i : i + 4]) for i in range(0, len(below), 4)])
    return levels


def siblings_of(levels: list[list[int]], index: int) -> list[int]:
    found = []
    for k, level in enumerate(levels[:-1]):
        own = index >> 2 * k
        first = own & ~3
        found += [level[i] for i in range(first, first + 4) if i != own]
    return found


def bits_of(index: int) -> list[int]:
    return [index >> i & 1 for i in range(2 * DEPTH)]


def in_levels(wires: list[object]) -> list[list[object]]:
    return [wires[i : i + 3] for i in range(0, len(wires), 3)]


@cache
def root_circuit() -> CompiledCircuit:
    def define(b: Builder) -> None:
        claimed = b.public_input("root")
        bits, siblings = (
            b.private_inputs("bits", 2 * DEPTH),
            b.private_inputs("siblings", 3 * DEPTH),
        )
        b.assert_equal(root(b, b.private_input("leaf"), bits, in_levels(siblings)), claimed)

    return compile_circuit(define)


@cache
def update_circuit() -> CompiledCircuit:
    def define(b: Builder) -> None:
        old, new = b.public_inputs("roots", 2)
        bits, siblings = (
            b.private_inputs("bits", 2 * DEPTH),
            b.private_inputs("siblings", 3 * DEPTH),
        )
        leaves = b.private_inputs("leaves", 2)
        roots = update(b, *leaves, bits, in_levels(siblings))
        b.assert_equal(roots.old, old)
        b.assert_equal(roots.new, new)

    return compile_circuit(define)


def some_leaves() -> list[int]:
    generator = random.Random(1)
    return [generator.getrandbits(250) for _ in range(N_LEAVES)]


def holds(compiled: CompiledCircuit, **values: int | list[int]) -> bool:
    return engine.is_satisfied(compiled, engine.run(compiled, values))


@pytest.mark.parametrize("index", range(N_LEAVES))
def test_root__every_position_of_a_tree(index: int) -> None:
    levels = tree_levels(some_leaves())
    path = {"bits": bits_of(index), "siblings": siblings_of(levels, index)}
    assert holds(root_circuit(), root=levels[-1][0], leaf=levels[0][index], **path)
    assert not holds(root_circuit(), root=levels[-1][0], leaf=levels[0][index] + 1, **path)


@pytest.mark.parametrize("index", range(N_LEAVES))
def test_update__both_roots_at_every_position(index: int) -> None:
    leaves = some_leaves()
    before = tree_levels(leaves)
    changed = [*leaves]
    changed[index] = 12345
    after = tree_levels(changed)
    path = {"bits": bits_of(index), "siblings": siblings_of(before, index)}
    roots = [before[-1][0], after[-1][0]]
    assert holds(update_circuit(), roots=roots, leaves=[leaves[index], 12345], **path)
    assert not holds(update_circuit(), roots=roots, leaves=[leaves[index], 12346], **path)
    assert not holds(update_circuit(), roots=roots[::-1], leaves=[leaves[index], 12345], **path)


def test_update__native_witnesses_satisfy_the_constraint_system() -> None:
    levels = tree_levels(some_leaves())
    compiled = update_circuit()
    for index in (0, 7, 15):
        leaves = [levels[0][index]] * 2
        values = {"bits": bits_of(index), "siblings": siblings_of(levels, index), "leaves": leaves}
        values["roots"] = [levels[-1][0]] * 2
        assert compiled.r1cs.check(compiled.witness(compiled.assign(values))) is None
        values["leaves"] = [leaves[0], 1]
        assert compiled.r1cs.check(compiled.witness(compiled.assign(values))) is not None


def test_merkle__the_path_must_fit_the_depth() -> None:
    def define(b: Builder) -> None:
        root(b, b.private_input("leaf"), b.private_inputs("bits", 3), [[b.constant(0)] * 3])

    with pytest.raises(ValueError, match="1 levels take 2 bits"):
        compile_circuit(define)


def test_merkle__costs() -> None:
    assert root_circuit().n_constraints == 302 * DEPTH + 1
    assert update_circuit().n_constraints == 597 * DEPTH + 2
