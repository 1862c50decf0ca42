"""What the ledger answers when it joins several facts."""

from __future__ import annotations

from dataclasses import dataclass

from sequencer.messages.watch.facts import MessageAccepted, Position, RelayerAssigned


@dataclass(frozen=True)
class PendingMessage:
    """A message that a relayer contract was paid for and that its target has not dispatched."""

    accepted: MessageAccepted
    assigned: RelayerAssigned


@dataclass(frozen=True)
class KnownRoot:
    """A root that a contract on a target chain holds.

    `contract` is the oracle (or feed, or ZkOracle) that serves it; `source_block` is the number for
    the proof (None for a feed, which ignores it).
    """

    position: Position
    contract: str
    source_chain_id: int
    source_block: int | None
    root: bytes


@dataclass(frozen=True)
class CoveringRoot:
    """A root known on the target that covers the first `count` messages of a source channel."""

    known: KnownRoot
    count: int
