"""Arguments and lines that kinds of `tallystick bench` share."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sequencer.cli.arguments import bounded_int
from sequencer.cli.console import Console


def add_repeat(parser: argparse.ArgumentParser, default: int) -> None:
    """`--repeat R`."""
    parser.add_argument(
        "--repeat",
        type=lambda text: bounded_int(text, low=1, high=100),
        default=default,
        metavar="R",
        help=f"timed runs; medians are printed (default {default})",
    )


def add_cache(parser: argparse.ArgumentParser) -> None:
    """`--cache FOLDER`."""
    parser.add_argument(
        "--cache", type=Path, metavar="FOLDER", help="keep keys and witnesses here between runs"
    )


def add_svg(parser: argparse.ArgumentParser) -> None:
    """`--svg FILE`."""
    parser.add_argument("--svg", type=Path, metavar="FILE", help="write a plot")


def log_size(text: str) -> int:
    """The size of a Poseidon chain, for argparse."""
    return bounded_int(text, low=8, high=22)


@contextmanager
def folder_for(cache: Path | None) -> Iterator[Path]:
    """The cache, made if need be, or a folder that goes away."""
    if cache is not None:
        cache.mkdir(parents=True, exist_ok=True)
        yield cache
        return
    with tempfile.TemporaryDirectory(prefix="tallystick-bench-") as folder:
        yield Path(folder)


@contextmanager
def confined_to(threads: int) -> Iterator[None]:
    """Only `threads` cores for this thread and the processes it starts; 0: as it is."""
    before = os.sched_getaffinity(0)
    if threads:
        os.sched_setaffinity(0, sorted(before)[:threads])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def machine(console: Console) -> dict[str, Any]:
    """The machine, announced, with a warning when it is not idle."""
    from prover.bench.machine import describe_machine, is_busy, one_line

    described = describe_machine()
    console.line(one_line(described))
    if is_busy(described):
        console.line(f"this machine is busy (load {described['load']}): times will be too long")
    return described
