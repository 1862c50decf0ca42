"""The account tree: 4-ary, of fixed depth, node = Poseidon(four children).

Digit k of index i (k = 0 at the leaves) is (i >> 2k) & 3: the place among its siblings of the node
on the path at height k.
"""

from __future__ import annotations

from typing import Protocol

from circuits.spec.account import EMPTY_ACCOUNT, Account
from circuits.spec.params import ARITY_BITS, SIBLINGS
from native.api import poseidon

ARITY = 1 << ARITY_BITS
Path = tuple[tuple[int, int, int], ...]
"""From the leaf up, the three siblings at each height in the order of their digits."""


class AccountTree(Protocol):
    """What the specification needs of a state tree, wherever it is stored."""

    @property
    def depth(self) -> int:
        """The number of levels between a leaf and the root."""

    @property
    def root(self) -> int:
        """The account tree root."""

    def account(self, index: int) -> Account:
        """The account at `index` (the empty account when nothing was set)."""

    def path(self, index: int) -> Path:
        """The siblings of leaf `index`."""

    def set_account(self, index: int, account: Account) -> None:
        """Replace one leaf."""


def digit(index: int, level: int) -> int:
    """The place of the path of leaf `index` among the four children at `level`."""
    return (index >> (ARITY_BITS * level)) & (ARITY - 1)


def empty_nodes(depth: int) -> list[int]:
    """The hash of an empty subtree of each height 0..depth."""
    nodes = [EMPTY_ACCOUNT.leaf()]
    for _ in range(depth):
        nodes.append(poseidon(*[nodes[-1]] * ARITY))
    return nodes


def root_of_path(leaf: int, index: int, path: Path) -> int:
    """The root that a leaf and its siblings give."""
    node = leaf
    for level, siblings in enumerate(path):
        place = digit(index, level)
        node = poseidon(*siblings[:place], node, *siblings[place:])
    return node


class MemoryTree:
    """The definition: sparse dictionaries of what differs from the empty tree."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self._empty = empty_nodes(depth)
        self._accounts: dict[int, Account] = {}
        self._nodes: dict[tuple[int, int], int] = {}

    @property
    def root(self) -> int:
        """The account tree root."""
        return self._node(self.depth, 0)

    def account(self, index: int) -> Account:
        """The account at `index`."""
        self._check(index)
        return self._accounts.get(index, EMPTY_ACCOUNT)

    def accounts(self) -> dict[int, Account]:
        """Every account that was set, by index."""
        return dict(self._accounts)

    def path(self, index: int) -> Path:
        """The siblings of leaf `index`."""
        self._check(index)
        return tuple(self._siblings(index, level) for level in range(self.depth))

    def set_account(self, index: int, account: Account) -> None:
        """Replace one leaf and rehash its path."""
        self._check(index)
        self._accounts[index] = account
        self._nodes[0, index] = account.leaf()
        for level in range(1, self.depth + 1):
            position = index >> (ARITY_BITS * level)
            children = (self._node(level - 1, ARITY * position + i) for i in range(ARITY))
            self._nodes[level, position] = poseidon(*children)

    def _siblings(self, index: int, level: int) -> tuple[int, int, int]:
        position = index >> (ARITY_BITS * level)
        first, place = position - position % ARITY, position % ARITY
        nodes = [self._node(level, first + i) for i in range(ARITY) if i != place]
        assert len(nodes) == SIBLINGS
        return nodes[0], nodes[1], nodes[2]

    def _node(self, level: int, position: int) -> int:
        return self._nodes.get((level, position), self._empty[level])

    def _check(self, index: int) -> None:
        if not 0 <= index < 1 << (ARITY_BITS * self.depth):
            raise ValueError(f"account index {index} is outside a tree of depth {self.depth}")
