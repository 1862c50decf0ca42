"""`tallystick`: parse the arguments, run one command, map errors to exit codes.

Exit codes: 0 done (or valid), 1 a negative verdict (an invalid proof, findings of a check),
2 the command could not be carried out: malformed input, a false witness, wrong usage.
Commands import what they need when they run, so `--help` is quick.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import metadata

from native.errors import TallystickError
from sequencer.cli import (
    bench,
    circuits,
    demo,
    export_verifier,
    messages,
    oracle,
    prove,
    relayer,
    setup,
    verify,
)
from sequencer.cli.console import Console

COMMANDS = (demo, setup, prove, verify, export_verifier, circuits, messages, bench, oracle, relayer)
EXIT_ERROR = 2


def build_parser() -> argparse.ArgumentParser:
    """The whole command line; every subcommand's help ends with an example."""
    parser = argparse.ArgumentParser(
        prog="tallystick",
        description="Prove an off-chain exchange to a blockchain: circuits, proofs, settlement.",
        epilog="example: tallystick demo --preset small",
    )
    parser.add_argument(
        "--version", action="version", version=f"tallystick {metadata.version('tallystick')}"
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_parser(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (the console script's entry point)."""
    args = build_parser().parse_args(argv)
    console = Console(json_target=args.json)
    try:
        code: int = args.run(args, console)
    except (TallystickError, OSError) as error:
        console.error(str(error))
        return EXIT_ERROR
    except KeyboardInterrupt:
        console.error("interrupted")
        return 130
    return code


if __name__ == "__main__":
    sys.exit(main())
