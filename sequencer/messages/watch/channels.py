"""Our own copy of each channel's message tree, against which a node's messages are checked.

A node that leaves out, repeats or alters a message is found out here: indices have no gaps, and
every message carries the root that the tree must have after it.
"""

from __future__ import annotations

from sequencer.messages.ledger.ledger import Ledger
from sequencer.messages.message import Message
from sequencer.messages.tree import Frontier
from sequencer.messages.watch.facts import MessageAccepted


class Channels:
    """The trees of the channels of one chain while a range of blocks is read.

    ValueError tells what does not fit. Nothing is stored: `snapshots` is, by the follower.
    """

    def __init__(self, ledger: Ledger, chain_id: int) -> None:
        self._ledger = ledger
        self._chain_id = chain_id
        self._trees: dict[str, Frontier] = {}
        self._snapshots: dict[tuple[str, int], Frontier] = {}

    def tree(self, channel: str) -> Frontier:
        """The tree after the messages so far."""
        if channel not in self._trees:
            self._trees[channel] = self._ledger.frontier(self._chain_id, channel)
        return self._trees[channel]

    def append(self, channel: str, message: Message, block_number: int) -> bytes:
        """Add a message of block `block_number`; the root after it."""
        tree = self.tree(channel)
        if message.index != tree.count:
            raise ValueError(_gap(channel, message.index, tree.count))
        if message.channel != int(channel, 16):
            raise ValueError(f"message {message.index} of {channel} names another channel")
        tree.append(message.hash())
        self._snapshots[channel, block_number] = Frontier(list(tree.branch), tree.count)
        return tree.root()

    def accept(self, channel: str, fact: MessageAccepted) -> None:
        """Add a message of an endpoint, with the root that its event carries."""
        message = fact.message
        if message.from_chain_id != self._chain_id:
            raise ValueError(f"message {message.index} is from chain {message.from_chain_id}")
        root = self.append(channel, message, fact.position.block_number)
        if root != fact.root:
            raise ValueError(
                f"message {message.index} of {channel} carries the root 0x{fact.root.hex()}, the"
                f" tree of messages 0 … {message.index} has 0x{root.hex()}"
            )

    @property
    def snapshots(self) -> list[tuple[str, int, Frontier]]:
        """(channel, block, tree after that block), for each block that changed a tree."""
        return [(channel, block, tree) for (channel, block), tree in self._snapshots.items()]


def _gap(channel: str, index: int, count: int) -> str:
    if index < count:
        return f"message {index} of {channel} is there a second time: {count} messages are known"
    if count == 0:
        return (
            f"the first message of {channel} has index {index}: earlier ones are missing, or"
            " start_block lies after the channel's first message"
        )
    return f"messages {count} … {index - 1} of {channel} are missing before message {index}"
