"""`tallystick verify`: check one proof; exits 0 valid, 1 invalid, 2 malformed."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from sequencer.cli.arguments import command
from sequencer.cli.console import Console


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser = command(
        subparsers,
        "verify",
        run,
        summary="check a Groth16 proof (snarkjs files)",
        example="tallystick verify --vk verification_key.json --public public.json"
        " --proof proof.json",
    )
    parser.add_argument("--vk", type=Path, required=True, metavar="V.json")
    parser.add_argument("--public", type=Path, required=True, metavar="U.json")
    parser.add_argument("--proof", type=Path, required=True, metavar="P.json")


def run(args: argparse.Namespace, console: Console) -> int:
    """Read the three files strictly and decide."""
    from verifier.groth16 import verify
    from verifier.keys import VerifyingKey
    from verifier.proof import Proof, read_public

    key = VerifyingKey.read(args.vk)
    public = read_public(args.public)
    proof = Proof.read(args.proof)
    started = time.perf_counter()
    valid = verify(key, public, proof)
    elapsed_ms = 1000 * (time.perf_counter() - started)
    console.line(f"{'valid' if valid else 'INVALID'} ({elapsed_ms:.1f} ms)")
    console.result({"valid": valid, "milliseconds": round(elapsed_ms, 3)})
    return 0 if valid else 1
