"""What a courier shows to Prometheus, by the name of its target chain."""

from __future__ import annotations

from collections.abc import Mapping

from sequencer.messages.metrics import Metrics
from sequencer.messages.transactions import Tracked


class RelayerMetrics:
    """The metrics of one target chain; several share the instruments of one registry."""

    def __init__(self, instruments: Instruments, chain: str) -> None:
        self._all = instruments
        self._chain = chain
        self._counted: set[int] = set()

    def queue(self, counts: Mapping[str, int], lag_blocks: int) -> None:
        """How many messages are in each state, and how many blocks the oldest waits."""
        for state, count in counts.items():
            self._all.queue.labels(self._chain, state).set(count)
        self._all.lag.labels(self._chain).set(lag_blocks)

    def delivered(self, *, succeeded: bool, fee_wei: int) -> None:
        """A message reached its application, which took it or failed."""
        self._all.delivered.labels(self._chain, "taken" if succeeded else "failed").inc()
        self._all.fees.labels(self._chain).inc(fee_wei)

    def postponed(self, cause: str) -> None:
        """A message is left alone for a while: refused in a trial run or by a transaction."""
        self._all.postponed.labels(self._chain, cause).inc()

    def held(self, count: int) -> None:
        """How many messages our ordered ports hold back."""
        self._all.held.labels(self._chain).set(count)

    def released(self, count: int) -> None:
        """Held messages reached their dapps."""
        self._all.released.labels(self._chain).inc(count)

    def spent(self, account: str, tracked: Tracked) -> None:
        """A final transaction of ours, counted once."""
        if tracked.id in self._counted or tracked.gas_used is None:
            return
        self._counted.add(tracked.id)
        self._all.gas.labels(self._chain, account).inc(tracked.gas_used)
        self._all.cost.labels(self._chain, account).inc(tracked.gas_used * (tracked.gas_price or 0))


class Instruments:
    """The relayer's counters and gauges, once a process."""

    def __init__(self, metrics: Metrics) -> None:
        self.queue = metrics.gauge("relayer_messages", "Messages by state", "chain", "state")
        self.lag = metrics.gauge(
            "relayer_lag_blocks", "Source blocks since the oldest message that waits", "chain"
        )
        self.delivered = metrics.counter("relayer_delivered", "Deliveries", "chain", "result")
        self.postponed = metrics.counter("relayer_postponed", "Postponements", "chain", "cause")
        self.held = metrics.gauge("relayer_held", "Messages that ordered ports hold", "chain")
        self.released = metrics.counter("relayer_released", "Held messages released", "chain")
        self.fees = metrics.counter("relayer_fees_wei", "Fees of delivered messages", "chain")
        self.gas = metrics.counter("relayer_gas", "Gas used by us", "chain", "account")
        self.cost = metrics.counter("relayer_gas_wei", "Wei paid for gas", "chain", "account")
