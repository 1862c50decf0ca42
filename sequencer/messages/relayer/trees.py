"""The stored message trees, shared by the couriers of several targets."""

from __future__ import annotations

import threading

from sequencer.messages.channel_trees import ChannelTrees
from sequencer.messages.leaf_store import LeafStore
from sequencer.messages.proof import MessageProof


class SharedTrees:
    """One courier at a time keeps a tree up or reads it."""

    def __init__(self, trees: ChannelTrees) -> None:
        self._trees = trees
        self._lock = threading.Lock()
        self._followed: dict[tuple[int, str], LeafStore] = {}

    def follow(self, source_chain_id: int, channel: str) -> None:
        """Bring the tree of a channel up to the ledger. MessageError if that is impossible."""
        with self._lock:
            tree = self._trees.tree(source_chain_id, channel)
            self._followed[source_chain_id, channel] = tree

    def prove(
        self, source_chain_id: int, channel: str, index: int, count: int, block_number: int
    ) -> MessageProof:
        """The proof of a message under the root of the first `count` messages of a channel that
        is followed. MessageError if the tree does not have so many (any more).
        """
        with self._lock:
            siblings = self._followed[source_chain_id, channel].prove(index, count)
        return MessageProof(block_number, index, tuple(siblings))
