"""Batches, proofs, transactions and messages in one SQLite file (WAL, every commit on disk).

The file serves look-ups and remembers how far each batch got. What it says about executed
transactions is always a copy of what the journal says.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

from sequencer.errors import SequencerError, UnknownBatchError
from sequencer.sqlite_file import open_file
from sequencer.store import schema
from sequencer.store.rows import BatchRow, ChainActionRow, MessageRow, Stage, TransactionRow

_BATCH_COLUMNS = (
    "number, stage, timestamp_s, old_state_root, new_state_root, commitment, public_data, inputs,"
    " first_message, message_count, deposit_count, journal_sequence, proving_attempts"
)


class Store:
    """The database. Use `Store.open`; all methods are atomic."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._write_lock = threading.Lock()

    @classmethod
    def open(cls, path: Path) -> Store:
        """Open or create the file. StoreVersionError when another schema version wrote it."""
        connection = open_file(
            path,
            tables=schema.TABLES,
            version=schema.VERSION,
            remedy="move it away to have it rebuilt from the journal",
        )
        return cls(connection)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    # batches

    def insert_sealed(
        self,
        batch: BatchRow,
        transactions: Iterable[TransactionRow],
        messages: Iterable[MessageRow],
    ) -> None:
        """Store a sealed batch with all that belongs to it.

        When a replay seals it again, the stored copy stays as it is; SequencerError if the two
        differ.
        """
        with self._transaction():
            if self._refuse_other(batch):
                return
            self._connection.execute(
                f"INSERT INTO batches ({_BATCH_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
                _batch_values(batch),
            )
            self._connection.executemany(
                "INSERT INTO transactions VALUES (?,?,?,?,?,?)", map(astuple, transactions)
            )
            self._connection.executemany(
                "INSERT INTO messages VALUES (?,?,?,?)", map(astuple, messages)
            )

    def batch(self, number: int) -> BatchRow:
        """The batch; UnknownBatchError if it was never sealed."""
        row = self._find_batch(number)
        if row is None:
            raise UnknownBatchError(f"batch {number} is not sealed")
        return row

    def last_batch(self) -> BatchRow | None:
        """The batch with the highest number."""
        query = f"SELECT {_BATCH_COLUMNS} FROM batches ORDER BY number DESC LIMIT 1"
        row = self._connection.execute(query).fetchone()
        return None if row is None else _batch_row(row)

    def first_unsettled(self) -> BatchRow | None:
        """The oldest batch that still has stages to go through."""
        query = f"SELECT {_BATCH_COLUMNS} FROM batches WHERE stage != ? ORDER BY number LIMIT 1"
        row = self._connection.execute(query, (Stage.SETTLED,)).fetchone()
        return None if row is None else _batch_row(row)

    def stages(self) -> dict[int, Stage]:
        """Batch number → stage."""
        rows = self._connection.execute("SELECT number, stage FROM batches ORDER BY number")
        return {number: Stage(stage) for number, stage in rows}

    def move(self, number: int, source: Stage, target: Stage) -> None:
        """Persist a transition; SequencerError when the batch is not in the source stage."""
        with self._transaction():
            self._move(number, source, target)

    def begin_proving(self, number: int, source: Stage) -> None:
        """Persist that a prover starts on the batch, and count the attempt."""
        with self._transaction():
            self._move(number, source, Stage.PROVING)
            self._connection.execute(
                "UPDATE batches SET proving_attempts = proving_attempts + 1 WHERE number = ?",
                (number,),
            )

    def store_proof(self, number: int, proof_json: str) -> None:
        """Store the proof of a batch and move it to PROVED, together."""
        with self._transaction():
            self._connection.execute(
                "INSERT OR REPLACE INTO proofs VALUES (?, ?)", (number, proof_json)
            )
            self._move(number, Stage.PROVING, Stage.PROVED)

    def discard_proof(self, number: int, source: Stage) -> None:
        """Forget a proof that does not verify, and have the batch proved again, together."""
        with self._transaction():
            self._move(number, source, Stage.SEALED)
            self._connection.execute("DELETE FROM proofs WHERE batch = ?", (number,))

    def proof(self, number: int) -> str | None:
        """The stored proof as snarkjs JSON."""
        proof: str | None = self._scalar("SELECT proof FROM proofs WHERE batch = ?", number)
        return proof

    # look-ups

    def transaction(self, tx_id: str) -> TransactionRow | None:
        """The transaction with that id in a sealed batch."""
        query = "SELECT * FROM transactions WHERE tx_id = ?"
        row = self._connection.execute(query, (tx_id,)).fetchone()
        return None if row is None else TransactionRow(*row)

    def transactions(self, batch: int) -> list[TransactionRow]:
        """The transactions of a batch in slot order."""
        query = "SELECT * FROM transactions WHERE batch = ? ORDER BY slot"
        return [TransactionRow(*row) for row in self._connection.execute(query, (batch,))]

    def message(self, index: int) -> MessageRow | None:
        """The message with that index."""
        query = "SELECT * FROM messages WHERE message_index = ?"
        row = self._connection.execute(query, (index,)).fetchone()
        return None if row is None else MessageRow(*row)

    def message_leaves(self) -> list[bytes]:
        """The leaves of the message tree in order."""
        query = "SELECT leaf FROM messages ORDER BY message_index"
        return [leaf for (leaf,) in self._connection.execute(query)]

    def record_chain_action(self, action: ChainActionRow) -> None:
        """Remember a transaction sent to the chain."""
        with self._transaction():
            self._connection.execute(
                "INSERT OR IGNORE INTO chain_actions VALUES (?,?,?,?)", astuple(action)
            )

    def chain_actions(self, batch: int) -> list[ChainActionRow]:
        """What was sent to the chain for a batch."""
        query = "SELECT * FROM chain_actions WHERE batch = ? ORDER BY rowid"
        return [ChainActionRow(*row) for row in self._connection.execute(query, (batch,))]

    # internals

    def _move(self, number: int, source: Stage, target: Stage) -> None:
        cursor = self._connection.execute(
            "UPDATE batches SET stage = ? WHERE number = ? AND stage = ?", (target, number, source)
        )
        if cursor.rowcount != 1:
            found = self._scalar("SELECT stage FROM batches WHERE number = ?", number)
            raise SequencerError(f"batch {number} is {found}, not {source}: it cannot be {target}")

    def _refuse_other(self, batch: BatchRow) -> bool:
        """Whether the batch is stored already; SequencerError if with another content."""
        stored = self._find_batch(batch.number)
        if stored is None:
            return False
        same = replace(batch, stage=stored.stage, proving_attempts=stored.proving_attempts)
        if same != stored:
            raise SequencerError(f"batch {batch.number} was stored with another content before")
        return True

    def _find_batch(self, number: int) -> BatchRow | None:
        query = f"SELECT {_BATCH_COLUMNS} FROM batches WHERE number = ?"
        row = self._connection.execute(query, (number,)).fetchone()
        return None if row is None else _batch_row(row)

    def _scalar(self, query: str, *parameters: object) -> Any:
        row = self._connection.execute(query, parameters).fetchone()
        return None if row is None else row[0]

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._write_lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def _batch_values(batch: BatchRow) -> tuple[object, ...]:
    return (
        batch.number,
        batch.stage,
        batch.timestamp_s,
        str(batch.old_state_root),
        str(batch.new_state_root),
        str(batch.commitment),
        json.dumps([str(element) for element in batch.public_data]),
        batch.inputs_json,
        batch.first_message,
        batch.message_count,
        batch.deposit_count,
        batch.journal_sequence,
        batch.proving_attempts,
    )


def _batch_row(row: tuple[Any, ...]) -> BatchRow:
    number, stage, timestamp_s, old_root, new_root, commitment, public_data, *rest = row
    return BatchRow(
        number,
        Stage(stage),
        timestamp_s,
        int(old_root),
        int(new_root),
        int(commitment),
        tuple(int(element) for element in json.loads(public_data)),
        *rest,
    )
