"""What the relayer did about each message, in the ledger's database: the rows of deliveries, and
likewise those of releases.

A row is written before its transaction is handed to the sender: a message is never in two
transactions that may both still be mined. Whether a message is delivered is not noted here; that
is a fact of the chain and may be taken back by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sequencer.messages.ledger import Database

_TABLE = """
CREATE TABLE IF NOT EXISTS {table} (
    message_hash  BLOB    NOT NULL,
    target_chain  TEXT    NOT NULL,
    intent        TEXT,                      -- key of the transaction it is in
    attempts      INTEGER NOT NULL,          -- transactions made for it
    failures      INTEGER NOT NULL,          -- failures in a row
    reason        TEXT,                      -- why it waits, for people
    not_before_s  REAL    NOT NULL,
    retries       INTEGER NOT NULL,          -- calls of Endpoint.retry
    PRIMARY KEY (message_hash, target_chain)
) STRICT, WITHOUT ROWID
"""
DELIVERIES, RELEASES = "deliveries", "releases"
_COLUMNS = "message_hash, intent, attempts, failures, reason, not_before_s, retries"


@dataclass(frozen=True)
class Work:
    """The state of one message; a message without a row is like one with these defaults."""

    message_hash: bytes
    intent: str | None = None
    attempts: int = 0
    failures: int = 0
    reason: str | None = None
    not_before_s: float = 0.0
    retries: int = 0


def ensure_table(database: Database, table: str = DELIVERIES) -> None:
    """Add the table to a ledger that no relayer has worked with yet."""
    database.execute(_TABLE.format(table=table))


class WorkTable:
    """The rows for one target chain."""

    def __init__(self, database: Database, target_chain_id: int, table: str = DELIVERIES) -> None:
        self._database = database
        self._target = str(target_chain_id)
        self._table = table
        ensure_table(database, table)

    def of(self, message_hash: bytes) -> Work:
        """The row of a message."""
        found = self._select("message_hash = ?", message_hash)
        return found[0] if found else Work(message_hash)

    def held(self, now_s: float) -> set[bytes]:
        """The messages that are not to be touched now: in a transaction, or postponed."""
        query = (
            f"SELECT message_hash FROM {self._table} WHERE target_chain = ?"
            " AND (intent IS NOT NULL OR not_before_s > ?)"
        )
        return {row[0] for row in self._database.rows(query, self._target, now_s)}

    def in_transactions(self) -> list[Work]:
        """The messages that are in a transaction whose end was not noted yet."""
        return self._select("intent IS NOT NULL")

    def begin(self, works: Iterable[Work], intent: str, *, is_retry: bool = False) -> None:
        """These messages go into one transaction."""
        with self._database.transaction():
            for work in works:
                self._save(
                    Work(
                        work.message_hash,
                        intent,
                        work.attempts + 1,
                        work.failures,
                        None,
                        work.not_before_s,
                        work.retries + is_retry,
                    )
                )

    def end(self, work: Work) -> None:
        """Its transaction did what it was to do."""
        self._save(Work(work.message_hash, attempts=work.attempts, retries=work.retries))

    def postpone(self, work: Work, reason: str, not_before_s: float, *, failed: bool) -> None:
        """Leave it alone for a while; `failed` lengthens the next pause."""
        self._save(
            Work(
                work.message_hash,
                None,
                work.attempts,
                work.failures + failed,
                reason,
                not_before_s,
                work.retries,
            )
        )

    def _select(self, condition: str, *values: object) -> list[Work]:
        query = f"SELECT {_COLUMNS} FROM {self._table} WHERE target_chain = ? AND {condition}"
        return [Work(*row) for row in self._database.rows(query, self._target, *values)]

    def _save(self, work: Work) -> None:
        values: tuple[Any, ...] = (
            work.message_hash,
            self._target,
            work.intent,
            work.attempts,
            work.failures,
            work.reason,
            work.not_before_s,
            work.retries,
        )
        self._database.execute(
            f"INSERT OR REPLACE INTO {self._table} VALUES (?,?,?,?,?,?,?,?)", *values
        )
