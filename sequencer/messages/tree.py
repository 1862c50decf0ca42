"""The ORMP message tree: depth 32, keccak256(left ‖ right), absent leaves are 32 zero bytes.

`Frontier` is the constant-size form that a contract keeps: one finished subtree a level, and the
count. A `FinishedTree` keeps every finished subtree, so it proves any leaf against the root after
any count: appending costs one hash on average, a root or a proof at most 32. `MessageTree` keeps
them in memory, `LeafStore` in a file.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

from eth_hash.auto import keccak

from sequencer.errors import MessageError

DEPTH = 32
MAX_LEAVES = (1 << DEPTH) - 1


def _zero_hashes() -> tuple[bytes, ...]:
    hashes = [bytes(32)]
    for _ in range(DEPTH):
        hashes.append(keccak(hashes[-1] + hashes[-1]))
    return tuple(hashes)


ZERO_HASHES = _zero_hashes()
"""`ZERO_HASHES[level]` is the root of a subtree of that height without leaves."""
EMPTY_ROOT = ZERO_HASHES[DEPTH]


def check_room(count: int, leaves: int = 1) -> None:
    """MessageError unless so many leaves fit behind the first `count`."""
    if count + leaves > MAX_LEAVES:
        raise MessageError("message tree", "count", f"full: it holds its {MAX_LEAVES} leaves")


class Frontier:
    """The tree as a contract stores it; bit `level` of the count says if `branch[level]` is in
    use.
    """

    def __init__(self, branch: Sequence[bytes] = ZERO_HASHES[:DEPTH], count: int = 0) -> None:
        if len(branch) != DEPTH or not 0 <= count <= MAX_LEAVES:
            raise MessageError(
                "message tree", "state", f"{len(branch)} branch nodes, count {count}"
            )
        self.branch = list(branch)
        self.count = count

    def append(self, leaf: bytes) -> None:
        """Add a leaf; MessageError when the tree is full."""
        check_room(self.count)
        self.count += 1
        node, size = leaf, self.count
        for level in range(DEPTH):
            if size & 1:
                self.branch[level] = node
                return
            node = keccak(self.branch[level] + node)
            size >>= 1

    def root(self) -> bytes:
        """The root over the leaves so far."""
        node = bytes(32)
        for level in range(DEPTH):
            if self.count >> level & 1:
                node = keccak(self.branch[level] + node)
            else:
                node = keccak(node + ZERO_HASHES[level])
        return node

    def prove_last(self) -> list[bytes]:
        """The siblings of the newest leaf, which is all that this form can prove."""
        if self.count == 0:
            raise MessageError("message tree", "proof", "the tree is empty")
        last = self.count - 1
        return [
            self.branch[level] if last >> level & 1 else ZERO_HASHES[level]
            for level in range(DEPTH)
        ]


class FinishedTree(ABC):
    """Roots and proofs from a tree's finished subtrees, wherever they are kept.

    A subtree is finished once all its leaves are there; from then on its root never changes. So
    the root after any count, and any proof against it, takes at most 32 of them and 32 hashes.
    """

    @property
    @abstractmethod
    def count(self) -> int:
        """The number of leaves."""

    @abstractmethod
    def finished(self, level: int, position: int) -> bytes:
        """The root of the subtree of 2^level leaves that begins at leaf position·2^level; the
        caller knows that it is finished.
        """

    def leaf(self, index: int) -> bytes:
        """The leaf at an index."""
        if not 0 <= index < self.count:
            raise MessageError("message tree", "index", f"{index} is outside 0 … {self.count - 1}")
        return self.finished(0, index)

    def root(self, count: int | None = None) -> bytes:
        """The root when the tree held `count` leaves (default: now)."""
        return self._unfinished(self._checked(count), DEPTH)[DEPTH]

    def prove(self, index: int, count: int | None = None) -> list[bytes]:
        """The 32 siblings of leaf `index` against `root(count)`, the lowest first."""
        count = self._checked(count)
        if not 0 <= index < count:
            raise MessageError("message tree", "index", f"{index} is outside 0 … {count - 1}")
        # An unfinished subtree is a sibling once: where the ways to `index` and `count` part.
        unfinished = self._unfinished(count, (index ^ count).bit_length() - 1)
        return [self._node(level, index >> level ^ 1, count, unfinished) for level in range(DEPTH)]

    def _checked(self, count: int | None) -> int:
        held = self.count
        if count is None:
            return held
        if not 0 <= count <= held:
            raise MessageError("message tree", "count", f"{count} is outside 0 … {held}")
        return count

    def _node(self, level: int, position: int, count: int, unfinished: list[bytes]) -> bytes:
        if position + 1 << level <= count:
            return self.finished(level, position)
        return unfinished[level] if position == count >> level else ZERO_HASHES[level]

    def _unfinished(self, count: int, top: int) -> list[bytes]:
        """For each level up to `top`, the subtree in which the next leaf, number `count`, would
        stand.
        """
        nodes = [bytes(32)]
        for level in range(top):
            if count >> level & 1:
                node = self.finished(level, (count >> level) - 1)
                nodes.append(keccak(node + nodes[level]))
            elif nodes[level] == ZERO_HASHES[level]:
                nodes.append(ZERO_HASHES[level + 1])
            else:
                nodes.append(keccak(nodes[level] + ZERO_HASHES[level]))
        return nodes


class MessageTree(FinishedTree):
    """The tree with all its finished subtrees in memory."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[] for _ in range(DEPTH + 1)]
        for leaf in leaves:
            self.append(leaf)

    @property
    def count(self) -> int:
        """The number of leaves."""
        return len(self._levels[0])

    def finished(self, level: int, position: int) -> bytes:
        """The root of a finished subtree."""
        return self._levels[level][position]

    def append(self, leaf: bytes) -> int:
        """Add a leaf and return its index; MessageError when the tree is full."""
        check_room(self.count)
        self._levels[0].append(leaf)
        for level in range(DEPTH):
            below = self._levels[level]
            if len(below) & 1:
                break
            self._levels[level + 1].append(keccak(below[-2] + below[-1]))
        return self.count - 1


def branch_root(leaf: bytes, siblings: Sequence[bytes], index: int) -> bytes:
    """The root that a leaf and its siblings lead to. Only the low 32 index bits count."""
    if len(siblings) != DEPTH:
        raise MessageError("message proof", "siblings", f"{len(siblings)} instead of {DEPTH}")
    node = leaf
    for level, sibling in enumerate(siblings):
        node = keccak(sibling + node if index >> level & 1 else node + sibling)
    return node
