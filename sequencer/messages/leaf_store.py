"""The message tree of one channel in a file: it grows without being held in memory.

The file is a header of 64 bytes, then nodes of 32 bytes. Each leaf is followed by the subtrees
that it finishes, the lowest first, so n leaves take 2n - popcount(n) nodes, and growing is nothing
but writing at the end. Whatever number of bytes reaches the file before a crash, the largest tree
that fits in it is a prefix of what was written; the next writer cuts off the rest. Nothing else is
stored: the count follows from the size, and a node's place from its level and position.

One process writes (it holds a lock), any number read. A reader sees a leaf when all its nodes are
there. Going back for a reorganised chain is `truncate`; the header counts the times, so that a
reader who was in the middle of a proof notices and starts again.

`sync` makes the leaves so far survive a loss of power; call it before recording elsewhere that they
are stored. A crash of the process alone loses nothing that was written.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from native import api
from sequencer.errors import LeafStoreError, LockedError, MessageError
from sequencer.messages.tree import DEPTH, MAX_LEAVES, FinishedTree, check_room

NODE = 32
HEADER = 64
MAGIC = b"tallystick leaf store 1\n"
CHUNK = 1 << 14  # leaves hashed and written in one step: a megabyte of nodes
PAGE = 4096
_ATTEMPTS = 100
_GENERATION_AT = len(MAGIC)
Nodes = NDArray[np.uint8]
T = TypeVar("T")


def nodes_of(count: int) -> int:
    """The number of nodes, leaves included, of a tree with `count` leaves."""
    return 2 * count - count.bit_count()


def leaves_in(nodes: int) -> int:
    """The number of leaves of the largest tree with at most so many nodes."""
    count = nodes // 2
    while nodes_of(count + 1) <= nodes:
        count += 1
    return count


class LeafStore(FinishedTree):
    """A stored message tree; close it, or use it in a `with` statement."""

    def __init__(self, path: Path, chain_id: int, channel: int, *, writes: bool = True) -> None:
        """Open the tree of a channel, whose address is a number; a writer creates what is missing.

        LeafStoreError if the file is another channel's, damaged at its end or no leaf store at
        all; LockedError if another process writes to it.
        """
        self.path = path
        self._writes = writes
        self._file = -1
        flags = os.O_RDWR | os.O_CREAT if writes else os.O_RDONLY
        try:
            self._file = os.open(path, flags | os.O_CLOEXEC, 0o644)
            # A proof reads single nodes far apart: what lies around them is not worth fetching.
            os.posix_fadvise(self._file, 0, 0, os.POSIX_FADV_RANDOM)
            self._begin(_header(chain_id, channel))
        except OSError as error:
            self.close()
            raise self._damaged("file", f"cannot be opened: {error.strerror}") from error
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give the file back; again is harmless."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def count(self) -> int:
        """The number of leaves."""
        return leaves_in((self._size() - HEADER) // NODE)

    def finished(self, level: int, position: int) -> bytes:
        """The root of a finished subtree."""
        last = (position + 1 << level) - 1
        return self._read(nodes_of(last) + level, 1)

    def root(self, count: int | None = None) -> bytes:
        """The root when the tree held `count` leaves (default: now)."""
        return self._in_one_generation(lambda: super(LeafStore, self).root(count))

    def prove(self, index: int, count: int | None = None) -> list[bytes]:
        """The 32 siblings of leaf `index` against `root(count)`, the lowest first."""
        self._announce(index, count if count is not None else self.count)
        return self._in_one_generation(lambda: super(LeafStore, self).prove(index, count))

    def append(self, leaf: bytes) -> int:
        """Add a leaf and return its index; MessageError when the tree is full."""
        self.extend([leaf])
        return self.count - 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaves of 32 bytes. What fails on the way leaves a prefix of them in the store."""
        self._require_writer()
        remaining, count = iter(leaves), self.count
        while chunk := list(islice(remaining, CHUNK)):
            if wrong := [leaf for leaf in chunk if len(leaf) != NODE]:
                raise MessageError("message tree", "leaf", f"{len(wrong[0])} bytes instead of 32")
            check_room(count, len(chunk))
            data = np.frombuffer(b"".join(chunk), dtype=np.uint8).reshape(-1, NODE)
            self._write(nodes_of(count), grown(count, self._peaks(count), data).tobytes())
            count += len(chunk)

    def truncate(self, count: int) -> None:
        """Go back to the first `count` leaves; MessageError if there are not so many."""
        self._require_writer()
        self._checked(count)
        # Counted before and after: whoever reads during either step finds another number.
        self._next_generation()
        os.ftruncate(self._file, HEADER + NODE * nodes_of(count))
        self._next_generation()

    def sync(self) -> None:
        """Return when all that was written is on the disk."""
        self._require_writer()
        os.fsync(self._file)

    def verify(self) -> bytes:
        """Hash the whole tree again and return its root.

        LeafStoreError names the first inner node that is not the hash of its children. A leaf that
        was altered together with all nodes above it shows only in the root.
        """
        for start, stored in self._chunks():
            leaves = leaves_in(nodes_of(start) + len(stored)) - start
            places = _places(0, start, leaves) - nodes_of(start)
            expected = grown(start, self._peaks(start), stored[places])
            wrong = np.flatnonzero((expected != stored).any(axis=1))
            if len(wrong):
                self._refuse_node(nodes_of(start) + int(wrong[0]))
        return self.root()

    def _begin(self, expected: bytes) -> None:
        """Check or write the header; a writer also cuts off what a crash left unfinished."""
        if self._writes:
            self._lock()
        found = os.pread(self._file, HEADER, 0)
        if self._writes and len(found) < HEADER and expected.startswith(found):
            os.pwrite(self._file, expected, 0)
            self._sync_folder()
        else:
            self._check_header(found, expected)
        if self._writes:
            count = self.count
            os.ftruncate(self._file, HEADER + NODE * nodes_of(count))
            self._check_peaks(count)

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockedError(f"{self.path} is being written by another process") from error

    def _sync_folder(self) -> None:
        """Make the new name survive a loss of power."""
        os.fsync(self._file)
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _check_header(self, found: bytes, expected: bytes) -> None:
        if len(found) < HEADER or not found.startswith(MAGIC):
            raise self._damaged("header", "this is not a message tree; name another file")
        if found[-32:] != expected[-32:]:
            chain_id, channel = int.from_bytes(found[-32:-20]), found[-20:].hex()
            raise self._damaged(
                "header",
                f"this is the tree of channel 0x{channel} on chain {chain_id}; name another file",
            )

    def _check_peaks(self, count: int) -> None:
        """That the newest subtrees hash to what is stored, which a lost page at the end breaks."""
        for level in range(1, DEPTH):
            if count >> level & 1:
                position = (count >> level) - 1
                pair = self.finished(level - 1, 2 * position)
                pair += self.finished(level - 1, 2 * position + 1)
                if _parents(pair).tobytes() != self.finished(level, position):
                    self._refuse_node(nodes_of((position + 1 << level) - 1) + level)

    def _refuse_node(self, number: int) -> None:
        last = leaves_in(number)
        raise self._damaged(
            f"node {number}",
            f"level {number - nodes_of(last)} above leaf {last} is not the hash of its children; "
            "truncate the tree to fewer leaves or rebuild it from the chain",
        )

    def _damaged(self, section: str, reason: str) -> LeafStoreError:
        return LeafStoreError(str(self.path), section, reason)

    def _require_writer(self) -> None:
        if not self._writes:
            raise MessageError("message tree", "access", f"{self.path} was opened for reading")

    def _size(self) -> int:
        return os.fstat(self._file).st_size

    def _read(self, number: int, nodes: int) -> bytes:
        """Consecutive nodes; MessageError if the file ended meanwhile."""
        data = os.pread(self._file, NODE * nodes, HEADER + NODE * number)
        if len(data) != NODE * nodes:
            raise MessageError("message tree", f"node {number}", "the tree has become shorter")
        return data

    def _announce(self, index: int, count: int) -> None:
        """Ask for all that a proof will read, so that a disk fetches it together."""
        places = set()
        for level in range(min(count, MAX_LEAVES).bit_length()):
            for position in (index >> level ^ 1, (count >> level) - 1):
                if 0 < position + 1 << level <= count:
                    number = nodes_of((position + 1 << level) - 1) + level
                    places.add((HEADER + NODE * number) // PAGE)
        for place in places:
            os.posix_fadvise(self._file, place * PAGE, PAGE, os.POSIX_FADV_WILLNEED)

    def _write(self, number: int, data: bytes) -> None:
        """All the bytes, whatever was behind the tree's end."""
        view = memoryview(data)
        while view:
            written = os.pwrite(self._file, view, HEADER + NODE * number + len(data) - len(view))
            view = view[written:]

    def _generation(self) -> bytes:
        return os.pread(self._file, 8, _GENERATION_AT)

    def _next_generation(self) -> None:
        number = int.from_bytes(self._generation()) + 1
        os.pwrite(self._file, number.to_bytes(8), _GENERATION_AT)

    def _in_one_generation(self, read: Callable[[], T]) -> T:
        """What `read` returns or raises when no truncation came in between."""
        for _ in range(_ATTEMPTS):
            before = self._generation()
            try:
                answer = read()
            except MessageError:
                if self._generation() == before:
                    raise
            else:
                if self._generation() == before:
                    return answer
        raise MessageError("message tree", "access", f"{self.path} is truncated all the time")

    def _peaks(self, count: int) -> list[bytes]:
        """The finished subtrees that are not part of a larger one, by level; b"" where none is."""
        return [
            self.finished(level, (count >> level) - 1) if count >> level & 1 else b""
            for level in range(DEPTH)
        ]

    def _chunks(self) -> Iterator[tuple[int, Nodes]]:
        """The nodes, in turn, of at most `CHUNK` leaves each, with the number of leaves before."""
        count = self.count
        for start in range(0, count, CHUNK):
            nodes = nodes_of(min(count, start + CHUNK)) - nodes_of(start)
            data = self._read(nodes_of(start), nodes)
            yield start, np.frombuffer(data, dtype=np.uint8).reshape(nodes, NODE)


def grown(count: int, peaks: list[bytes], leaves: Nodes) -> Nodes:
    """The nodes that `leaves` (n, 32) add to a tree of `count` leaves, in the file's order."""
    end = count + len(leaves)
    out = np.empty((nodes_of(end) - nodes_of(count), NODE), dtype=np.uint8)
    row = leaves
    for level in range(DEPTH):
        if not len(row):
            break
        out[_places(level, count >> level, len(row)) - nodes_of(count)] = row
        if count >> level & 1:
            left = np.frombuffer(peaks[level], dtype=np.uint8).reshape(1, NODE)
            row = np.concatenate([left, row])
        row = _parents(row[: len(row) & ~1])
    return out


def _places(level: int, first: int, n: int) -> NDArray[np.uint64]:
    """Where n subtrees of a level, from position `first`, stand among the nodes."""
    last = (np.arange(first + 1, first + 1 + n, dtype=np.uint64) << np.uint64(level)) - np.uint64(1)
    places: NDArray[np.uint64] = 2 * last - np.bitwise_count(last) + np.uint64(level)
    return places


def _parents(nodes: Nodes | bytes) -> Nodes:
    pairs = np.frombuffer(nodes, dtype=np.uint8) if isinstance(nodes, bytes) else nodes
    return api.keccak256_pairs(pairs.reshape(-1, 2 * NODE))


def _header(chain_id: int, channel: int) -> bytes:
    if not 0 <= chain_id < 1 << 96 or not 0 <= channel < 1 << 160:
        raise MessageError("message tree", "channel", f"{channel} on chain {chain_id}")
    return MAGIC + bytes(8) + chain_id.to_bytes(12) + channel.to_bytes(20)
