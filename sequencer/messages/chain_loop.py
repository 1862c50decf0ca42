"""One thread a chain: follow it, then do the work that it gave rise to, then wait.

A node that is away is waited for, longer each time. A chain that is stopped stays stopped; the
others go on.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

from native.errors import TallystickError
from sequencer.messages.metrics import Metrics
from sequencer.messages.watch.errors import ChainStopped, NodeDisagreement, NodeUnavailable
from sequencer.messages.watch.follower import Follower, Progress
from sequencer.messages.watch.node import NodeRefused
from verifier.chain.errors import ChainUnavailable

MAX_PAUSE_S = 60.0
TRANSIENT = (NodeUnavailable, NodeDisagreement, NodeRefused, ChainUnavailable)
"""What goes away by itself: it is logged, counted and tried again."""


class ChainLoop:
    """Follows one chain and calls `work` after each step. `work` says whether there is more to do
    at once. All of it runs in one thread.

    `stopped` is why the chain is not followed any more, if so; `is_settled` tells that the last
    round found nothing left to do.
    """

    def __init__(
        self,
        name: str,
        follower: Follower,
        metrics: Metrics,
        log: Any,
        *,
        poll_interval_s: float,
        work: Callable[[], bool] = lambda: False,
    ) -> None:
        self.name = name
        self.follower = follower
        self.stopped: ChainStopped | None = None
        self.is_settled = False
        self._metrics = metrics
        self._log = log.bind(chain=name)
        self._poll_interval_s = poll_interval_s
        self._work = work
        self._failures = 0
        self._is_contradicted = False
        metrics.stopped.labels(name).set(0)

    @property
    def is_failing(self) -> bool:
        """Whether the last round ended in an error, or read something that cannot be true."""
        return self._failures > 0 or self._is_contradicted

    def run(self, stop: threading.Event) -> None:
        """Go on until `stop` is set or the chain is stopped."""
        while not stop.is_set() and self.stopped is None:
            is_more = self.round()
            if not is_more:
                stop.wait(self._pause_s())

    def round(self) -> bool:
        """One step and the work after it; whether there is more to do at once."""
        self.is_settled = False
        try:
            progress = self.follower.step()
            self._report(progress)
            self._is_contradicted = progress.disagreement is not None
            is_more = self._work()
        except ChainStopped as error:
            self._stop(error)
            return False
        except TRANSIENT as error:
            self._failures += 1
            self._metrics.failures.labels(self.name).inc()
            self._log.warning("round failed", reason=str(error), failures=self._failures)
            return False
        except TallystickError as error:
            self._failures += 1
            self._metrics.failures.labels(self.name).inc()
            self._log.error("round failed", reason=str(error), failures=self._failures)
            return False
        except Exception:  # a thread that ends would leave its chain behind, and nobody would know
            self._failures += 1
            self._metrics.failures.labels(self.name).inc()
            self._log.exception("round failed", failures=self._failures)
            return False
        self._failures = 0
        self.is_settled = progress.is_caught_up and not is_more
        return is_more or (not progress.is_caught_up and progress.disagreement is None)

    def _report(self, progress: Progress) -> None:
        self._metrics.progressed(self.name, progress)
        if progress.reorg_depth:
            self._log.warning("reorganisation", depth=progress.reorg_depth, cursor=progress.cursor)
        if progress.disagreement is not None:
            self._log.warning("nodes disagree, reading again", reason=progress.disagreement)

    def _stop(self, error: ChainStopped) -> None:
        self.stopped = error
        self._metrics.stopped.labels(self.name).set(1)
        self._log.error("chain stopped", reason=str(error))

    def _pause_s(self) -> float:
        longer: float = self._poll_interval_s * 2 ** min(self._failures, 16)
        return min(longer, MAX_PAUSE_S)


def run_loops(loops: Sequence[ChainLoop], stop: threading.Event) -> None:
    """Run every loop in its thread until `stop` is set or all chains are stopped."""
    threads = [
        threading.Thread(target=loop.run, args=(stop,), name=f"chain {loop.name}") for loop in loops
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(0.2)  # short, so that signals are handled in between


def stop_on_signals(stop: threading.Event) -> None:
    """Have SIGTERM and SIGINT end the loops after their current round."""

    def handle(_: int, __: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)
