"""Notes how our transactions ended, message by message.

What counts is the ledger: a message is delivered when its target's endpoint said so in a block
that still stands. Until the transaction is final its messages stay with it, so that a
reorganisation finds them there and nobody sends them a second time.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from sequencer.messages.ledger import Ledger
from sequencer.messages.relayer.metrics import RelayerMetrics
from sequencer.messages.relayer.settings import CourierSettings
from sequencer.messages.relayer.work import Work, WorkTable
from sequencer.messages.transactions import Outcome, State, Tracked, TransactionSender

RETRY = "retry:"
"""How the keys of retries begin."""


class Bookkeeper:
    """For one target chain."""

    def __init__(
        self,
        settings: CourierSettings,
        ledger: Ledger,
        work: WorkTable,
        sender: TransactionSender,
        metrics: RelayerMetrics,
        log: Any,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._work = work
        self._sender = sender
        self._metrics = metrics
        self._log = log
        self._clock = clock

    def note(self) -> None:
        """Look at every transaction that messages are in."""
        by_intent: dict[str, list[Work]] = defaultdict(list)
        for work in self._work.in_transactions():
            by_intent[work.intent or ""].append(work)
        for key, works in by_intent.items():
            tracked = self._sender.find(key)
            with self._ledger.database.transaction():
                if tracked is None:  # the process ended before the sender was told
                    self._release(works)
                elif tracked.state in (State.MINED, State.FINAL):
                    self._note_mined(tracked, works)

    def _release(self, works: Iterable[Work]) -> None:
        for work in works:
            self._work.end(work)

    def _note_mined(self, tracked: Tracked, works: Iterable[Work]) -> None:
        is_final = tracked.state is State.FINAL
        if tracked.outcome is not Outcome.SUCCEEDED:
            for work in works:
                self._fail(work, tracked, f"{tracked.outcome}: {tracked.reason}")
        elif self._is_read(tracked):
            for work in works:
                if not self._is_done(work, tracked):
                    self._fail(work, tracked, "the endpoint refused it within its transaction")
                elif is_final:
                    self._finish(work, tracked)
        if is_final:
            self._metrics.spent(self._sender.account, tracked)

    def _is_read(self, tracked: Tracked) -> bool:
        """Whether the ledger knows what the transaction's block says."""
        chain_id = self._settings.target.chain_id
        state, number = self._ledger.chain(chain_id), tracked.block_number
        if state is None or number is None or state.cursor < number:
            return False
        header = self._ledger.database.row(
            "SELECT block_hash FROM blocks WHERE chain = ? AND block_number = ?", chain_id, number
        )
        return header is None or header[0] == tracked.block_hash

    def _is_done(self, work: Work, tracked: Tracked) -> bool:
        """Whether the target's endpoint said what the transaction was to bring about."""
        said = self._ledger.dispatches(work.message_hash)
        if tracked.intent.key.startswith(RETRY):
            return bool(said) and said[-1].succeeded
        return bool(said)

    def _finish(self, work: Work, tracked: Tracked) -> None:
        self._work.end(work)
        said = self._ledger.dispatches(work.message_hash)
        succeeded = bool(said) and said[-1].succeeded
        fees = [
            paid.fee_wei
            for paid in self._ledger.relayer_assignments(work.message_hash)
            if any(paid.contract in route.relayers for route in self._settings.routes)
        ]
        self._metrics.delivered(succeeded=succeeded, fee_wei=sum(fees))
        self._log.info(
            "delivered",
            message=work.message_hash,
            succeeded=succeeded,
            transaction=tracked.transaction_hash,
        )

    def _fail(self, work: Work, tracked: Tracked, reason: str) -> None:
        if self._is_done(work, tracked):  # by somebody else, in the meantime
            self._work.end(work)
            return
        pause = self._settings.patience.pause_s(work.failures + 1)
        self._work.postpone(work, reason, self._clock() + pause, failed=True)
        self._metrics.postponed("transaction")
        self._log.warning(
            "not delivered",
            message=work.message_hash,
            reason=reason,
            transaction=tracked.transaction_hash,
            pause_s=pause,
        )
