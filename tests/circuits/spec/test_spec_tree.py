"""The account tree against its definition: every node hashed anew."""

from __future__ import annotations

import random

import pytest

from circuits.spec.account import EMPTY_ACCOUNT, Account
from circuits.spec.globals import GENESIS, Globals, genesis_state_root, state_root
from circuits.spec.tree import MemoryTree, empty_nodes, root_of_path
from native.reference.poseidon import poseidon

DEPTH = 2


def naive_root(accounts: dict[int, Account]) -> int:
    """All leaves, then all nodes, level by level."""
    nodes = [poseidon(*accounts.get(index, EMPTY_ACCOUNT).fields()) for index in range(4**DEPTH)]
    while len(nodes) > 1:
        nodes = [poseidon(*nodes[i : i + 4]) for i in range(0, len(nodes), 4)]
    return nodes[0]


def filled(seed: int) -> MemoryTree:
    random_ = random.Random(seed)
    tree = MemoryTree(DEPTH)
    for _ in range(9):
        account = Account((random_.getrandbits(200), 1), random_.getrandbits(32), 5)
        tree.set_account(random_.randrange(4**DEPTH), account)
    return tree


def test_the_root_is_the_hash_of_everything() -> None:
    tree = filled(1)
    assert tree.root == naive_root(tree.accounts())
    assert MemoryTree(DEPTH).root == naive_root({}) == empty_nodes(DEPTH)[-1]


def test_every_path_leads_to_the_root() -> None:
    tree = filled(2)
    for index in range(4**DEPTH):
        leaf, path = tree.account(index).leaf(), tree.path(index)
        assert len(path) == DEPTH
        assert root_of_path(leaf, index, path) == tree.root


def test_the_order_of_writing_does_not_matter() -> None:
    tree = filled(3)
    again = MemoryTree(DEPTH)
    for index, account in sorted(tree.accounts().items(), reverse=True):
        again.set_account(index, account)
    assert again.root == tree.root


@pytest.mark.parametrize("index", [-1, 4**DEPTH])
def test_an_index_outside_is_refused(index: int) -> None:
    tree = MemoryTree(DEPTH)
    for action in (tree.account, tree.path, lambda i: tree.set_account(i, EMPTY_ACCOUNT)):
        with pytest.raises(ValueError, match="outside a tree of depth 2"):
            action(index)


def test_the_state_root_covers_every_global() -> None:
    ones = [Globals(**{name: 1}) for name in vars(GENESIS)]
    roots = {state_root(7, globals_) for globals_ in (GENESIS, *ones)}
    assert len(roots) == 5
    assert state_root(7, GENESIS) == poseidon(7, poseidon(0, 0, 0, 0))
    assert genesis_state_root(DEPTH) == state_root(MemoryTree(DEPTH).root, GENESIS)
