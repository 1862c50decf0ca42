"""A circuit on the command line: by name, or a circom .r1cs file."""

from __future__ import annotations

import argparse
from pathlib import Path

from circuits.system.r1cs import R1CS


def add_circuit(parser: argparse.ArgumentParser) -> None:
    """`--circuit NAME` or `--r1cs FILE`, one of them."""
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--circuit", metavar="NAME", help="see `tallystick circuits list`")
    group.add_argument("--r1cs", type=Path, metavar="C.r1cs", help="a circuit compiled by circom")


def load_r1cs(args: argparse.Namespace) -> R1CS:
    """The constraint system that the arguments name."""
    if args.r1cs is not None:
        from prover.snarkjs.r1cs import read_r1cs

        return read_r1cs(args.r1cs).r1cs
    from circuits.registry import compile_named

    return compile_named(args.circuit).r1cs
