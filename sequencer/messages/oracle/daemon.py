"""The oracle daemon: one loop a chain, imports into the targets, attestations over HTTP."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Any

from eth_account.signers.local import LocalAccount

from sequencer.data_directory import take_lock
from sequencer.messages.chain_loop import ChainLoop, run_loops
from sequencer.messages.config import ChainConfig
from sequencer.messages.ledger import Ledger
from sequencer.messages.metrics import LoopbackServer, Metrics
from sequencer.messages.oracle.attester import Attester
from sequencer.messages.oracle.config import OracleConfig
from sequencer.messages.oracle.importer import Importer
from sequencer.messages.oracle.route import Mode, Route
from sequencer.messages.oracle.service import PATH, AttestationService
from sequencer.messages.transactions import (
    SenderPolicy,
    TransactionNode,
    TransactionSender,
    TransactionStore,
)
from sequencer.messages.watch.follower import Follower
from sequencer.messages.watch.view import ChainView

BALANCE_INTERVAL_S = 60.0


class OracleDaemon:
    """Made from a configuration; `run` goes on until told to stop, `run_once` until all is done.

    LockedError while another process works in the data directory: two senders of one key would
    send twice.
    """

    def __init__(self, config: OracleConfig, log: Any) -> None:
        account = config.daemon.key.load()
        config.daemon.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = take_lock(config.daemon.data_dir / "lock")
        self._config = config
        self._log = log
        self.metrics = Metrics()
        self._alarms = self.metrics.counter("oracle_alarms", "Second roots that were refused")
        self._imports = self.metrics.gauge(
            "oracle_imports", "Imports by target chain and state", "chain", "state"
        )
        self._ledger = Ledger.open(config.daemon.ledger_path)
        attester = Attester(self._ledger, account)
        self._importers: list[Importer] = []
        self._stores: list[TransactionStore] = []
        self._views: list[ChainView] = []
        self.loops = [
            self._loop(chain, attester, account) for chain in config.daemon.chains.values()
        ]
        service = AttestationService(attester, config.routes, self._alarm)
        port = config.daemon.metrics_port
        self._server = LoopbackServer(self.metrics.registry, port, {PATH: service})
        self.port = self._server.port
        log.info("oracle started", account=attester.signer, port=self.port)

    def run(self, stop: threading.Event) -> None:
        """Follow and import until `stop` is set or every chain is stopped."""
        run_loops(self.loops, stop)

    def run_once(self, stop: threading.Event, *, timeout_s: float = 120.0) -> bool:
        """Read all chains, import what is due, wait until it is in a block; whether it all was."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline and not stop.is_set():
            for loop in self.loops:
                loop.round()
            if any(loop.stopped for loop in self.loops):
                return False
            is_read = all(loop.is_settled for loop in self.loops)
            if is_read and all(importer.is_idle() for importer in self._importers):
                return True
            stop.wait(0.05)
        return False

    def close(self) -> None:
        """Close files and connections."""
        self._server.close()
        for view in self._views:
            view.close()
        for store in self._stores:
            store.close()
        self._ledger.close()
        os.close(self._lock)
        self._log.info("oracle stopped")

    # -- parts --

    def _loop(self, chain: ChainConfig, attester: Attester, account: LocalAccount) -> ChainLoop:
        view = chain.view()
        self._views.append(view)
        log = self._log.bind(chain=chain.name)
        routes = [r for r in self._config.routes if r.target_chain_id == chain.chain_id]
        work = self._target_work(chain, view, attester, account, routes, log)
        return ChainLoop(
            chain.name,
            Follower(view, self._ledger, chain.watchlist),
            self.metrics,
            log,
            poll_interval_s=chain.poll_interval_s,
            work=work,
        )

    def _target_work(
        self,
        chain: ChainConfig,
        view: ChainView,
        attester: Attester,
        account: LocalAccount,
        routes: list[Route],
        log: Any,
    ) -> Callable[[], bool]:
        if all(route.mode is Mode.SIGNER for route in routes):
            return lambda: False
        sender = self._sender(chain, view, account)
        importer = Importer(
            view, self._ledger, attester, sender, routes, alarm=self._alarm, log=log
        )
        self._importers.append(importer)
        balance = _Balance(view, attester.signer, self.metrics.balance.labels(chain.name).set)

        def work() -> bool:
            importer.work()
            balance.show()
            for state, count in sender.counts().items():
                self._imports.labels(chain.name, state.value).set(count)
            return False

        return work

    def _sender(
        self, chain: ChainConfig, view: ChainView, account: LocalAccount
    ) -> TransactionSender:
        path, address = self._config.daemon.transactions_path, str(account.address)
        store = TransactionStore.open(path, chain.chain_id, address)
        self._stores.append(store)
        policy = SenderPolicy(chain.max_fee_per_gas_wei, confirmations=chain.confirmations)
        node = TransactionNode(view)
        return TransactionSender(node, store, account, chain.chain_id, policy)

    def _alarm(self, reason: str) -> None:
        self._alarms.inc()
        self._log.error("conflicting roots", reason=reason)


class _Balance:
    """Shows the balance of the key now and then."""

    def __init__(self, view: ChainView, account: str, show: Callable[[float], None]) -> None:
        self._view = view
        self._account = account
        self._show = show
        self._next = 0.0

    def show(self) -> None:
        if time.monotonic() >= self._next:
            self._show(self._view.balance(self._account))
            self._next = time.monotonic() + BALANCE_INTERVAL_S
