"""Brings roots into one target chain: decides what is due, tries it out, sends it once.

An import is one piece of work of the transaction sender, named by route and block: a restart or a
reorganisation of the target sends the same transaction again, never a second one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sequencer.messages.ledger import Ledger
from sequencer.messages.oracle import peers
from sequencer.messages.oracle.attester import Attester
from sequencer.messages.oracle.contract import OracleContract
from sequencer.messages.oracle.errors import ConflictingRootError, ImportRefusedError
from sequencer.messages.oracle.route import Mode, Route, intent_key
from sequencer.messages.transactions import Intent, State, TransactionSender
from sequencer.messages.watch.view import ChainView
from verifier.chain.attestation import RootAttestation

MAX_PAUSE_S = 3_600.0
FIRST_PAUSE_S = 5.0


@dataclass
class _Attempts:
    """When a route may try again."""

    failures: int = 0
    not_before: float = 0.0
    last_import: float = float("-inf")


class Importer:
    """The imports into one target, called from that chain's loop."""

    def __init__(
        self,
        view: ChainView,
        ledger: Ledger,
        attester: Attester,
        sender: TransactionSender,
        routes: Sequence[Route],
        *,
        alarm: Callable[[str], None],
        log: Any,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ledger = ledger
        self._attester = attester
        self._sender = sender
        self._routes = [route for route in routes if route.mode is not Mode.SIGNER]
        self._contracts = {route: OracleContract(view, route) for route in self._routes}
        self._attempts = {route: _Attempts() for route in self._routes}
        self._alarm = alarm
        self._alarmed: set[str] = set()
        self._log = log
        self._clock = clock

    def work(self) -> None:
        """Submit what is due, then move the sender on."""
        for route in self._routes:
            attempts = self._attempts[route]
            if self._clock() < attempts.not_before:
                continue
            try:
                is_done = self._route(route)
            except ConflictingRootError as error:
                self._alarm_once(str(error))
                is_done = False
            except ImportRefusedError as error:
                self._log.error("import refused", reason=str(error))
                is_done = False
            self._pause(attempts, is_done=is_done)
        self._sender.step()

    def is_idle(self) -> bool:
        """Whether nothing is due and nothing sent is undecided."""
        counts = self._sender.counts()
        if counts[State.QUEUED] + counts[State.PENDING] > 0:
            return False
        try:
            return all(self._due(route) is None for route in self._routes)
        except ConflictingRootError:
            return False

    # -- one route --

    def _route(self, route: Route) -> bool:
        """Whether the route needs no further attempt for now."""
        attestation = self._due(route)
        if attestation is None or self._is_under_way(route, attestation):
            return True
        attestation = self._without_conflict(route, attestation)
        if attestation is None:
            return False
        if self._is_under_way(route, attestation) or self._is_there(route, attestation):
            return True
        data = self._call_data(route, attestation)
        if data is None:
            return False
        gas_limit = self._contracts[route].gas(data, self._sender.account)
        key = intent_key(route, attestation)
        is_repeated = self._sender.find(key) is not None
        self._sender.submit(Intent(key, route.oracle, data, gas_limit))
        self._attempts[route].last_import = self._clock()
        self._log.info(
            "root imported",
            route=str(route),
            block=attestation.block_number,
            messages=attestation.message_count,
            root=attestation.message_root,
        )
        return not is_repeated  # one that failed on chain is repeated, but not without a pause

    def _is_under_way(self, route: Route, attestation: RootAttestation) -> bool:
        tracked = self._sender.find(intent_key(route, attestation))
        return tracked is not None and not tracked.failed

    def _is_there(self, route: Route, attestation: RootAttestation) -> bool:
        """Whether the oracle holds it already; the ledger will say so, too, in a moment."""
        stored = self._contracts[route].root(attestation.block_number)
        return stored == attestation.message_root

    def _without_conflict(
        self, route: Route, attestation: RootAttestation
    ) -> RootAttestation | None:
        """The same root under a block for which the oracle holds no other one; None if there is
        none yet.
        """
        found: RootAttestation | None = attestation
        while found is not None:
            stored = self._contracts[route].root(found.block_number)
            if not any(stored) or stored == found.message_root:
                return found
            self._alarm_once(
                f"route {route}: the oracle holds the root 0x{stored.hex()} for block"
                f" {found.block_number}, here it has 0x{found.message_root.hex()}"
            )
            found = self._attester.newest(route, first_block=found.block_number + 1)
        return None

    def _alarm_once(self, reason: str) -> None:
        if reason not in self._alarmed:
            self._alarmed.add(reason)
            self._alarm(reason)

    def _due(self, route: Route) -> RootAttestation | None:
        """The import that is due: a final message that somebody waits for is not covered yet."""
        source, target = route.source_chain_id, route.target_chain_id
        covering = self._ledger.covering_root(target, route.oracle, source, route.channel)
        covered = 0 if covering is None else covering.count
        newest = self._attester.newest(route)
        if newest is None or newest.message_count <= covered:
            return None
        waiting = self._ledger.last_awaiting_root(
            source, route.channel, target, route.source_oracles, first_index=covered
        )
        if waiting is not None or self._interval_is_over(route):
            return newest
        return None

    def _interval_is_over(self, route: Route) -> bool:
        if route.only_assigned:
            return False
        return self._clock() >= self._attempts[route].last_import + route.interval_s

    def _call_data(self, route: Route, attestation: RootAttestation) -> bytes | None:
        """The import as call data; None while signatures are missing."""
        contract = self._contracts[route]
        if route.mode is Mode.OWNER:
            self._attester.attest(route, attestation.block_number)
            return contract.owner_import(attestation)
        threshold = contract.threshold()
        if threshold == 0:
            raise ImportRefusedError(f"route {route}: the oracle has no signer set in force")
        signatures = self._own_signature(route, attestation)
        if len(signatures) < threshold:
            signatures = peers.collect(
                route,
                attestation,
                contract.is_signer,
                self._log,
                own=signatures,
                wanted=threshold,
            )
        if len(signatures) < threshold:
            self._log.warning(
                "signatures are missing", route=str(route), found=len(signatures), needed=threshold
            )
            return None
        return contract.signed_import(attestation, signatures)

    def _own_signature(self, route: Route, attestation: RootAttestation) -> dict[str, bytes]:
        if not self._contracts[route].is_signer(self._attester.signer):
            return {}
        _, signature = self._attester.attest(route, attestation.block_number)
        return {self._attester.signer: signature}

    def _pause(self, attempts: _Attempts, *, is_done: bool) -> None:
        if is_done:
            attempts.failures = 0
            return
        pause = min(MAX_PAUSE_S, FIRST_PAUSE_S * 2**attempts.failures)
        attempts.failures = min(attempts.failures + 1, 16)
        attempts.not_before = self._clock() + pause
