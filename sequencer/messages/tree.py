"""The ORMP message tree: depth 32, keccak256(left ‖ right), absent leaves are 32 zero bytes.

`Frontier` is the constant-size form that a contract keeps: one finished subtree a level, and the
count. `MessageTree` keeps every finished subtree, so it proves any leaf against the root after any
count: appending costs one hash on average, a root or a proof at most 32.
"""

from __future__ import annotations

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


def _check_room(count: int) -> None:
    if count >= MAX_LEAVES:
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
        _check_room(self.count)
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


class MessageTree:
    """The tree with all its finished subtrees."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[] for _ in range(DEPTH + 1)]
        for leaf in leaves:
            self.append(leaf)

    @property
    def count(self) -> int:
        """The number of leaves."""
        return len(self._levels[0])

    def leaf(self, index: int) -> bytes:
        """The leaf at an index."""
        return self._levels[0][index]

    def append(self, leaf: bytes) -> int:
        """Add a leaf and return its index; MessageError when the tree is full."""
        _check_room(self.count)
        self._levels[0].append(leaf)
        for level in range(DEPTH):
            below = self._levels[level]
            if len(below) & 1:
                break
            self._levels[level + 1].append(keccak(below[-2] + below[-1]))
        return self.count - 1

    def root(self, count: int | None = None) -> bytes:
        """The root when the tree held `count` leaves (default: now)."""
        count = self._checked(count)
        return self._unfinished(count)[DEPTH]

    def prove(self, index: int, count: int | None = None) -> list[bytes]:
        """The 32 siblings of leaf `index` against `root(count)`, the lowest first."""
        count = self._checked(count)
        if not 0 <= index < count:
            raise MessageError("message tree", "index", f"{index} is outside 0 … {count - 1}")
        unfinished = self._unfinished(count)
        return [self._node(level, index >> level ^ 1, count, unfinished) for level in range(DEPTH)]

    def _checked(self, count: int | None) -> int:
        if count is None:
            return self.count
        if not 0 <= count <= self.count:
            raise MessageError("message tree", "count", f"{count} is outside 0 … {self.count}")
        return count

    def _node(self, level: int, position: int, count: int, unfinished: list[bytes]) -> bytes:
        if position + 1 << level <= count:
            return self._levels[level][position]
        return unfinished[level] if position == count >> level else ZERO_HASHES[level]

    def _unfinished(self, count: int) -> list[bytes]:
        """For each level, the subtree in which the next leaf, number `count`, would stand."""
        nodes = [bytes(32)]
        for level in range(DEPTH):
            if count >> level & 1:
                finished = self._levels[level][(count >> level) - 1]
                nodes.append(keccak(finished + nodes[level]))
            elif nodes[level] == ZERO_HASHES[level]:
                nodes.append(ZERO_HASHES[level + 1])
            else:
                nodes.append(keccak(nodes[level] + ZERO_HASHES[level]))
        return nodes


def branch_root(leaf: bytes, siblings: Sequence[bytes], index: int) -> bytes:
    """The root that a leaf and its siblings lead to. Only the low 32 index bits count."""
    if len(siblings) != DEPTH:
        raise MessageError("message proof", "siblings", f"{len(siblings)} instead of {DEPTH}")
    node = leaf
    for level, sibling in enumerate(siblings):
        node = keccak(sibling + node if index >> level & 1 else node + sibling)
    return node
