"""Brings messages to one target chain.

Each round: bring the sender's records up to the chain, note what became of our transactions, then
judge the messages that wait, pack those that can go and hand them to the sender.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from native.errors import MalformedError
from sequencer.messages.ledger import Ledger
from sequencer.messages.relayer.batches import Batch, pack
from sequencer.messages.relayer.metrics import RelayerMetrics
from sequencer.messages.relayer.outcomes import Bookkeeper
from sequencer.messages.relayer.releases import Releaser
from sequencer.messages.relayer.retries import Retrier
from sequencer.messages.relayer.settings import CourierSettings, Route
from sequencer.messages.relayer.target_chain import TargetChain
from sequencer.messages.relayer.trees import SharedTrees
from sequencer.messages.relayer.verdict import Candidate, Judge, NotNow, Ready
from sequencer.messages.relayer.work import WorkTable
from sequencer.messages.transactions import Intent, State, TransactionSender

MAX_LAG_BLOCKS = 16
"""Blocks of the target that may still be unread while messages are judged."""
_PAGE = 500


class Courier:
    """One target chain. Not for several threads."""

    def __init__(
        self,
        settings: CourierSettings,
        ledger: Ledger,
        trees: SharedTrees,
        chain: TargetChain,
        judge: Judge,
        sender: TransactionSender,
        metrics: RelayerMetrics,
        log: Any,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._trees = trees
        self._chain = chain
        self._judge = judge
        self._sender = sender
        self._metrics = metrics
        self._log = log
        self._clock = clock
        self._work = WorkTable(ledger.database, settings.target.chain_id)
        self._books = Bookkeeper(settings, ledger, self._work, sender, metrics, log, clock)
        self._retrier = Retrier(settings, ledger, self._work, chain, sender, log, clock)
        self._releaser = Releaser(settings, ledger, chain, sender, metrics, log, clock)
        self._blocked: str | None = None

    @property
    def target_chain_id(self) -> int:
        """Where it brings messages."""
        return self._settings.target.chain_id

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes that end there."""
        return self._settings.routes

    def step(self) -> bool:
        """One round; whether something was sent, so that another one may find more."""
        self._sender.step()
        self._books.note()
        self._judge.new_round()
        if self._is_behind():
            return False
        sent = self._deliver()
        if self._settings.patience.retry_failed:
            sent += self._retrier.step()
        sent += self._releaser.step()
        if sent:
            self._sender.step()
        self._show_blocked()
        return sent > 0

    def _is_behind(self) -> bool:
        """Whether the target is still being read: what looks pending may long be delivered."""
        state = self._ledger.chain(self._settings.target.chain_id)
        return state is None or state.cursor + MAX_LAG_BLOCKS < self._chain.newest().number

    def is_idle(self) -> bool:
        """Whether no transaction of ours still has to be mined."""
        counts = self._sender.counts()
        return counts[State.QUEUED] == counts[State.PENDING] == 0

    # -- deliveries --

    def _deliver(self) -> int:
        held = self._work.held(self._clock())
        counts = {"waiting": 0, "held": 0, "postponed": 0, "ready": 0}
        sent = lag = 0
        for route in self._settings.routes:
            if not self._has_tree(route):
                continue
            room = self._sender.room()
            ready = self._ready(route, held, room * self._settings.terms.batch_messages, counts)
            for batch in self._packed(ready)[:room]:
                self._submit(batch)
                sent += 1
            lag = max(lag, self._lag(route))
        self._metrics.queue(counts, lag)
        return sent

    def _has_tree(self, route: Route) -> bool:
        """Bring the channel's tree up to the ledger; a damaged one holds up its own routes only."""
        try:
            self._trees.follow(route.source_chain_id, route.channel)
        except MalformedError as error:
            self._log.error("no tree", route=str(route), reason=str(error))
            return False
        return True

    def _ready(
        self, route: Route, held: set[bytes], wanted: int, counts: dict[str, int]
    ) -> list[Ready]:
        """The messages of a route that can go now, the oldest first, at most `wanted`."""
        ready: list[Ready] = []
        for candidate in self._candidates(route, _PAGE):
            if candidate.hash in held:
                counts["held"] += 1
                continue
            if len(ready) >= wanted:
                break
            verdict = self._judge.verdict(candidate, route)
            if verdict is None:
                counts["waiting"] += 1
            elif isinstance(verdict, Ready):
                counts["ready"] += 1
                ready.append(verdict)
            else:
                counts["postponed"] += 1
                self._postpone(candidate, verdict)
        return ready

    def _candidates(self, route: Route, page_size: int) -> Iterator[Candidate]:
        """Final messages of the route that its target has not dispatched, by index."""
        key = (route.source_chain_id, route.channel, route.target_chain_id)
        last = -1
        while True:
            if route.is_subsidised:
                accepted = self._ledger.pending_unassigned(*key, after_index=last, limit=page_size)
                page = [Candidate(found.message, None) for found in accepted]
            else:
                pending = self._ledger.pending(
                    *key, relayers=route.relayers, after_index=last, limit=page_size
                )
                page = [Candidate(p.accepted.message, p.assigned.fee_wei) for p in pending]
            yield from page
            if len(page) < page_size:
                return
            last = page[-1].message.index

    def _packed(self, ready: list[Ready]) -> list[Batch]:
        if not ready:
            return []
        terms = self._settings.terms
        limit = self._chain.newest().block_limit
        budget = min(terms.batch_gas, terms.max_transaction_gas or limit, limit)
        hashes = [found.candidate.hash for found in ready]
        alone = {h for h in hashes if self._work.of(h).failures > 0}
        return pack(ready, alone, terms, budget)

    def _submit(self, batch: Batch) -> None:
        works = [self._work.of(ready.candidate.hash) for ready in batch.messages]
        first = works[0]
        key = f"deliver:{first.message_hash.hex()}:{first.attempts + 1}+{len(works) - 1}"
        data = batch.call_data()
        limit = batch.gas_limit(data, self._settings.terms)
        self._work.begin(works, key)
        self._sender.submit(Intent(key, self._settings.target.relayer, data, limit))
        self._log.info("submitted", messages=len(works), first=first.message_hash, intent=key)

    def _postpone(self, candidate: Candidate, verdict: NotNow) -> None:
        work = self._work.of(candidate.hash)
        patience = self._settings.patience
        pause = patience.pause_s(work.failures + 1 if verdict.is_failure else 1)
        not_before = self._clock() + pause
        self._work.postpone(work, verdict.reason, not_before, failed=verdict.is_failure)
        self._metrics.postponed("trial")
        if verdict.reason != work.reason:
            self._log.warning(
                "postponed", message=candidate.hash, reason=verdict.reason, pause_s=pause
            )

    # -- what is shown --

    def _lag(self, route: Route) -> int:
        """Source blocks between the oldest message that is not delivered and the newest final
        block."""
        oldest = next(self._candidates(route, 1), None)
        if oldest is None:
            return 0
        accepted = self._ledger.message(oldest.hash)
        if accepted is None:
            return 0
        state = self._ledger.chain(accepted.position.chain_id)
        return 0 if state is None else state.finalized - accepted.position.block_number

    def _show_blocked(self) -> None:
        if self._sender.blocked != self._blocked:
            self._blocked = self._sender.blocked
            if self._blocked is not None:
                self._log.warning("transactions wait", reason=self._blocked)
