"""The ledger: facts of all followed chains, committed together with the cursor, rolled back by
block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sequencer.messages.ledger.database import Database
from sequencer.messages.ledger.views import CoveringRoot, KnownRoot, PendingMessage
from sequencer.messages.tree import Frontier
from sequencer.messages.watch.facts import (
    Fact,
    MessageAccepted,
    MessageDispatched,
    MessageRetried,
    OracleAssigned,
    RelayerAssigned,
)
from sequencer.messages.watch.header import Header


@dataclass(frozen=True)
class ChainState:
    """How far a chain is followed; `finalized` is at most `cursor`."""

    chain_id: int
    start_block: int
    cursor: int
    finalized: int


class Ledger:
    """Use `Ledger.open`. Any thread may use it; every method is atomic. `ledger.database` is the
    same file for tables of work: inside `database.transaction()` everything commits together.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    @classmethod
    def open(cls, path: Path) -> Ledger:
        """Open or create the file. StoreVersionError when another schema version wrote it."""
        return cls(Database.open(path))

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    # -- following a chain (used by watch.follower) --

    def add_chain(self, chain_id: int, start_block: int) -> ChainState:
        """Begin to follow a chain before `start_block`, or go on where it stood."""
        raise NotImplementedError

    def chain(self, chain_id: int) -> ChainState | None:
        """How far the chain is followed; None before `add_chain`."""
        raise NotImplementedError

    def kept_headers(self, chain_id: int) -> list[Header]:
        """The newest headers that were kept, the newest first."""
        raise NotImplementedError

    def commit(
        self,
        chain_id: int,
        headers: Sequence[Header],
        facts: Sequence[Fact],
        *,
        frontiers: Sequence[tuple[str, int, Frontier]] = (),
        finalized: int,
    ) -> None:
        """Store the facts of the blocks up to the last header and move the cursor there."""
        raise NotImplementedError

    def set_finalized(self, chain_id: int, number: int) -> None:
        """Record how far the chain is final (never backwards)."""
        raise NotImplementedError

    def roll_back(self, chain_id: int, number: int) -> int:
        """Forget every fact above block `number`; the count of facts forgotten."""
        raise NotImplementedError

    def frontier(self, chain_id: int, channel: str) -> Frontier:
        """The message tree of a channel after the cursor's block."""
        raise NotImplementedError

    # -- messages --

    def message(self, message_hash: bytes) -> MessageAccepted | None:
        """The accepted message with this hash."""
        raise NotImplementedError

    def message_at(self, source_chain_id: int, channel: str, index: int) -> MessageAccepted | None:
        """The message with this index."""
        raise NotImplementedError

    def message_count(self, source_chain_id: int, channel: str) -> int:
        """How many messages of the channel are here (they have no gaps)."""
        raise NotImplementedError

    def leaves(
        self, source_chain_id: int, channel: str, first: int, limit: int = 1_000
    ) -> list[bytes]:
        """Message hashes in index order, from index `first` on."""
        raise NotImplementedError

    def messages(
        self,
        *,
        source_chain_id: int | None = None,
        target_chain_id: int | None = None,
        after_index: int = -1,
        limit: int = 100,
    ) -> list[MessageAccepted]:
        """Messages by source chain, channel and index, for listings."""
        raise NotImplementedError

    def last_root(
        self, source_chain_id: int, channel: str, up_to_block: int
    ) -> MessageAccepted | None:
        """The last message at or before a root block: its root is that of the whole block."""
        raise NotImplementedError

    # -- what happened to a message --

    def relayer_assignments(self, message_hash: bytes) -> list[RelayerAssigned]:
        """The relayer contracts that were paid for it."""
        raise NotImplementedError

    def oracle_assignments(self, message_hash: bytes) -> list[OracleAssigned]:
        """The oracle contracts that were paid for it."""
        raise NotImplementedError

    def dispatches(self, message_hash: bytes) -> list[MessageDispatched | MessageRetried]:
        """Its delivery and retries on the target, oldest first."""
        raise NotImplementedError

    def roots_imported(self, source_chain_id: int, source_block: int) -> list[KnownRoot]:
        """Where a root of this source block (or batch) is known."""
        raise NotImplementedError

    # -- what a relayer asks --

    def pending(
        self,
        source_chain_id: int,
        channel: str,
        target_chain_id: int,
        *,
        relayers: Sequence[str] = (),
        after_index: int = -1,
        limit: int = 1_000,
    ) -> list[PendingMessage]:
        """Final messages to the target, assigned to one of `relayers` (source contracts), without a
        dispatch on the target, by index. Final: their block is at most the chain's `finalized`.
        """
        raise NotImplementedError

    def pending_unassigned(
        self,
        source_chain_id: int,
        channel: str,
        target_chain_id: int,
        *,
        after_index: int = -1,
        limit: int = 1_000,
    ) -> list[MessageAccepted]:
        """As `pending`, whoever is assigned: a rollup's messages have no assignment."""
        raise NotImplementedError

    def covering_root(
        self, target_chain_id: int, contract: str, source_chain_id: int, channel: str
    ) -> CoveringRoot | None:
        """The root known to the target's oracle `contract` that covers most messages of the
        channel: pass it every message with an index below `count`. For a feed only its newest
        root is considered. A root that no message of ours has is ignored.
        """
        raise NotImplementedError
