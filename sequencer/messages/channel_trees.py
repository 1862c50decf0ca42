"""The message trees of the channels in a ledger: one `LeafStore` a channel, in a folder beside it.

The ledger is the truth; the files only save hashing. Every message in the ledger carries the root
that covers it, so one comparison tells whether a whole prefix is the same.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from eth_utils.address import to_checksum_address

from sequencer.errors import LeafStoreError, MessageError
from sequencer.messages.leaf_store import LeafStore
from sequencer.messages.ledger import Ledger
from sequencer.messages.tree import FinishedTree, MessageTree

_SUFFIX = ".leaves"
_NAME = re.compile(rf"(\d+)-(0x[0-9a-f]{{40}}){re.escape(_SUFFIX)}")
_PAGE = 10_000
_ATTEMPTS = 3


def trees_folder(database: Path) -> Path:
    """Where the trees of a ledger's channels are."""
    return database.with_name(database.name + ".trees")


@dataclass(frozen=True)
class CheckedTree:
    """A stored tree that was hashed again."""

    source_chain_id: int
    channel: str
    count: int
    root: bytes


class ChannelTrees:
    """The trees, kept up by the one process that follows the chains; close it in the end."""

    def __init__(self, ledger: Ledger, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._ledger = ledger
        self._folder = folder
        self._open: dict[tuple[int, str], LeafStore] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the files back."""
        while self._open:
            self._open.popitem()[1].close()

    def tree(self, source_chain_id: int, channel: str) -> LeafStore:
        """The tree of a channel with all messages that the ledger holds now.

        It is for proofs only. MessageError if the ledger's messages do not give its roots.
        """
        key = (source_chain_id, channel)
        if key not in self._open:
            path = _file(self._folder, *key)
            self._open[key] = LeafStore(path, source_chain_id, int(channel, 16))
        store = self._open[key]
        for _ in range(_ATTEMPTS):  # a chain may be rolled back in between
            if self._follow(store, *key):
                return store
        raise MessageError(
            str(store.path),
            "root",
            f"the leaves of channel {channel} on chain {source_chain_id} do not give its root; "
            "move the file and the ledger away to read the chain again",
        )

    def _follow(self, store: LeafStore, source_chain_id: int, channel: str) -> bool:
        """Drop what the ledger no longer says, add what is new; whether the roots agree then."""
        key = (source_chain_id, channel)
        held = self._ledger.message_count(*key)
        same = self._common(store, min(held, store.count), *key)
        if same < store.count:
            store.truncate(same)
        if same == held:
            return True
        for page in _pages(self._ledger, *key, same, held):
            store.extend(page)
        store.sync()
        return store.count == held and self._agrees(store, held, *key)

    def _common(self, store: LeafStore, most: int, source_chain_id: int, channel: str) -> int:
        """How many first leaves are those of the ledger, at most `most`."""
        low, high = 0, most  # the first `low` are the same; more than `high` are not looked at
        probe = most
        while low < high:
            if self._agrees(store, probe, source_chain_id, channel):
                low = probe
            else:
                high = probe - 1
            probe = (low + high + 1) // 2
        return low

    def _agrees(self, store: LeafStore, count: int, source_chain_id: int, channel: str) -> bool:
        return store.root(count) == _root(self._ledger, source_chain_id, channel, count)


@contextlib.contextmanager
def tree_for_reading(
    ledger: Ledger, folder: Path, source_chain_id: int, channel: str, count: int
) -> Iterator[FinishedTree]:
    """A tree that holds the first `count` messages of a channel, without changing any file.

    The stored one if it is there and has them, otherwise one in memory.
    """
    store = _stored(ledger, folder, source_chain_id, channel, count)
    if store is not None:
        with store:
            yield store
        return
    tree = MessageTree()
    for page in _pages(ledger, source_chain_id, channel, 0, count):
        for leaf in page:
            tree.append(leaf)
    yield tree


def check_trees(ledger: Ledger, folder: Path) -> list[CheckedTree]:
    """Hash every stored tree again and compare its root with the ledger's; no file is changed.

    LeafStoreError for a damaged file, MessageError for one whose leaves are not the ledger's.
    """
    return [_checked(ledger, path) for path in sorted(folder.glob(f"*{_SUFFIX}"))]


def _checked(ledger: Ledger, path: Path) -> CheckedTree:
    named = _NAME.fullmatch(path.name)
    if named is None:
        raise LeafStoreError(str(path), "name", "names no chain and channel; move it away")
    source_chain_id, channel = int(named[1]), to_checksum_address(named[2])
    with LeafStore(path, source_chain_id, int(channel, 16), writes=False) as store:
        root, count = store.verify(), store.count
    if count and root != _root(ledger, source_chain_id, channel, count):
        raise MessageError(
            str(path),
            "root",
            f"its {count} leaves do not give the ledger's root; a running relayer corrects that, "
            "otherwise move the file away to have it made again",
        )
    return CheckedTree(source_chain_id, channel, count, root)


def _stored(
    ledger: Ledger, folder: Path, source_chain_id: int, channel: str, count: int
) -> LeafStore | None:
    path = _file(folder, source_chain_id, channel)
    if not path.exists():
        return None
    store = LeafStore(path, source_chain_id, int(channel, 16), writes=False)
    if store.count >= count and store.root(count) == _root(ledger, source_chain_id, channel, count):
        return store
    store.close()
    return None


def _root(ledger: Ledger, source_chain_id: int, channel: str, count: int) -> bytes | None:
    accepted = ledger.message_at(source_chain_id, channel, count - 1)
    return None if accepted is None else accepted.root


def _file(folder: Path, source_chain_id: int, channel: str) -> Path:
    return folder / f"{source_chain_id}-{channel.lower()}{_SUFFIX}"


def _pages(
    ledger: Ledger, source_chain_id: int, channel: str, first: int, end: int
) -> Iterator[list[bytes]]:
    """The leaves from `first` to before `end`, as far as the ledger has them."""
    while first < end:
        page = ledger.leaves(source_chain_id, channel, first, min(_PAGE, end - first))
        if not page:
            return
        yield page
        first += len(page)
