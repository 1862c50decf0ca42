"""Tries failed deliveries again through the endpoint, when the application would take them now.

At our cost, so a bounded number of times; a trial run comes first and costs nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sequencer.messages.ledger import Ledger
from sequencer.messages.message import Message
from sequencer.messages.relayer import calls, gas
from sequencer.messages.relayer.outcomes import RETRY
from sequencer.messages.relayer.settings import CourierSettings, Route
from sequencer.messages.relayer.target_chain import TargetChain
from sequencer.messages.relayer.work import Work, WorkTable
from sequencer.messages.transactions import Intent, TransactionSender
from verifier.chain.errors import ChainRevert

_FAILED = """
SELECT m.message_hash FROM messages m
WHERE m.source_chain = ? AND m.channel = ? AND m.target_chain = ?
AND EXISTS (SELECT 1 FROM dispatches d
            WHERE d.message_hash = m.message_hash AND d.chain = ? AND d.succeeded = 0)
AND NOT EXISTS (SELECT 1 FROM dispatches d
                WHERE d.message_hash = m.message_hash AND d.chain = ? AND d.succeeded = 1)
ORDER BY m.message_index
"""


class Retrier:
    """For one target chain."""

    def __init__(
        self,
        settings: CourierSettings,
        ledger: Ledger,
        work: WorkTable,
        chain: TargetChain,
        sender: TransactionSender,
        log: Any,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._work = work
        self._chain = chain
        self._sender = sender
        self._log = log
        self._clock = clock

    def step(self) -> int:
        """Submit what would succeed now; how many transactions that makes."""
        sent = 0
        held = self._work.held(self._clock())
        for route in self._settings.routes:
            for message_hash in self._failed(route):
                work = self._work.of(message_hash)
                if self._sender.room() == 0:
                    return sent
                if message_hash not in held and work.retries < self._settings.patience.max_retries:
                    sent += self._try(work, route)
        return sent

    def _failed(self, route: Route) -> list[bytes]:
        """Messages of ours whose application has only ever failed."""
        target = self._settings.target.chain_id
        key = (str(route.source_chain_id), route.channel, str(target), target, target)
        hashes = [row[0] for row in self._ledger.database.rows(_FAILED, *key)]
        return [found for found in hashes if self._is_ours(found, route)]

    def _is_ours(self, message_hash: bytes, route: Route) -> bool:
        assigned = self._ledger.relayer_assignments(message_hash)
        return route.is_subsidised or any(paid.contract in route.relayers for paid in assigned)

    def _try(self, work: Work, route: Route) -> bool:
        accepted = self._ledger.message(work.message_hash)
        if accepted is None:
            return False
        data = calls.retry(accepted.message)
        limit = gas.transaction_limit([accepted.message], data, self._settings.terms.extra_gas)
        reason = self._why_not(data, limit)
        if reason is not None:
            pause = self._settings.patience.pause_s(work.failures + 1)
            self._work.postpone(work, reason, self._clock() + pause, failed=True)
            return False
        self._submit(work, accepted.message, data, limit)
        return True

    def _why_not(self, data: bytes, limit: int) -> str | None:
        try:
            answer = self._chain.try_out(self._settings.target.endpoint, data, limit)
        except ChainRevert as revert:
            return str(revert)
        return None if calls.retried(answer) else "the application would fail again"

    def _submit(self, work: Work, message: Message, data: bytes, limit: int) -> None:
        key = f"{RETRY}{work.message_hash.hex()}:{work.attempts + 1}"
        self._work.begin([work], key, is_retry=True)
        self._sender.submit(Intent(key, self._settings.target.endpoint, data, limit))
        self._log.info("retry submitted", message=work.message_hash, index=message.index)
