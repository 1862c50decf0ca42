"""`tallystick demo`: part of an operator's day, with real parts from the first deposit to the last
refusal."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from sequencer.cli.arguments import add_threads, command
from sequencer.cli.console import Console


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser = command(
        subparsers,
        "demo",
        run,
        summary="run deposits, batches, proofs, settlement and a message from end to end",
        example="tallystick demo --preset tiny --json figures.json",
    )
    parser.add_argument(
        "play",
        nargs="?",
        choices=("rollup", "ormp"),
        default="rollup",
        help="the rollup's own day (the default), or messages between two chains and the rollup",
    )
    parser.add_argument(
        "--preset", choices=("tiny", "small", "mainnet"), default="small", help="batch size"
    )
    parser.add_argument(
        "--rpc",
        metavar="URL",
        help="a development node with unlocked accounts, such as anvil (default: embedded chain)",
    )
    parser.add_argument(
        "--if-possible", action="store_true", help="ormp: without anvil, say so and exit 0"
    )
    add_threads(parser)


def run(args: argparse.Namespace, console: Console) -> int:
    """Play the acts in order; any surprise is an exception, so exit 0 means all of it held."""
    if args.play == "ormp":
        from sequencer.cli.demo import ormp

        return ormp.run(args, console)
    return _run_rollup(args, console)


def _run_rollup(args: argparse.Namespace, console: Console) -> int:
    from sequencer.cli.demo import acts, refusals
    from sequencer.cli.demo.figures import Figures
    from sequencer.cli.demo.world import open_world

    figures = Figures(preset=args.preset)
    with tempfile.TemporaryDirectory(prefix="tallystick-demo-") as folder:
        world = open_world(args, console, figures, Path(folder))
        with world.sequencer:
            acts.deposit(world)
            acts.trade(world)
            acts.settle(world)
            acts.claim(world)
            acts.relay(world)
            refusals.after_settlement(world)
            acts.rebuild(world)
    figures.print(console)
    console.result(figures.to_json())
    return 0
