"""The ledger: facts of all followed chains, committed together with the cursor, rolled back by
block.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sequencer.messages.ledger import rows
from sequencer.messages.ledger.database import Database
from sequencer.messages.ledger.following import KEPT_BLOCKS, ChainState, Following
from sequencer.messages.ledger.views import CoveringRoot, KnownRoot, PendingMessage
from sequencer.messages.watch.facts import (
    MessageAccepted,
    MessageDispatched,
    MessageRetried,
    OracleAssigned,
    RelayerAssigned,
)

__all__ = ["KEPT_BLOCKS", "ChainState", "Ledger"]

_UNDISPATCHED = (
    " m.source_chain = ? AND m.channel = ? AND m.target_chain = ? AND m.message_index > ?"
    " AND m.block_number <= (SELECT finalized FROM chains c WHERE c.chain = m.chain)"
    " AND NOT EXISTS (SELECT 1 FROM dispatches d"
    " WHERE d.message_hash = m.message_hash AND d.chain = CAST(m.target_chain AS INTEGER))"
)


class Ledger(Following):
    """Use `Ledger.open`. Any thread may use it; every method is atomic. `ledger.database` is the
    same file for tables of work: inside `database.transaction()` everything commits together.
    """

    @classmethod
    def open(cls, path: Path) -> Ledger:
        """Open or create the file. StoreVersionError when another schema version wrote it."""
        return cls(Database.open(path))

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    # -- messages --

    def message(self, message_hash: bytes) -> MessageAccepted | None:
        """The accepted message with this hash."""
        query = f"SELECT {rows.MESSAGE} FROM messages WHERE message_hash = ?"
        row = self.database.row(query, message_hash)
        return None if row is None else rows.accepted(row)

    def message_at(self, source_chain_id: int, channel: str, index: int) -> MessageAccepted | None:
        """The message with this index."""
        query = (
            f"SELECT {rows.MESSAGE} FROM messages"
            " WHERE source_chain = ? AND channel = ? AND message_index = ?"
        )
        row = self.database.row(query, str(source_chain_id), channel, index)
        return None if row is None else rows.accepted(row)

    def message_count(self, source_chain_id: int, channel: str) -> int:
        """How many messages of the channel are here (they have no gaps)."""
        query = "SELECT MAX(message_index) FROM messages WHERE source_chain = ? AND channel = ?"
        row = self.database.row(query, str(source_chain_id), channel)
        return 0 if row is None or row[0] is None else int(row[0]) + 1

    def leaves(
        self, source_chain_id: int, channel: str, first: int, limit: int = 1_000
    ) -> list[bytes]:
        """Message hashes in index order, from index `first` on."""
        query = (
            "SELECT message_hash FROM messages WHERE source_chain = ? AND channel = ?"
            " AND message_index >= ? ORDER BY message_index LIMIT ?"
        )
        found = self.database.rows(query, str(source_chain_id), channel, first, limit)
        return [leaf for (leaf,) in found]

    def messages(
        self,
        *,
        source_chain_id: int | None = None,
        target_chain_id: int | None = None,
        after_index: int = -1,
        limit: int = 100,
    ) -> list[MessageAccepted]:
        """Messages by source chain, channel and index, for listings."""
        source = None if source_chain_id is None else str(source_chain_id)
        target = None if target_chain_id is None else str(target_chain_id)
        query = (
            f"SELECT {rows.MESSAGE} FROM messages WHERE message_index > ?"
            " AND source_chain = COALESCE(?, source_chain)"
            " AND target_chain = COALESCE(?, target_chain)"
            " ORDER BY source_chain, channel, message_index LIMIT ?"
        )
        found = self.database.rows(query, after_index, source, target, limit)
        return [rows.accepted(row) for row in found]

    def last_root(
        self, source_chain_id: int, channel: str, up_to_block: int
    ) -> MessageAccepted | None:
        """The last message at or before a root block: its root is that of the whole block."""
        query = (
            f"SELECT {rows.MESSAGE} FROM messages WHERE source_chain = ? AND channel = ?"
            " AND root_block <= ? ORDER BY message_index DESC LIMIT 1"
        )
        row = self.database.row(query, str(source_chain_id), channel, up_to_block)
        return None if row is None else rows.accepted(row)

    # -- what happened to a message --

    def relayer_assignments(self, message_hash: bytes) -> list[RelayerAssigned]:
        """The relayer contracts that were paid for it."""
        return [rows.relayer_assigned(row) for row in self._assignments(message_hash, "relayer")]

    def oracle_assignments(self, message_hash: bytes) -> list[OracleAssigned]:
        """The oracle contracts that were paid for it."""
        return [rows.oracle_assigned(row) for row in self._assignments(message_hash, "oracle")]

    def dispatches(self, message_hash: bytes) -> list[MessageDispatched | MessageRetried]:
        """Its delivery and retries on the target, oldest first."""
        query = (
            f"SELECT {rows.DISPATCH} FROM dispatches WHERE message_hash = ?"
            " ORDER BY chain, block_number, log_index"
        )
        return [rows.dispatched(row) for row in self.database.rows(query, message_hash)]

    def roots_imported(self, source_chain_id: int, source_block: int) -> list[KnownRoot]:
        """Where a root of this source block (or batch) is known."""
        query = f"SELECT {rows.ROOT} FROM roots WHERE source_chain = ? AND source_block = ?"
        found = self.database.rows(query, str(source_chain_id), str(source_block))
        return [rows.known_root(row) for row in found]

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
        mine = ",".join("?" * len(relayers))
        message, assigned = _qualified("m", rows.MESSAGE), _qualified("a", rows.ASSIGNMENT)
        query = (
            f"SELECT {message}, {assigned} FROM messages m"
            " JOIN assignments a ON a.message_hash = m.message_hash AND a.role = 'relayer'"
            f" WHERE a.contract IN ({mine}) AND {_UNDISPATCHED} ORDER BY m.message_index LIMIT ?"
        )
        key = (str(source_chain_id), channel, str(target_chain_id), after_index)
        found = self.database.rows(query, *relayers, *key, limit)
        split = len(rows.MESSAGE.split(","))
        return [
            PendingMessage(rows.accepted(row[:split]), rows.relayer_assigned(row[split:]))
            for row in found
        ]

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
        query = (
            f"SELECT {rows.MESSAGE} FROM messages m"
            f" WHERE {_UNDISPATCHED} ORDER BY m.message_index LIMIT ?"
        )
        key = (str(source_chain_id), channel, str(target_chain_id), after_index)
        return [rows.accepted(row) for row in self.database.rows(query, *key, limit)]

    def covering_root(
        self, target_chain_id: int, contract: str, source_chain_id: int, channel: str
    ) -> CoveringRoot | None:
        """The root known to the target's oracle `contract` that covers most messages of the
        channel: pass it every message with an index below `count`. For a feed only its newest
        root is considered. A root that no message of ours has is ignored.
        """
        query = (
            f"SELECT {_qualified('r', rows.ROOT)}, m.message_index FROM roots r"
            " JOIN messages m ON m.root = r.root AND m.source_chain = r.source_chain"
            " WHERE r.chain = ? AND r.contract = ? AND r.source_chain = ? AND m.channel = ?"
            " AND NOT EXISTS (SELECT 1 FROM roots later WHERE later.chain = r.chain"
            " AND later.contract = r.contract AND later.source_chain = r.source_chain"
            " AND later.source_block IS r.source_block"
            " AND (later.block_number, later.log_index) > (r.block_number, r.log_index))"
            " ORDER BY m.message_index DESC LIMIT 1"
        )
        key = (target_chain_id, contract, str(source_chain_id), channel)
        row = self.database.row(query, *key)
        return None if row is None else CoveringRoot(rows.known_root(row[:-1]), row[-1] + 1)

    # -- what an oracle asks --

    def last_awaiting_root(
        self,
        source_chain_id: int,
        channel: str,
        target_chain_id: int,
        oracles: Sequence[str],
        *,
        first_index: int,
    ) -> MessageAccepted | None:
        """The last final message to the target, from index `first_index` on, that one of `oracles`
        (source contracts) was paid for and that the target has not dispatched.
        """
        mine = ",".join("?" * len(oracles))
        query = (
            f"SELECT {_qualified('m', rows.MESSAGE)} FROM messages m"
            " JOIN assignments a ON a.message_hash = m.message_hash AND a.role = 'oracle'"
            f" WHERE a.contract IN ({mine}) AND {_UNDISPATCHED}"
            " ORDER BY m.message_index DESC LIMIT 1"
        )
        key = (str(source_chain_id), channel, str(target_chain_id), first_index - 1)
        row = self.database.row(query, *oracles, *key)
        return None if row is None else rows.accepted(row)

    # -- internals --

    def _assignments(self, message_hash: bytes, role: str) -> list[tuple[object, ...]]:
        query = (
            f"SELECT {rows.ASSIGNMENT} FROM assignments WHERE message_hash = ? AND role = ?"
            " ORDER BY contract"
        )
        return self.database.rows(query, message_hash, role)


def _qualified(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{column.strip()}" for column in columns.split(","))
