"""The sequencer as one object: transactions in, receipts out, batches settled, messages relayed.

    with Sequencer.open(config, chain=chain, prover=prover) as sequencer:
        sequencer.ingest_deposits()
        receipt = sequencer.submit(transaction)
        sequencer.seal()
        for transition in sequencer.advance():
            print(transition)
        sequencer.relay(message_index=0)

Everything it holds is in the configured data directory (see `sequencer.data_directory`).
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType

from circuits.spec.globals import genesis_state_root
from circuits.spec.refusal import Refused
from circuits.spec.transactions import SignedTransaction
from sequencer.batching.admission import Submission, decode_submission
from sequencer.batching.fee_policy import FeePolicy
from sequencer.batching.ledger import Ledger
from sequencer.config import Config
from sequencer.data_directory import DataDirectory, journal_domain
from sequencer.errors import ConfigError, SequencerError
from sequencer.journal import Journal
from sequencer.messages.fees import FeeQuoter, PriceTable, Quote
from sequencer.messages.message import Message
from sequencer.messages.proof import MessageProof
from sequencer.messages.relay import prove_message, relay_message
from sequencer.pipeline.pipeline import Pipeline, Transition
from sequencer.pipeline.protocols import BatchProver, SentTransaction, SettlementChain
from sequencer.pipeline.reconcile import check_chain
from sequencer.receipts import Receipt, ReceiptSigner, read_key_file
from sequencer.state import StateDatabase, genesis_head
from sequencer.store import BatchRow, ChainActionRow, Stage, Store
from verifier.proof import Proof

Clock = Callable[[], int]


@dataclass(frozen=True)
class Status:
    """A summary for operators."""

    journal_records: int
    sealed_batches: int
    open_transactions: int
    state_root: int
    deposits: int
    messages: int
    stages: dict[int, Stage]


class Sequencer:
    """A running sequencer. Use `Sequencer.open`; calls may come from several threads."""

    def __init__(
        self,
        config: Config,
        stores: tuple[StateDatabase, Store],
        outside: tuple[BatchProver | None, SettlementChain | None, PriceTable | None],
        clock: Clock,
    ) -> None:
        self._config = config
        self._state, self._store = stores
        prover, self._chain, prices = outside
        self._clock = clock
        self._ledger = Ledger(config, self._state, self._store)
        self._pipeline = Pipeline(self._store, prover, self._chain, self._settled)
        quoter = _quoter(config, prices, clock)
        self._fees = FeePolicy(quoter, config.l1_chain_id)
        self._lock = threading.RLock()
        self._journal: Journal | None = None
        self._closing = ExitStack()

    @classmethod
    def open(
        cls,
        config: Config,
        chain: SettlementChain | None = None,
        prover: BatchProver | None = None,
        clock: Clock = lambda: int(time.time()),
        *,
        prices: PriceTable | None = None,
    ) -> Sequencer:
        """Start in the data directory, from nothing or from where the last process stopped.

        `prices` is the table that the configured fees refer to.

        Raises LockedError when another process runs there, ConfigError for a key file that others
        can read and for fees without prices, JournalCorruptError, JournalBehindError,
        StateMismatchError when the journal cannot be trusted, ChainDisagreementError when the
        chain holds something else.
        """
        read_key_file(config.receipt_key_file)
        genesis_root = genesis_state_root(config.preset.tree_depth)
        with ExitStack() as closing:
            directory = closing.enter_context(contextlib.closing(DataDirectory(config.data_dir)))
            store = closing.enter_context(contextlib.closing(Store.open(directory.database)))
            state = closing.enter_context(
                contextlib.closing(
                    StateDatabase(
                        directory.state, config.preset.tree_depth, genesis_head(genesis_root)
                    )
                )
            )
            sequencer = cls(config, (state, store), (prover, chain, prices), clock)
            closing.enter_context(sequencer._replayed(directory.journal))
            if chain is not None:
                check_chain(store, genesis_root, chain)
            sequencer._closing = closing.pop_all()
        return sequencer

    # transactions

    def submit(self, submission: Submission) -> Receipt:
        """Admit, execute and journal one transaction; the receipt is given once it is on disk.

        Raises Refused with a code; then nothing was journaled and no state changed.
        """
        transaction = decode_submission(submission)
        self._fees.check(transaction)
        with self._lock:
            receipt = self._ledger.execute(transaction, self._clock())
        self._ledger.sync()
        return self._signer.sign(receipt)

    def submit_many(self, submissions: Iterable[Submission]) -> list[Receipt | Refused]:
        """The same for a group that shares one write to disk; refusals stand in their places."""
        outcomes: list[Receipt | Refused] = []
        for submission in submissions:
            try:
                transaction = decode_submission(submission)
                self._fees.check(transaction)
                with self._lock:
                    outcomes.append(self._ledger.execute(transaction, self._clock()))
            except Refused as refusal:
                outcomes.append(refusal)
        self._ledger.sync()
        return [
            self._signer.sign(outcome) if isinstance(outcome, Receipt) else outcome
            for outcome in outcomes
        ]

    def quote(self, transaction: SignedTransaction) -> Quote:
        """The fee that this transaction, signed or not, needs, and until when it will be enough.

        Zero for what does not leave the rollup. Raises Refused (NO_PRICE) for a destination that
        nobody delivers to.
        """
        transaction.validate()
        return self._fees.quote(transaction, self._clock())

    def receipt(self, tx_id: int) -> Receipt | None:
        """The receipt of an acknowledged transaction, with the signature it had before."""
        with self._lock:
            found = self._find_receipt(tx_id)
        self._ledger.sync()  # another thread may have executed it and not synced yet
        return None if found is None else self._signer.sign(found)

    def ingest_deposits(self) -> int:
        """Execute the deposits that wait in the contract's queue, each once; how many.

        Only those as deep in the chain as the configuration asks for.
        """
        chain = self._connected_chain()
        with self._lock:
            first = self._ledger.deposit_count
            waiting = chain.deposits_from(first, self._config.deposit_confirmations)
            for expected, deposit in enumerate(waiting, start=first):
                if deposit.queue_index != expected:
                    found = deposit.queue_index
                    raise SequencerError(f"the queue gave deposit {found}, {expected} is due")
                self._ledger.deposit(deposit.public_key, deposit.amount_e6, self._clock())
            self._ledger.sync()
            return self._ledger.deposit_count - first

    # batches

    def tick(self) -> int | None:
        """Seal the open batch if it is full, old or worth enough; its number, or None."""
        with self._lock:
            return self._ledger.seal_if_due(self._clock())

    def seal(self) -> int | None:
        """Seal the open batch now; its number, or None when no batch is open."""
        with self._lock:
            return self._ledger.seal()

    def advance(self) -> Iterator[Transition]:
        """Prove, commit and settle what is sealed; yields each transition once it is persisted."""
        return self._pipeline.advance()

    def batch(self, number: int) -> BatchRow:
        """A sealed batch."""
        return self._store.batch(number)

    def proof(self, number: int) -> Proof | None:
        """The stored proof of a batch, once there is one."""
        text = self._store.proof(number)
        return None if text is None else Proof.from_json(text, f"stored proof of batch {number}")

    def chain_actions(self, number: int) -> list[ChainActionRow]:
        """What was sent to the chain for a batch, with its gas."""
        return self._store.chain_actions(number)

    def status(self) -> Status:
        """Where everything stands."""
        with self._lock:
            stages = self._store.stages()
            open_batch = self._ledger.open_batch
            return Status(
                journal_records=self._open_journal().next_sequence,
                sealed_batches=len(stages),
                open_transactions=0 if open_batch is None else open_batch.size,
                state_root=self._ledger.state_root,
                deposits=self._ledger.deposit_count,
                messages=self._ledger.messages.count,
                stages=stages,
            )

    # messages

    def prove_message(self, message_index: int) -> tuple[Message, MessageProof]:
        """A message of a settled batch and its proof under that batch's root on chain."""
        with self._lock:
            tree = self._ledger.messages
        return prove_message(message_index, self._store, tree, self._connected_chain())

    def relay(self, message_index: int) -> SentTransaction:
        """Deliver a message of a settled batch through the endpoint, with its proof."""
        with self._lock:
            tree = self._ledger.messages
        return relay_message(message_index, self._store, tree, self._connected_chain())

    # life

    @cached_property
    def receipt_address(self) -> str:
        """The address that receipts are verified against."""
        return self._signer.address

    def close(self) -> None:
        """Stop; the open batch is in the journal and is there again after the next `open`."""
        self._closing.close()

    def __enter__(self) -> Sequencer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @cached_property
    def _signer(self) -> ReceiptSigner:
        return ReceiptSigner.from_file(self._config.receipt_key_file)

    def _replayed(self, path: Path) -> Journal:
        last = self._store.last_batch()
        if self._state.head().batch_number > (0 if last is None else last.number):
            # The database was removed: only a full replay can fill it again.
            self._state.clear()
        journal = Journal.open(path, journal_domain(self._config), self._ledger.replay)
        self._ledger.start(journal)
        self._journal = journal
        return journal

    def _settled(self, batch_number: int) -> None:
        with self._lock:
            self._ledger.settled(batch_number)

    def _find_receipt(self, tx_id: int) -> Receipt | None:
        open_batch = self._ledger.open_batch
        for entry in () if open_batch is None else open_batch.entries:
            if entry.receipt.tx_id == tx_id:
                return entry.receipt
        row = self._store.transaction(str(tx_id))
        return None if row is None else Receipt.from_json(json.loads(row.receipt))

    def _connected_chain(self) -> SettlementChain:
        if self._chain is None:
            raise SequencerError("no chain is connected")
        return self._chain

    def _open_journal(self) -> Journal:
        if self._journal is None:
            raise SequencerError("the sequencer is not open")
        return self._journal


def _quoter(config: Config, prices: PriceTable | None, clock: Clock) -> FeeQuoter | None:
    """The fees as configured; a table without terms or terms without a table are a mistake."""
    if config.fees is None and prices is None:
        return None
    if config.fees is None or prices is None:
        missing = "price table is connected" if prices is None else "terms are configured"
        raise ConfigError("config", "fees", f"no {missing}: fees need both")
    return FeeQuoter(config.fees, prices, clock)
