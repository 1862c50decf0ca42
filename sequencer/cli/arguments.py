"""Argument definitions that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from sequencer.cli.console import Console

Run = Callable[[argparse.Namespace, Console], int]


def command(
    subparsers: Any, name: str, run: Run, *, summary: str, example: str
) -> argparse.ArgumentParser:
    """Add one subcommand with `--json` and an example at the end of its help."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=f"example: {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--json",
        nargs="?",
        const="-",
        metavar="FILE",
        help="write the result as JSON to FILE, or to standard output without FILE",
    )
    parser.set_defaults(run=run)
    return parser


def add_threads(parser: argparse.ArgumentParser) -> None:
    """`--threads T`, 0 meaning every core."""
    parser.add_argument(
        "--threads", type=thread_count, default=0, metavar="T", help="threads (default: all cores)"
    )


def thread_count(text: str) -> int:
    """A count from 0 (all cores) to 256."""
    return bounded_int(text, low=0, high=256)


def bounded_int(text: str, *, low: int, high: int) -> int:
    """Parse an integer within [low, high], for argparse."""
    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not an integer") from None
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(f"{value} is outside {low}..{high}")
    return value
