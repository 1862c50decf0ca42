"""Scope names of constraints, kept as arrays: node i has a parent, a name and an ordinal."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

import numpy as np

from circuits.frontend.context import Interner
from circuits.frontend.rows import U32

ROOT_SCOPE = 0


@dataclass(frozen=True)
class ScopeArrays:
    """A finished scope tree. Node 0 is the root; ordinals count equal names under one parent."""

    parents: U32
    names: U32
    ordinals: U32

    def __len__(self) -> int:
        return len(self.parents)


class ScopeDraft:
    """A scope tree under construction; whole finished trees are grafted in as array work."""

    def __init__(self, names: Interner[str], root_name: str) -> None:
        self._names = names
        self._ordinals: dict[tuple[int, int], int] = {}
        self._parent = array("I", [ROOT_SCOPE])
        self._name = array("I", [names.id(root_name)])
        self._ordinal = array("I", [0])

    def add(self, parent: int, name: str) -> int:
        """A new node below `parent`."""
        return self._append(parent, self._names.id(name))

    def graft(self, parent: int, tree: ScopeArrays) -> int:
        """Copy a finished tree below `parent`; returns the number of its root here."""
        root = self._append(parent, int(tree.names[ROOT_SCOPE]))
        if len(tree) > 1:
            self._parent.frombytes((tree.parents[1:] + np.uint32(root)).tobytes())
            self._name.frombytes(tree.names[1:].tobytes())
            self._ordinal.frombytes(tree.ordinals[1:].tobytes())
        return root

    def finish(self) -> ScopeArrays:
        """The tree as arrays."""
        columns = (self._parent, self._name, self._ordinal)
        return ScopeArrays(*(np.array(column, dtype=np.uint32) for column in columns))

    def _append(self, parent: int, name: int) -> int:
        ordinal = self._ordinals.get((parent, name), 0)
        self._ordinals[parent, name] = ordinal + 1
        node = len(self._parent)
        self._parent.append(parent)
        self._name.append(name)
        self._ordinal.append(ordinal)
        return node


@dataclass(frozen=True)
class ScopeTree:
    """Scopes with their names spelt out, for messages and statistics."""

    arrays: ScopeArrays
    names: tuple[str, ...]

    def path(self, node: int) -> str:
        """`batch/slot[3]/signature`; the root is the empty path."""
        parts: list[str] = []
        while node != ROOT_SCOPE:
            parts.append(self.label(node))
            node = int(self.arrays.parents[node])
        return "/".join(reversed(parts))

    def name(self, node: int) -> str:
        """The bare name of one node."""
        return self.names[int(self.arrays.names[node])]

    def label(self, node: int) -> str:
        """The name, with its ordinal where siblings share the name."""
        ordinal = int(self.arrays.ordinals[node])
        if ordinal == 0 and not self._has_twin(node):
            return self.name(node)
        return f"{self.name(node)}[{ordinal}]"

    def _has_twin(self, node: int) -> bool:
        arrays = self.arrays
        same_parent = arrays.parents == arrays.parents[node]
        same_name = arrays.names == arrays.names[node]
        return bool(np.any(same_parent & same_name & (arrays.ordinals == 1)))
