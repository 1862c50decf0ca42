"""The sender's memory in SQLite: intents and every transaction ever signed for them.

A signed transaction is on disk before any node sees it, so that after a crash the same bytes are
sent again, never others under another nonce. Wei are decimal strings.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sequencer.messages.transactions.fees import Fees
from sequencer.messages.transactions.records import Attempt, Intent, Outcome, State, Tracked
from sequencer.sqlite_file import open_file

VERSION = 1
TABLES = """
CREATE TABLE intents (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    chain_id         TEXT    NOT NULL,
    account          TEXT    NOT NULL,
    key              TEXT    NOT NULL,   -- "#id" is appended once a failed intent is superseded
    recipient        TEXT    NOT NULL,
    data             BLOB    NOT NULL,
    value            TEXT    NOT NULL,
    gas_limit        INTEGER NOT NULL,
    state            TEXT    NOT NULL,
    nonce            INTEGER,
    outcome          TEXT,
    reason           TEXT,
    transaction_hash BLOB,
    block_number     INTEGER,
    block_hash       BLOB,
    gas_used         INTEGER,
    gas_price        TEXT,
    missing_since    INTEGER,
    UNIQUE (chain_id, account, key),
    UNIQUE (chain_id, account, nonce)
) STRICT;

CREATE INDEX intents_by_state ON intents (chain_id, account, state, nonce);

CREATE TABLE attempts (
    hash             BLOB    PRIMARY KEY,
    intent           INTEGER NOT NULL REFERENCES intents (id),
    raw              BLOB    NOT NULL,
    max_fee          TEXT    NOT NULL,
    tip              TEXT,
    is_cancel        INTEGER NOT NULL,
    signed_at_block  INTEGER NOT NULL,
    signed_at_s      INTEGER NOT NULL
) STRICT;

CREATE INDEX attempts_by_intent ON attempts (intent);
"""
_COLUMNS = (
    "id, key, recipient, data, value, gas_limit, state, nonce, outcome, reason, transaction_hash,"
    " block_number, block_hash, gas_used, gas_price, missing_since"
)


@dataclass(frozen=True)
class Mined:
    """Where one attempt of an intent stands in the chain."""

    transaction_hash: bytes
    block_number: int
    block_hash: bytes
    gas_used: int
    gas_price: int
    outcome: Outcome
    reason: str | None


class TransactionStore:
    """The part of the database that belongs to one account on one chain. All methods are atomic.

    Several stores may use one file; one process at a time may use one account.
    """

    def __init__(self, connection: sqlite3.Connection, chain_id: int, account: str) -> None:
        self._connection = connection
        self._owner = (str(chain_id), account)

    @classmethod
    def open(cls, path: Path, chain_id: int, account: str) -> TransactionStore:
        """Open or create the file. StoreVersionError when another schema version wrote it."""
        connection = open_file(
            path,
            tables=TABLES,
            version=VERSION,
            remedy="it holds signed transactions: finish them with the program that wrote it",
        )
        return cls(connection, chain_id, account)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    # intents

    def add(self, intent: Intent) -> Tracked:
        """Store the intent, or find the one that has its key already.

        A failed one under the key steps aside: its key becomes history.
        """
        with self._transaction():
            known = self.find(intent.key)
            if known is not None and not known.failed:
                return known
            if known is not None:
                self._set(known.id, key=f"{intent.key}#{known.id}")
            self._connection.execute(
                "INSERT INTO intents (chain_id, account, key, recipient, data, value, gas_limit,"
                " state) VALUES (?,?,?,?,?,?,?,?)",
                (
                    *self._owner,
                    intent.key,
                    intent.to,
                    intent.data,
                    str(intent.value),
                    intent.gas_limit,
                    State.QUEUED,
                ),
            )
            found = self.find(intent.key)
        assert found is not None
        return found

    def withdraw(self, key: str) -> bool:
        """Forget an intent that nothing was signed for; whether there was one."""
        with self._transaction():
            cursor = self._connection.execute(
                "DELETE FROM intents WHERE chain_id = ? AND account = ? AND key = ? AND state = ?",
                (*self._owner, key, State.QUEUED),
            )
        return cursor.rowcount == 1

    def find(self, key: str) -> Tracked | None:
        """The intent with this key."""
        return next(iter(self._select("key = ?", key)), None)

    def in_state(self, state: State) -> list[Tracked]:
        """All intents in a state, by nonce, then by age."""
        return self._select("state = ?", state)

    def count(self, state: State) -> int:
        """How many intents are in a state."""
        query = "SELECT count(*) FROM intents WHERE chain_id = ? AND account = ? AND state = ?"
        (number,) = self._connection.execute(query, (*self._owner, state)).fetchone()
        return int(number)

    def free_nonce(self, start: int) -> int:
        """The lowest nonce from `start` on that was never assigned here."""
        query = (
            "SELECT nonce FROM intents WHERE chain_id = ? AND account = ? AND nonce >= ?"
            " ORDER BY nonce"
        )
        for (taken,) in self._connection.execute(query, (*self._owner, start)):
            if taken != start:
                break
            start += 1
        return start

    def settled_from(self, nonce: int) -> list[Tracked]:
        """Decided or mined intents with this nonce or a higher one."""
        states = f"state IN ('{State.MINED}', '{State.FINAL}')"
        return self._select(f"{states} AND nonce >= ?", nonce)

    # attempts and what became of them

    def sign(self, row: Tracked, nonce: int, attempt: Attempt) -> None:
        """Keep an attempt; the first one assigns the nonce and makes the intent PENDING."""
        with self._transaction():
            self._set(row.id, state=State.PENDING, nonce=nonce)
            self._connection.execute(
                "INSERT INTO attempts VALUES (?,?,?,?,?,?,?,?)",
                (
                    attempt.hash,
                    row.id,
                    attempt.raw,
                    str(attempt.fees.max_fee),
                    None if attempt.fees.tip is None else str(attempt.fees.tip),
                    int(attempt.is_cancel),
                    attempt.signed_at_block,
                    attempt.signed_at_s,
                ),
            )

    def attempts(self, row: Tracked) -> list[Attempt]:
        """What was signed for an intent, the newest first."""
        query = "SELECT * FROM attempts WHERE intent = ? ORDER BY rowid DESC"
        return [_attempt(values) for values in self._connection.execute(query, (row.id,))]

    def mined(self, row: Tracked, mined: Mined) -> None:
        """An attempt stands in a block."""
        with self._transaction():
            self._set(
                row.id,
                state=State.MINED,
                outcome=mined.outcome,
                reason=mined.reason,
                transaction_hash=mined.transaction_hash,
                block_number=mined.block_number,
                block_hash=mined.block_hash,
                gas_used=mined.gas_used,
                gas_price=str(mined.gas_price),
                missing_since=None,
            )

    def pending_again(self, row: Tracked) -> None:
        """The block that held it is gone. The reason stays: it may be why it was cancelled."""
        with self._transaction():
            self._set(
                row.id,
                state=State.PENDING,
                outcome=None,
                transaction_hash=None,
                block_number=None,
                block_hash=None,
                gas_used=None,
                gas_price=None,
                missing_since=None,
            )

    def missing_since(self, row: Tracked, block_number: int | None) -> None:
        """Its nonce is used up, and no attempt is in the chain, since this block."""
        with self._transaction():
            self._set(row.id, missing_since=block_number)

    def refused(self, row: Tracked, reason: str) -> None:
        """No node takes it, for this reason."""
        with self._transaction():
            self._set(row.id, reason=reason)

    def final(self, row: Tracked) -> None:
        """Its block is deep enough."""
        with self._transaction():
            self._set(row.id, state=State.FINAL)

    def replaced(self, row: Tracked, reason: str) -> None:
        """Another transaction has used its nonce, and is deep enough."""
        with self._transaction():
            self._set(row.id, state=State.FINAL, outcome=Outcome.REPLACED, reason=reason)

    def _select(self, condition: str, *values: Any) -> list[Tracked]:
        query = (
            f"SELECT {_COLUMNS} FROM intents WHERE chain_id = ? AND account = ? AND {condition}"
            " ORDER BY nonce, id"
        )
        return [_tracked(row) for row in self._connection.execute(query, (*self._owner, *values))]

    def _set(self, row_id: int, **columns: Any) -> None:
        names = ", ".join(f"{name} = ?" for name in columns)
        self._connection.execute(
            f"UPDATE intents SET {names} WHERE id = ?", (*columns.values(), row_id)
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


def _tracked(row: tuple[Any, ...]) -> Tracked:
    row_id, key, recipient, data, value, gas_limit, state, nonce, outcome, reason, *mined = row
    transaction_hash, block_number, block_hash, gas_used, gas_price, missing_since = mined
    return Tracked(
        row_id,
        Intent(key, recipient, data, gas_limit, int(value)),
        State(state),
        nonce,
        None if outcome is None else Outcome(outcome),
        reason,
        transaction_hash,
        block_number,
        block_hash,
        gas_used,
        None if gas_price is None else int(gas_price),
        missing_since,
    )


def _attempt(row: tuple[Any, ...]) -> Attempt:
    transaction_hash, _, raw, max_fee, tip, is_cancel, block, time_s = row
    fees = Fees(int(max_fee), None if tip is None else int(tip))
    return Attempt(transaction_hash, raw, fees, bool(is_cancel), block, time_s)
