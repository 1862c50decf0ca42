"""Row 17: no path for anything but a leaf of the tree, at its own index and depth.

The circuit is an account path as the rollup uses it: the leaf is Poseidon(6) of the account's
fields, and the index comes from `to_bits`. The plain tree holds sixteen accounts (depth 2).
"""

from __future__ import annotations

import random
from functools import cache

import pytest

from circuits.frontend import Builder, CompiledCircuit, Wire, compile_circuit, engine
from circuits.gadgets.bits import to_bits
from circuits.gadgets.merkle import root, update
from circuits.gadgets.poseidon import poseidon
from native.constants import FR_MODULUS
from native.reference.poseidon import poseidon as plain_poseidon
from tests.dishonest_prover import hint_wires, run_dishonestly, violations

DEPTH = 2
N_FIELDS = 6
RANDOM = random.Random(17)
ACCOUNTS = [[RANDOM.randrange(FR_MODULUS) for _ in range(N_FIELDS)] for _ in range(4**DEPTH - 1)]
EMPTY = [0] * N_FIELDS
ACCOUNTS.append(EMPTY)
Values = dict[str, int | list[int]]


def levels() -> list[list[int]]:
    found = [[plain_poseidon(*fields) for fields in ACCOUNTS]]
    while len(found[-1]) > 1:
        below = found[-1]
        found.append([plain_poseidon(*below[i : i + 4]) for i in range(0, len(below), 4)])
    return found


LEVELS = levels()
ROOT = LEVELS[-1][0]


def siblings_of(index: int) -> list[int]:
    found = []
    for k, level in enumerate(LEVELS[:-1]):
        own, first = index >> 2 * k, index >> 2 * k & ~3
        found += [level[i] for i in range(first, first + 4) if i != own]
    return found


def in_levels(wires: list[Wire]) -> list[list[Wire]]:
    return [wires[i : i + 3] for i in range(0, len(wires), 3)]


@cache
def path_circuit(depth: int = DEPTH, *, hashed_leaf: bool = True) -> CompiledCircuit:
    """Public root and index; the account's fields (or a bare leaf) and siblings are private."""

    def define(b: Builder) -> None:
        claimed, index = b.public_input("root"), b.public_input("index")
        fields = b.private_inputs("fields", N_FIELDS if hashed_leaf else 1)
        siblings = in_levels(b.private_inputs("siblings", 3 * depth))
        leaf = poseidon(b, fields) if hashed_leaf else fields[0]
        b.assert_equal(root(b, leaf, to_bits(b, index, 2 * depth), siblings), claimed)

    return compile_circuit(define)


def honest(index: int) -> Values:
    return {
        "root": ROOT,
        "index": index,
        "fields": ACCOUNTS[index],
        "siblings": siblings_of(index),
    }


def holds(values: Values, compiled: CompiledCircuit | None = None) -> bool:
    compiled = compiled or path_circuit()
    return engine.is_satisfied(compiled, engine.run(compiled, values))


@pytest.mark.parametrize("index", [0, 5, 10, 15])
def test_an_account_of_the_tree_has_a_path_at_its_own_index_only(index: int) -> None:
    assert holds(honest(index))
    for other in range(4**DEPTH):
        assert holds({**honest(index), "index": other}) == (other == index)


@pytest.mark.parametrize("pair", [(0, 1), (1, 2), (0, 2), (3, 4), (3, 5), (0, 3), (2, 5)], ids=str)
def test_swapped_siblings_are_refused(pair: tuple[int, int]) -> None:
    values = honest(6)
    siblings = list(siblings_of(6))
    i, j = pair
    siblings[i], siblings[j] = siblings[j], siblings[i]
    assert not holds({**values, "siblings": siblings})


@pytest.mark.parametrize("position", range(3 * DEPTH))
def test_another_sibling_is_refused(position: int) -> None:
    siblings = list(siblings_of(9))
    siblings[position] = (siblings[position] + 1) % FR_MODULUS
    assert not holds({**honest(9), "siblings": siblings})


@pytest.mark.parametrize("beyond", [1, 3])
def test_an_index_beyond_the_tree_is_refused(beyond: int) -> None:
    """The index modulo the size of the tree would be an alias of the account."""
    assert not holds({**honest(6), "index": 6 + beyond * 4**DEPTH})


def test_index_bits_that_are_no_bits_are_refused() -> None:
    """2 = 0 + 1 · 2 as bits, but also 2 + 0 · 2: a claimed bit of 2 would blend children."""
    compiled = path_circuit()
    low, high, *_ = [wire for wire, scope in hint_wires(compiled) if "to_bits" in scope]
    witness = run_dishonestly(compiled, honest(2), {low: 2, high: 0})
    assert any("to_bits" in scope for scope in violations(compiled, witness))


def test_a_path_of_the_wrong_depth_is_refused() -> None:
    """An upper node is a leaf of no account, and a longer path ends above the root."""
    node = LEVELS[1][2]
    others = [value for i, value in enumerate(LEVELS[1]) if i != 2]
    short: Values = {"root": ROOT, "index": 2, "fields": [node], "siblings": others}
    assert holds(short, path_circuit(1, hashed_leaf=False))  # the hole that a bare leaf would be
    for fields in (ACCOUNTS[8], [node, 0, 0, 0, 0, 0], [0, 0, *LEVELS[0][8:12]]):
        assert not holds({**short, "fields": fields}, path_circuit(1))
    longer = {**honest(6), "siblings": [*siblings_of(6), 0, 0, 0]}
    assert not holds(longer, path_circuit(DEPTH + 1))


def test_a_node_shown_as_a_leaf_is_refused() -> None:
    """The children of a node, padded to six fields in any way, hash to something else."""
    children = LEVELS[0][8:12]
    for fields in ([*children, 0, 0], [0, *children, 0], [0, 0, *children]):
        values = {**honest(2), "fields": fields}
        assert not holds(values)
        assert not holds({**values, "index": 8})


def test_a_leaf_shown_as_a_node_is_refused() -> None:
    """Fields of an account as the children one level further down."""
    fields = ACCOUNTS[6]
    for start in range(3):
        child, *rest = fields[start : start + 4]
        values: Values = {
            "root": ROOT,
            "index": 6 << 2,
            "fields": [child],
            "siblings": [*rest, *siblings_of(6)],
        }
        assert not holds(values, path_circuit(DEPTH + 1, hashed_leaf=False))


def test_a_zero_leaf_is_not_the_empty_account() -> None:
    empty_index = ACCOUNTS.index(EMPTY)
    assert holds(honest(empty_index))
    bare = path_circuit(hashed_leaf=False)
    leaf = LEVELS[0][empty_index]
    assert holds({**honest(empty_index), "fields": [leaf]}, bare)
    assert not holds({**honest(empty_index), "fields": [0]}, bare)
    assert not holds({**honest(6), "fields": EMPTY})
    assert not holds({**honest(6), "fields": EMPTY, "siblings": [0] * 6})


def test_a_zero_root_has_no_path() -> None:
    assert not holds({"root": 0, "index": 0, "fields": EMPTY, "siblings": [0] * 6})


def test_an_update_changes_nothing_but_its_leaf() -> None:
    """The siblings of the old root are those of the new one: nobody else's leaf can move along."""

    def define(b: Builder) -> None:
        old_root, new_root = b.public_inputs("roots", 2)
        leaves = b.private_inputs("leaves", 2)
        bits = to_bits(b, b.public_input("index"), 2 * DEPTH)
        siblings = in_levels(b.private_inputs("siblings", 3 * DEPTH))
        roots = update(b, *leaves, bits, siblings)
        b.assert_equal(roots.old, old_root)
        b.assert_equal(roots.new, new_root)

    compiled = compile_circuit(define)

    def new_root(changes: dict[int, int]) -> int:
        row = [changes.get(i, leaf) for i, leaf in enumerate(LEVELS[0])]
        while len(row) > 1:
            row = [plain_poseidon(*row[i : i + 4]) for i in range(0, len(row), 4)]
        return row[0]

    values: Values = {"index": 6, "leaves": [LEVELS[0][6], 77], "siblings": siblings_of(6)}
    for changes, expected in (({6: 77}, True), ({6: 77, 7: 1}, False), ({6: 77, 12: 1}, False)):
        roots = [ROOT, new_root(changes)]
        assert holds({**values, "roots": roots}, compiled) == expected
