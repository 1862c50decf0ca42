"""How far each chain was followed: blocks, cursor, finality, and going back from a wrong branch."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sequencer.messages.ledger import rows
from sequencer.messages.ledger.database import Database
from sequencer.messages.ledger.schema import FACT_TABLES
from sequencer.messages.tree import DEPTH, Frontier
from sequencer.messages.watch.facts import BatchCommitted, Fact
from sequencer.messages.watch.header import Header

KEPT_BLOCKS = 256
"""How many blocks below the cursor a reorganisation may reach."""


@dataclass(frozen=True)
class ChainState:
    """How far a chain is followed; `finalized` is at most `cursor`."""

    chain_id: int
    start_block: int
    cursor: int
    finalized: int


class Following:
    """The part of the ledger that a follower writes. Every method is atomic."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add_chain(self, chain_id: int, start_block: int) -> ChainState:
        """Begin to follow a chain before `start_block`, or go on where it stood."""
        before = start_block - 1
        self.database.execute(
            "INSERT OR IGNORE INTO chains VALUES (?,?,?,?)", chain_id, start_block, before, before
        )
        return self.chain(chain_id) or ChainState(chain_id, start_block, before, before)

    def chain(self, chain_id: int) -> ChainState | None:
        """How far the chain is followed; None before `add_chain`."""
        row = self.database.row("SELECT * FROM chains WHERE chain = ?", chain_id)
        return None if row is None else ChainState(*row)

    def chains(self) -> list[ChainState]:
        """All chains that were ever followed."""
        return [ChainState(*row) for row in self.database.rows("SELECT * FROM chains")]

    def kept_headers(self, chain_id: int) -> list[Header]:
        """The newest headers that were kept, the newest first. Numbers may be missing where the
        chain was final when it was read.
        """
        query = (
            "SELECT block_number, block_hash, parent_hash, timestamp_s FROM blocks"
            " WHERE chain = ? ORDER BY block_number DESC"
        )
        return [Header(*row) for row in self.database.rows(query, chain_id)]

    def commit(
        self,
        chain_id: int,
        headers: Sequence[Header],
        facts: Sequence[Fact],
        *,
        frontiers: Sequence[tuple[str, int, Frontier]] = (),
        finalized: int,
    ) -> None:
        """Store the facts of the blocks up to the last header and move the cursor there.

        `frontiers`: (channel, block number, tree after that block).
        """
        cursor = headers[-1].number
        with self.database.transaction():
            for header in headers:
                values = (header.number, header.hash, header.parent_hash, header.timestamp_s)
                self.database.insert("blocks", (chain_id, *values))
            for fact in facts:
                rows.insert(self.database, fact)
            self._keep_times(chain_id, headers, {fact.position.block_number for fact in facts})
            for channel, number, tree in frontiers:
                branch = b"".join(tree.branch)
                self.database.insert("frontiers", (chain_id, number, channel, tree.count, branch))
            self.database.execute("UPDATE chains SET cursor = ? WHERE chain = ?", cursor, chain_id)
            self.set_finalized(chain_id, finalized)
            self._prune(chain_id, cursor - KEPT_BLOCKS)

    def set_finalized(self, chain_id: int, number: int) -> None:
        """Record how far the chain is final: never backwards, never beyond the cursor."""
        self.database.execute(
            "UPDATE chains SET finalized = MAX(finalized, MIN(cursor, ?)) WHERE chain = ?",
            number,
            chain_id,
        )

    def roll_back(self, chain_id: int, number: int) -> int:
        """Forget every fact above block `number`; the count of facts forgotten."""
        forgotten = 0
        with self.database.transaction():
            for table in FACT_TABLES:
                statement = f"DELETE FROM {table} WHERE chain = ? AND block_number > ?"
                forgotten += self.database.execute(statement, chain_id, number)
            for table in ("blocks", "times"):
                self.database.execute(
                    f"DELETE FROM {table} WHERE chain = ? AND block_number > ?", chain_id, number
                )
            self.database.execute(
                "UPDATE chains SET cursor = ?, finalized = MIN(finalized, ?) WHERE chain = ?",
                number,
                number,
                chain_id,
            )
        return forgotten

    def frontier(self, chain_id: int, channel: str) -> Frontier:
        """The message tree of a channel after the cursor's block."""
        row = self.database.row(
            "SELECT count, branch FROM frontiers WHERE chain = ? AND channel = ?"
            " ORDER BY block_number DESC LIMIT 1",
            chain_id,
            channel,
        )
        if row is None:
            return Frontier()
        count, branch = row
        return Frontier([branch[32 * i : 32 * i + 32] for i in range(DEPTH)], count)

    def batch(self, chain_id: int, rollup: str, number: int) -> BatchCommitted | None:
        """The batch as it was last committed."""
        row = self.database.row(
            f"SELECT {rows.BATCH} FROM batches WHERE chain = ? AND rollup = ? AND number = ?"
            " ORDER BY block_number DESC, log_index DESC LIMIT 1",
            chain_id,
            rollup,
            number,
        )
        return None if row is None else rows.batch(row)

    def block_time_s(self, chain_id: int, number: int) -> int | None:
        """The time of a block that has facts."""
        row = self.database.row(
            "SELECT timestamp_s FROM times WHERE chain = ? AND block_number = ?", chain_id, number
        )
        return None if row is None else int(row[0])

    def _keep_times(
        self, chain_id: int, headers: Sequence[Header], with_facts: Collection[int]
    ) -> None:
        for header in headers:
            if header.number in with_facts:
                self.database.insert("times", (chain_id, header.number, header.timestamp_s))

    def _prune(self, chain_id: int, below: int) -> None:
        """Drop headers and trees that no reorganisation in reach can ask for."""
        self.database.execute(
            "DELETE FROM blocks WHERE chain = ? AND block_number < ?", chain_id, below
        )
        self.database.execute(
            "DELETE FROM frontiers WHERE chain = ? AND block_number < (SELECT MAX(f.block_number)"
            " FROM frontiers f WHERE f.chain = frontiers.chain AND f.channel = frontiers.channel"
            " AND f.block_number <= ?)",
            chain_id,
            below,
        )
