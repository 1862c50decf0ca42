"""How a daemon of the command line runs: until a signal, or once, and always closed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Protocol

from sequencer.messages.chain_loop import ChainLoop, stop_on_signals


class Daemon(Protocol):
    """What the oracle and the relayer have in common."""

    @property
    def loops(self) -> Sequence[ChainLoop]:
        """One for each chain that is followed."""

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop."""

    def run_once(self, stop: threading.Event) -> bool:
        """Do what is due now; whether all of it was done."""

    def close(self) -> None:
        """Give back files and ports."""


def stopped_by_signals() -> threading.Event:
    """Set by SIGTERM or SIGINT; to be made before the daemon, so that its start can be stopped."""
    stop = threading.Event()
    stop_on_signals(stop)
    return stop


def run_to_its_end(daemon: Daemon, stop: threading.Event, *, once: bool) -> bool:
    """Run the daemon and close it; whether nothing was left undone and no chain was stopped."""
    try:
        if once:
            return daemon.run_once(stop)
        daemon.run(stop)
        return not any(loop.stopped for loop in daemon.loops)
    finally:
        daemon.close()
