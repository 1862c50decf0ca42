"""`tallystick export-verifier`: a self-contained Solidity verifier with the key as constants."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sequencer.cli.arguments import command
from sequencer.cli.console import Console


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser = command(
        subparsers,
        "export-verifier",
        run,
        summary="write the Solidity verifier of a verification key",
        example="tallystick export-verifier --vk verification_key.json --out Verifier.sol",
    )
    parser.add_argument("--vk", type=Path, required=True, metavar="V.json")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.sol")
    parser.add_argument("--name", default="Groth16Verifier", help="name of the contract")


def run(args: argparse.Namespace, console: Console) -> int:
    """Refuse an unusable key, else write the contract."""
    from verifier.keys import VerifyingKey
    from verifier.solidity.generator import export_verifier

    key = VerifyingKey.read(args.vk)
    source = export_verifier(key, contract_name=args.name)
    args.out.write_text(source, encoding="utf-8")
    console.line(f"{args.out}: verifier for {key.n_public} public inputs")
    if key.development:
        console.line("the key comes from an unsafe development setup: development chains only")
    console.result({"contract": args.name, "file": str(args.out), "public_inputs": key.n_public})
    return 0
