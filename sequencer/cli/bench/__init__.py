"""`tallystick bench`: measurements of the prover, one kind a file."""

from __future__ import annotations

import argparse
from typing import Any

from sequencer.cli.bench import compare, groth16, kernels, report, scale

KINDS = (groth16, compare, scale, kernels, report)


def add_parser(subparsers: Any) -> None:
    """Register the command and its kinds."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "bench",
        help="measure the prover on this machine",
        description="Measure the prover on this machine: alone, beside other provers, over sizes,"
        " kernel by kernel; and make the tables of the README from what was measured.",
        epilog="example: tallystick bench groth16 --log-size 16 --threads 2",
    )
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    for kind in KINDS:
        kind.add_parser(kinds)
