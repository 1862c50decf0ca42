"""`tallystick prove`: a proof from a key and a witness, as rapidsnark does for circom circuits."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sequencer.cli.arguments import add_threads, command
from sequencer.cli.console import Console
from sequencer.cli.report import phase_rows


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser = command(
        subparsers,
        "prove",
        run,
        summary="make a Groth16 proof from a proving key and a witness",
        example="tallystick prove --zkey C.zkey --witness W.wtns --proof P.json --public U.json",
    )
    parser.add_argument(
        "--zkey",
        type=Path,
        required=True,
        metavar="C.zkey",
        help="a snarkjs .zkey, or a proving key made by `tallystick setup`",
    )
    parser.add_argument("--witness", type=Path, required=True, metavar="W.wtns")
    parser.add_argument("--proof", type=Path, required=True, metavar="P.json")
    parser.add_argument("--public", type=Path, required=True, metavar="U.json")
    parser.add_argument(
        "--r1cs",
        type=Path,
        metavar="C.r1cs",
        help="with it, a false witness is reported with its first violated constraint",
    )
    parser.add_argument(
        "--backend",
        choices=("cpu", "reference"),
        default="cpu",
        help="cpu: native threads; reference: plain Python, for tiny circuits",
    )
    add_threads(parser)


def run(args: argparse.Namespace, console: Console) -> int:
    """Prove, verify, and only then write the two files."""
    from native.errors import UnsatisfiedError
    from prover.backends import load_backend
    from prover.files import prove_zkey
    from prover.phases import Phases
    from verifier.proof import public_to_json

    phases = Phases()
    try:
        proof, public = prove_zkey(
            args.zkey,
            args.witness,
            r1cs_path=args.r1cs,
            backend=load_backend(args.backend),
            threads=args.threads,
            phases=phases,
            announce=console.line,
        )
    except UnsatisfiedError as error:
        raise UnsatisfiedError(f"{args.witness}: {error}") from error
    args.proof.write_text(proof.to_json(), encoding="utf-8")
    args.public.write_text(public_to_json(public), encoding="utf-8")
    console.table("phases", ("phase", "seconds"), phase_rows(phases.table()))
    console.line(f"proof verified and written to {args.proof}, public inputs to {args.public}")
    seconds = {name: round(value, 6) for name, value in phases.table()}
    console.result({"proof": str(args.proof), "public": str(args.public), "seconds": seconds})
    return 0
