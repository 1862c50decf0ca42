"""Executes transactions, journals them, seals batches; a restart does the same from the journal.

Order of events for a transaction: executed in memory, appended to the journal, synced,
acknowledged. For a sealed batch: appended, synced, stored in SQLite, committed to LMDB. Each later
step can be lost and is then done again from the journal, with the same result.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from circuits.rollup.inputs import BatchInputs
from circuits.spec.batch import BatchBuilder
from circuits.spec.globals import Globals
from circuits.spec.refusal import Refused
from circuits.spec.transactions import Deposit, Transaction
from sequencer.batching.open_batch import OpenBatch
from sequencer.batching.policy import reason_to_seal
from sequencer.batching.records import BatchOpened, BatchSealed, RecordKind, TransactionExecuted
from sequencer.config import Config
from sequencer.errors import JournalBehindError, SequencerError, StateMismatchError
from sequencer.journal import Journal, Record
from sequencer.messages import MessageTree
from sequencer.receipts import Receipt
from sequencer.state import StateDatabase
from sequencer.store import Store

_log = logging.getLogger(__name__)


class Ledger:
    """The state, its journal and the open batch. Not thread-safe: `Sequencer` takes turns."""

    def __init__(self, config: Config, state: StateDatabase, store: Store) -> None:
        self._config = config
        self._state = state
        self._store = store
        self._preset = config.preset
        self.domain = config.domain
        self.open_batch: OpenBatch | None = None
        self.messages = MessageTree()
        self._journal: Journal | None = None
        self._is_broken = False

    # starting

    def replay(self, record: Record) -> None:
        """Take in one record of the journal that is being opened."""
        head = self._state.head()
        if record.sequence < head.journal_sequence:
            is_last = record.sequence == head.journal_sequence - 1
            if is_last and record.chain_hash.hex() != head.chain_hash:
                raise StateMismatchError(
                    f"journal record {record.sequence} is not the one that the state of batch "
                    f"{head.batch_number} was computed from"
                )
            return
        if record.kind == RecordKind.BATCH_OPENED:
            self._replay_opened(BatchOpened.decode(record.payload))
        elif record.kind == RecordKind.TRANSACTION:
            self._replay_transaction(record)
        elif record.kind == RecordKind.BATCH_SEALED:
            self._replay_sealed(record)
        else:
            raise StateMismatchError(f"journal record {record.sequence} has kind {record.kind}")

    def start(self, journal: Journal) -> None:
        """Go live on the journal that was replayed. JournalBehindError if state is ahead of it."""
        head = self._state.head()
        last = self._store.last_batch()
        needed = max(head.journal_sequence, 0 if last is None else last.journal_sequence + 1)
        if journal.next_sequence < needed:
            raise JournalBehindError(
                f"the journal holds {journal.next_sequence} records, but the stored state was "
                f"computed from {needed}: acknowledged records are missing. Restore the journal "
                "from a copy, or move the state and the database away to go on without them"
            )
        self._journal = journal
        for leaf in self._store.message_leaves():
            self.messages.append(leaf)

    # working

    @property
    def state_root(self) -> int:
        """The state root after the last sealed batch."""
        return self._state.head().state_root

    @property
    def deposit_count(self) -> int:
        """Deposits consumed so far, the open batch included."""
        batch = self.open_batch
        return self._state.head().deposit_count if batch is None else batch.deposit_count

    def execute(self, transaction: Transaction, now_s: int) -> Receipt:
        """Execute and append one transaction; durable, and so to be acknowledged, after `sync`.

        Raises Refused with nothing changed and nothing appended.
        """
        self.seal_if_due(now_s)
        batch = self.open_batch or self._new_batch(max(now_s, self._state.head().timestamp_s))
        journal = self._live_journal()
        with self._all_or_broken():
            batch.builder.apply(transaction)
            if self.open_batch is None:
                opened = BatchOpened(batch.number, batch.timestamp_s, self._config.operator_index)
                journal.append(RecordKind.BATCH_OPENED, opened.encode())
                self.open_batch = batch
            root = self._state.tree.root
            executed = TransactionExecuted(transaction, root)
            record = journal.append(RecordKind.TRANSACTION, executed.encode())
            return batch.add(transaction, record, root)

    def deposit(self, public_key: tuple[int, int], amount_e6: int, now_s: int) -> Receipt:
        """Execute the next deposit of the queue: to the key's account, or to the next free one."""
        self.seal_if_due(now_s)
        tree = self._state.tree
        index = tree.index_of(public_key)
        if index is None:
            index = tree.account_count
        if index >= self._preset.max_accounts:
            raise SequencerError(f"all {self._preset.max_accounts} accounts are in use")
        return self.execute(Deposit(index, public_key, amount_e6), now_s)

    def sync(self) -> None:
        """Return once everything executed so far is on disk."""
        self._live_journal().sync()

    def seal_if_due(self, now_s: int) -> int | None:
        """Seal the open batch if the policy says so; its number, or None."""
        if self.open_batch is None:
            return None
        reason = reason_to_seal(self._config.sealing, self.open_batch, now_s)
        if reason is None:
            return None
        _log.info("sealing batch %d: %s", self.open_batch.number, reason)
        return self.seal()

    def seal(self) -> int | None:
        """Seal the open batch whatever the policy says; its number, None when there is none."""
        batch = self.open_batch
        if batch is None:
            return None
        journal = self._live_journal()
        with self._all_or_broken():
            inputs = batch.builder.seal()
            sealed = BatchSealed(batch.number, inputs.new_root)
            record = journal.append(RecordKind.BATCH_SEALED, sealed.encode())
            journal.sync()
            for leaf in self._store_sealed(batch, inputs, record):
                self.messages.append(leaf)
        return batch.number

    def settled(self, batch_number: int) -> None:
        """A batch is final on chain: what was needed to go back before it can go."""
        self._state.prune(batch_number)

    # internals

    def _new_batch(self, timestamp_s: int, operator_index: int | None = None) -> OpenBatch:
        head = self._state.head()
        globals_ = Globals(
            head.batch_number, head.timestamp_s, head.message_count, head.deposit_count
        )
        builder = BatchBuilder(
            tree=self._state.tree,
            globals_=globals_,
            preset=self._preset,
            domain=self.domain,
            circuit_id=self._config.circuit_id,
            timestamp_s=timestamp_s,
            operator_index=(
                self._config.operator_index if operator_index is None else operator_index
            ),
        )
        return OpenBatch(self.domain, builder, head, head.batch_number + 1, timestamp_s)

    def _store_sealed(self, batch: OpenBatch, inputs: BatchInputs, record: Record) -> list[bytes]:
        rows = batch.rows(inputs, record)
        self._store.insert_sealed(rows.batch, rows.transactions, rows.messages)
        self._state.commit(batch.head(inputs, record))
        self.open_batch = None
        return [row.leaf for row in rows.messages]

    def _replay_opened(self, opened: BatchOpened) -> None:
        if (
            self.open_batch is not None
            or opened.batch_number != self._state.head().batch_number + 1
        ):
            raise StateMismatchError(f"the journal opens batch {opened.batch_number} out of order")
        self.open_batch = self._new_batch(opened.timestamp_s, opened.operator_index)

    def _replay_transaction(self, record: Record) -> None:
        executed = TransactionExecuted.decode(record.payload)
        batch = self._batch_of(record)
        try:
            batch.builder.apply(executed.transaction)
        except Refused as refusal:
            raise StateMismatchError(
                f"journal record {record.sequence} was executed, and is refused now: {refusal}"
            ) from None
        root = self._state.tree.root
        if root != executed.account_root:
            raise StateMismatchError(
                f"journal record {record.sequence} led to account root {executed.account_root}, "
                f"now it leads to {root}"
            )
        batch.add(executed.transaction, record, root)

    def _replay_sealed(self, record: Record) -> None:
        sealed = BatchSealed.decode(record.payload)
        batch = self._batch_of(record)
        inputs = batch.builder.seal()
        if (batch.number, inputs.new_root) != (sealed.batch_number, sealed.state_root):
            raise StateMismatchError(
                f"batch {sealed.batch_number} led to state root {sealed.state_root}, "
                f"now it leads to {inputs.new_root}"
            )
        self._store_sealed(batch, inputs, record)

    def _batch_of(self, record: Record) -> OpenBatch:
        if self.open_batch is None:
            raise StateMismatchError(f"journal record {record.sequence} belongs to no open batch")
        return self.open_batch

    @contextmanager
    def _all_or_broken(self) -> Iterator[None]:
        """What happens inside happens whole, or this ledger stops working.

        Memory, journal and stores then disagree; only a restart, which believes the journal alone,
        brings them together again.
        """
        try:
            yield
        except Refused:
            raise  # the specification refuses before it changes anything
        except BaseException:
            self._is_broken = True
            raise

    def _live_journal(self) -> Journal:
        if self._journal is None:
            raise SequencerError("the ledger was not started")
        if self._is_broken:
            raise SequencerError("an earlier operation was cut short: open the sequencer again")
        return self._journal
