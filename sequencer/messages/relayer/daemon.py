"""The relayer daemon: one loop a chain; on target chains a courier works after each step."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Any

from eth_account.signers.local import LocalAccount

from sequencer.data_directory import take_lock
from sequencer.messages.chain_loop import ChainLoop, run_loops
from sequencer.messages.channel_trees import ChannelTrees, trees_folder
from sequencer.messages.config import ChainConfig
from sequencer.messages.ledger import Ledger
from sequencer.messages.metrics import LoopbackServer, Metrics
from sequencer.messages.relayer.config import RelayerConfig
from sequencer.messages.relayer.courier import Courier
from sequencer.messages.relayer.metrics import Instruments, RelayerMetrics
from sequencer.messages.relayer.prices import PriceRatios
from sequencer.messages.relayer.settings import CourierSettings
from sequencer.messages.relayer.target_chain import TargetChain
from sequencer.messages.relayer.trees import SharedTrees
from sequencer.messages.relayer.verdict import Judge
from sequencer.messages.transactions import (
    SenderPolicy,
    TransactionNode,
    TransactionSender,
    TransactionStore,
)
from sequencer.messages.watch import ChainView
from sequencer.messages.watch.follower import Follower

BALANCE_INTERVAL_S = 60.0


class RelayerDaemon:
    """Made from a configuration; `run` goes on until told to stop, `run_once` until nothing is left
    to do now. LockedError while another process works in the data directory.
    """

    def __init__(self, config: RelayerConfig, log: Any) -> None:
        self._account = config.daemon.key.load()
        config.daemon.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = take_lock(config.daemon.data_dir / "lock")
        self._config = config
        self._log = log
        self.metrics = Metrics()
        self._instruments = Instruments(self.metrics)
        self.ledger = Ledger.open(config.daemon.ledger_path)
        self._channels = ChannelTrees(self.ledger, trees_folder(config.daemon.ledger_path))
        self._trees = SharedTrees(self._channels)
        self._stores: list[TransactionStore] = []
        self._views: list[ChainView] = []
        self.couriers: list[Courier] = []
        self.loops = [self._loop(chain) for chain in config.daemon.chains.values()]
        self._server = LoopbackServer(self.metrics.registry, config.daemon.metrics_port)
        self.port = self._server.port
        log.info("relayer started", account=self._account.address, port=self.port)

    def run(self, stop: threading.Event) -> None:
        """Relay until `stop` is set or every chain is stopped."""
        run_loops(self.loops, stop)

    def run_once(self, stop: threading.Event | None = None, *, timeout_s: float = 120.0) -> bool:
        """Read all chains, deliver what can be, wait until it is in a block; whether it all was."""
        stop = stop or threading.Event()
        deadline = time.monotonic() + timeout_s
        quiet = 0
        while time.monotonic() < deadline and not stop.is_set():
            rounds = [loop.round() for loop in self.loops]
            if any(loop.stopped for loop in self.loops):
                return False
            is_idle = all(courier.is_idle() for courier in self.couriers)
            is_busy = any(rounds) or not is_idle or any(loop.is_failing for loop in self.loops)
            quiet = 0 if is_busy else quiet + 1
            if quiet == 2:  # the second time, every courier knew what all chains had said
                return True
            stop.wait(0.02)
        return False

    def close(self) -> None:
        """Close files and connections."""
        self._server.close()
        for view in self._views:
            view.close()
        for store in self._stores:
            store.close()
        self._channels.close()
        self.ledger.close()
        os.close(self._lock)
        self._log.info("relayer stopped")

    # -- parts --

    def _loop(self, chain: ChainConfig) -> ChainLoop:
        view = self._view(chain)
        log = self._log.bind(chain=chain.name)
        work: Callable[[], bool] = lambda: False  # noqa: E731
        for settings in self._config.couriers:
            if settings.target.chain_id == chain.chain_id:
                work = self._work(chain, settings, view, log)
        follower = Follower(view, self.ledger, chain.watchlist)
        return ChainLoop(
            chain.name,
            follower,
            self.metrics,
            log,
            poll_interval_s=chain.poll_interval_s,
            work=work,
        )

    def _work(
        self, chain: ChainConfig, settings: CourierSettings, view: ChainView, log: Any
    ) -> Callable[[], bool]:
        courier = self._courier(chain, settings, view, log)
        self.couriers.append(courier)
        show = self.metrics.balance.labels(chain.name).set
        account, next_look = str(self._account.address), 0.0

        def work() -> bool:
            nonlocal next_look
            if time.monotonic() >= next_look:
                show(view.balance(account))
                next_look = time.monotonic() + BALANCE_INTERVAL_S
            return courier.step()

        return work

    def _courier(
        self, chain: ChainConfig, settings: CourierSettings, view: ChainView, log: Any
    ) -> Courier:
        target = TargetChain(view, settings.target, str(self._account.address))
        # A view is for one thread: the sources' prices are read through views of our own.
        sources = {route.source_chain_id for route in settings.routes if not route.is_subsidised}
        views = {source: self._view(self._config.daemon.chains[source]) for source in sources}
        judge = Judge(settings, self.ledger, self._trees, target, PriceRatios(views))
        return Courier(
            settings,
            self.ledger,
            self._trees,
            target,
            judge,
            self._sender(chain, view, self._account),
            RelayerMetrics(self._instruments, chain.name),
            log,
        )

    def _sender(
        self, chain: ChainConfig, view: ChainView, account: LocalAccount
    ) -> TransactionSender:
        path = self._config.daemon.transactions_path
        store = TransactionStore.open(path, chain.chain_id, str(account.address))
        self._stores.append(store)
        policy = SenderPolicy(
            chain.max_fee_per_gas_wei,
            max_pending=self._config.max_pending,
            confirmations=max(1, chain.confirmations),
            bump_after_blocks=self._config.bump_after_blocks,
            bump_after_s=self._config.bump_after_s,
        )
        return TransactionSender(TransactionNode(view), store, account, chain.chain_id, policy)

    def _view(self, chain: ChainConfig) -> ChainView:
        view = chain.view()
        self._views.append(view)
        return view
