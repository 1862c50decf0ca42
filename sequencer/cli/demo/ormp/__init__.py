"""`tallystick demo ormp`: messages between two development chains and a rollup, with the daemons
that carry them."""

from __future__ import annotations

import argparse
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from sequencer.cli.console import Console


def run(args: argparse.Namespace, console: Console) -> int:
    """Play the acts; any surprise is an exception, so exit 0 means all of it held."""
    from sequencer.cli.demo.ormp import acts, configuration, rollup_act
    from sequencer.cli.demo.ormp.daemons import running_daemon
    from sequencer.cli.demo.ormp.stage import ORACLE_KEY, RELAYER_KEY, open_stage
    from sequencer.cli.demo.ormp.watching import Watcher
    from verifier.chain.anvil import find_anvil

    if args.if_possible and find_anvil() is None:
        console.line("skipped: messages between two chains need anvil; `make node` installs it")
        return 0
    with _terminated_as_interrupted(), ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tallystick-ormp-")))
        stage = stack.enter_context(open_stage(args, console, folder))
        daemons = [
            stack.enter_context(running_daemon(kind, config, key_variable=variable, key=key))
            for kind, config, variable, key in (
                (
                    "oracle",
                    configuration.write_oracle(stage),
                    configuration.ORACLE_VARIABLE,
                    ORACLE_KEY,
                ),
                (
                    "relayer",
                    configuration.write_relayer(stage),
                    configuration.RELAYER_VARIABLE,
                    RELAYER_KEY,
                ),
            )
        ]
        watcher = Watcher(stage, daemons)
        stack.callback(watcher.close)
        watcher.until_running()
        stage.timeline.note("", "the oracle and the relayer run")
        acts.open_operator_account(stage)
        acts.dapp_to_dapp(stage, watcher)
        acts.deposit(stage, watcher)
        acts.failed_and_retried(stage, watcher)
        acts.credits_reported(stage, watcher)
        rollup_act.out_of_the_rollup(stage, watcher)
        acts.in_order(stage, watcher)
        acts.fees_collected(stage, watcher)
        for daemon in daemons:
            daemon.require()
        stage.timeline.print_tables()
        console.result(stage.timeline.to_json())
    return 0


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """SIGTERM ends the demo as Ctrl-C does: nodes and daemons are stopped on the way out."""

    def interrupt(signal_number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
