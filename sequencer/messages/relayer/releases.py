"""Releases what ordered ports hold back, once its turn has come.

At our cost: a transaction brings along the gas that the senders named and no more, a trial run
comes first and costs nothing, and a message gets a bounded number of transactions. A message whose
dapp fails stops its lane only, and the pauses between the attempts grow.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sequencer.messages.ledger import HeldMessages, Lane, Ledger
from sequencer.messages.ordered import OrderedMessage
from sequencer.messages.relayer import calls, gas
from sequencer.messages.relayer.metrics import RelayerMetrics
from sequencer.messages.relayer.settings import CourierSettings
from sequencer.messages.relayer.target_chain import TargetChain
from sequencer.messages.relayer.verdict import MAX_CALL_DATA, NotNow
from sequencer.messages.relayer.work import RELEASES, Work, WorkTable
from sequencer.messages.transactions import Intent, Outcome, State, Tracked, TransactionSender
from verifier.chain.errors import ChainRevert

RELEASE = "release:"
"""How the keys of releases begin."""
LANES_A_ROUND = 64
"""Lanes that the chain is asked about in one round: no number of them holds up deliveries."""
LOOK_AGAIN_S = 60.0
"""A lane that waits is looked at when its port said something, and every so often."""
HEAD_BYTES = 352
"""What a message takes in call data beside its payload, rounded up."""
_MOVED = frozenset({"NotNext", "NotHeld"})
"""Refusals that pass by themselves: somebody else has released it."""


@dataclass(frozen=True)
class _Look:
    """How many numbers of a lane were done when it was looked at; `mark` changes when that may."""

    mark: object
    done: int
    turn: int


class Releaser:
    """For one target chain."""

    def __init__(
        self,
        settings: CourierSettings,
        ledger: Ledger,
        chain: TargetChain,
        sender: TransactionSender,
        metrics: RelayerMetrics,
        log: Any,
        clock: Callable[[], float] = time.time,
    ) -> None:
        target = settings.target
        self._settings = settings
        self._held = {
            port: HeldMessages(ledger.database, target.chain_id, port)
            for port in target.ordered_ports
        }
        self._work = WorkTable(ledger.database, target.chain_id, RELEASES)
        self._chain = chain
        self._sender = sender
        self._metrics = metrics
        self._log = log
        self._clock = clock
        self._looks: dict[tuple[str, Lane], _Look] = {}
        self._turn = 0

    def step(self) -> int:
        """Note what became of releases, submit those that are due; how many that makes."""
        for work in self._work.in_transactions():
            self._note(work)
        resting = self._work.held(self._clock())
        lanes = dict(self._lanes())
        self._metrics.held(sum(lane.held for _, lane in lanes))
        self._looks = {key: look for key, look in self._looks.items() if key in lanes}
        first, sent = self._turn, 0
        for key in sorted(lanes, key=self._last_turn):
            if self._sender.room() == 0 or self._turn - first >= LANES_A_ROUND:
                break
            sent += self._serve(*key, lanes[key], resting)
        return sent

    # -- lanes --

    def _lanes(self) -> Iterator[tuple[tuple[str, Lane], object]]:
        """The lanes that wait, each with what must change for it to go on."""
        time_slot = self._clock() // LOOK_AGAIN_S
        for port, held in self._held.items():
            mark = held.newest_step(), time_slot
            for lane in held.lanes():
                yield (port, lane), mark

    def _last_turn(self, key: tuple[str, Lane]) -> int:
        return self._looks[key].turn if key in self._looks else -1

    def _serve(self, port: str, lane: Lane, mark: object, resting: set[bytes]) -> bool:
        """Release what is next in a lane; whether that made a transaction."""
        look = self._looks.get((port, lane))
        if look is None or look.mark != mark:
            try:
                done = self._chain.done_of(port, lane.from_chain_id, lane.from_dapp)
            except ChainRevert as revert:
                self._log.error("no ordered port", port=port, reason=str(revert))
                return False
            finally:
                self._turn += 1
            look = self._looks[port, lane] = _Look(mark, done, self._turn)
        run = self._run(port, lane, look.done + 1, resting)
        if not run:
            return False
        self._turn += 1
        self._looks[port, lane] = _Look(look.mark, look.done, self._turn)
        return self._try(port, run)

    def _run(self, port: str, lane: Lane, nonce: int, resting: set[bytes]) -> list[OrderedMessage]:
        """Held messages from a number on, as many as go into one transaction. One that failed
        before goes alone.
        """
        run: list[OrderedMessage] = []
        budget = min(self._settings.terms.batch_gas, self._allowed())
        size_sum = 0
        while (held := self._held[port].number(lane, nonce + len(run))) is not None:
            work = self._work.of(held.id)
            if held.id in resting or work.attempts > self._settings.patience.max_retries:
                break
            budget -= gas.release_share(held) + gas.CALLDATA_BYTE * _size(held)
            size_sum += _size(held)
            is_full = budget < gas.TRANSACTION or size_sum > MAX_CALL_DATA
            if run and (is_full or work.failures > 0):
                break
            run.append(held)
            if work.failures > 0:
                break
        return run

    def _allowed(self) -> int:
        block_limit = self._chain.newest().block_limit
        return min(block_limit, self._settings.terms.max_transaction_gas or block_limit)

    # -- releases --

    def _try(self, port: str, run: list[OrderedMessage]) -> bool:
        """Submit as much of a run as goes well in a trial run."""
        while (refusal := self._why_not(port, run)) is not None:
            if len(run) == 1:
                self._postpone(run[0], refusal)
                return False
            run = run[: len(run) // 2]
        self._submit(port, run)
        return True

    def _why_not(self, port: str, run: list[OrderedMessage]) -> NotNow | None:
        data = calls.release(run)
        limit = gas.release_limit(run, data, self._settings.terms.extra_gas)
        if limit > self._allowed():
            return NotNow(f"it needs up to {limit} gas, a transaction may use {self._allowed()}")
        if len(data) > MAX_CALL_DATA:
            return NotNow(f"its call data of {len(data)} bytes exceeds {MAX_CALL_DATA}")
        try:
            self._chain.try_out(port, data, limit)
        except ChainRevert as revert:
            return NotNow(str(revert), is_failure=revert.name not in _MOVED)
        return None

    def _submit(self, port: str, run: list[OrderedMessage]) -> None:
        works = [self._work.of(held.id) for held in run]
        key = f"{RELEASE}{port}:{run[0].id.hex()}:{works[0].attempts + 1}"
        data = calls.release(run)
        limit = gas.release_limit(run, data, self._settings.terms.extra_gas)
        self._work.begin(works, key)
        self._sender.submit(Intent(key, port, data, limit))
        self._log.info("release submitted", messages=len(run), first=run[0].id, intent=key)

    def _postpone(self, held: OrderedMessage, refusal: NotNow) -> None:
        work = self._work.of(held.id)
        failed = refusal.is_failure
        pause = self._settings.patience.pause_s(work.failures + 1 if failed else 1)
        self._work.postpone(work, refusal.reason, self._clock() + pause, failed=failed)
        if refusal.reason != work.reason:
            self._log.warning("not released", message=held.id, reason=refusal.reason, pause_s=pause)

    # -- what became of them --

    def _note(self, work: Work) -> None:
        """Until its transaction is final a message stays with it, as a delivery does."""
        tracked = self._sender.find(work.intent or "")
        if tracked is None:  # the process ended before the sender was told
            self._work.end(work)
        elif tracked.state in (State.MINED, State.FINAL):
            self._note_mined(work, tracked)

    def _note_mined(self, work: Work, tracked: Tracked) -> None:
        is_final = tracked.state is State.FINAL
        if tracked.outcome is Outcome.SUCCEEDED:
            if is_final:
                self._work.end(work)
                self._metrics.released(1)
                self._log.info("released", message=work.message_hash)
        elif all(held.by_id(work.message_hash) is None for held in self._held.values()):
            self._work.end(work)  # by somebody else, in the meantime
        else:
            pause = self._settings.patience.pause_s(work.failures + 1)
            reason = f"{tracked.outcome}: {tracked.reason}"
            self._work.postpone(work, reason, self._clock() + pause, failed=True)
            self._log.warning("not released", message=work.message_hash, reason=reason)
        if is_final:
            self._metrics.spent(self._sender.account, tracked)


def _size(held: OrderedMessage) -> int:
    return HEAD_BYTES + 32 * (1 + len(held.payload) // 32)
