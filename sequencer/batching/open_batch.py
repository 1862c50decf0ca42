"""The batch that transactions are being added to, and what becomes of it when it is sealed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from eth_hash.auto import keccak

from circuits.rollup.inputs import BatchInputs
from circuits.spec import transactions as spec
from circuits.spec.batch import BatchBuilder
from circuits.spec.domain import RollupDomain
from circuits.spec.transaction_json import transaction_to_json
from sequencer.journal import Record
from sequencer.messages import posted_messages
from sequencer.receipts import Receipt
from sequencer.state import Head
from sequencer.store import BatchRow, MessageRow, Stage, TransactionRow

_DEPOSIT_TAG = keccak(b"tallystick.deposit.v1")


@dataclass(frozen=True)
class Entry:
    """An executed transaction and its (unsigned) receipt."""

    transaction: spec.Transaction
    receipt: Receipt


@dataclass
class OpenBatch:
    """A batch under construction on top of the state `before`."""

    domain: RollupDomain
    builder: BatchBuilder
    before: Head
    number: int
    timestamp_s: int
    entries: list[Entry] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Transactions so far."""
        return len(self.entries)

    @property
    def value_e6(self) -> int:
        """Sum of what the transactions so far move."""
        return sum(entry.transaction.fields().amount_e6 for entry in self.entries)

    @property
    def deposit_count(self) -> int:
        """Deposits consumed up to here, over all batches."""
        return self.before.deposit_count + self._count(spec.Deposit)

    @property
    def message_count(self) -> int:
        """Messages sent up to here, withdrawals among them, over all batches."""
        return self.before.message_count + sum(e.transaction.sends_message for e in self.entries)

    def add(self, transaction: spec.Transaction, record: Record, account_root: int) -> Receipt:
        """Note that `transaction` was executed and journaled; returns its unsigned receipt."""
        receipt = Receipt(
            rollup_id=self.domain.rollup_id(),
            journal_sequence=record.sequence,
            tx_id=self._transaction_id(transaction),
            batch_number=self.number,
            slot=self.size,
            account_root=account_root,
            chain_hash=record.chain_hash,
        )
        self.entries.append(Entry(transaction, receipt))
        return receipt

    def rows(self, inputs: BatchInputs, record: Record) -> SealedRows:
        """What the database keeps of the batch once `record` has sealed it."""
        batch = BatchRow(
            number=self.number,
            stage=Stage.SEALED,
            timestamp_s=self.timestamp_s,
            old_state_root=inputs.old_root,
            new_state_root=inputs.new_root,
            commitment=inputs.commitment,
            public_data=tuple(inputs.public_data),
            inputs_json=json.dumps(inputs.to_json()),
            first_message=self.before.message_count,
            message_count=self.message_count,
            deposit_count=self.deposit_count,
            journal_sequence=record.sequence,
        )
        transactions = [self._transaction_row(entry) for entry in self.entries]
        return SealedRows(batch, transactions, self._messages(inputs))

    def head(self, inputs: BatchInputs, record: Record) -> Head:
        """The head of the state once `record` has sealed the batch."""
        return Head(
            batch_number=self.number,
            timestamp_s=self.timestamp_s,
            message_count=self.message_count,
            deposit_count=self.deposit_count,
            state_root=inputs.new_root,
            journal_sequence=record.sequence + 1,
            chain_hash=record.chain_hash.hex(),
        )

    def _count(self, kind: type[spec.Transaction]) -> int:
        return sum(isinstance(entry.transaction, kind) for entry in self.entries)

    def _transaction_id(self, transaction: spec.Transaction) -> int:
        if isinstance(transaction, spec.SignedTransaction):
            return transaction.signing_hash(self.domain.rollup_id())
        return deposit_id(self.domain.rollup_id(), self.deposit_count)

    def _transaction_row(self, entry: Entry) -> TransactionRow:
        receipt = entry.receipt
        return TransactionRow(
            journal_sequence=receipt.journal_sequence,
            tx_id=str(receipt.tx_id),
            batch=self.number,
            slot=receipt.slot,
            body=json.dumps(transaction_to_json(entry.transaction)),
            receipt=json.dumps(receipt.to_json()),
        )

    def _messages(self, inputs: BatchInputs) -> list[MessageRow]:
        """As the contract will read them in what the batch posts."""
        posted = posted_messages(inputs.public_data, inputs.payloads, self.domain)
        return [MessageRow(m.index, self.number, m.hash(), m.to_json()) for m in posted]


@dataclass(frozen=True)
class SealedRows:
    """The database rows of a sealed batch."""

    batch: BatchRow
    transactions: list[TransactionRow]
    messages: list[MessageRow]


def deposit_id(rollup_id: int, queue_index: int) -> int:
    """The transaction id of a deposit, which has no signature: 248 bits of a tagged keccak256."""
    words = _DEPOSIT_TAG + rollup_id.to_bytes(32) + queue_index.to_bytes(32)
    return int.from_bytes(keccak(words)) >> 8
