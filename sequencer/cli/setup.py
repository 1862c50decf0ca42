"""`tallystick setup`: proving keys, from a ceremony or (for development) from known secrets.

setup new --ptau P … --out C_0.zkey          phase 2 begins
setup contribute --zkey C_0.zkey --out C_1.zkey --name alice
setup check --zkey C_1.zkey --ptau P …       exits 1 if a contribution is not honest
setup finish --zkey C_1.zkey … --out C.key --vk V.json

setup new --unsafe-dev-setup … --out C.key --vk V.json
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sequencer.cli.arguments import add_threads, command
from sequencer.cli.circuit_source import add_circuit, load_r1cs
from sequencer.cli.console import Console


def add_parser(subparsers: Any) -> None:
    """Register the command and its four steps."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "setup",
        help="make proving and verification keys",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: tallystick setup new --circuit poseidon-chain-10 --unsafe-dev-setup"
        " --out chain.key --vk chain.vk.json",
    )
    steps = parser.add_subparsers(dest="step", required=True, metavar="STEP")
    _add_new(steps)
    _add_contribute(steps)
    _add_check(steps)
    _add_finish(steps)


def _add_new(steps: Any) -> None:
    parser = command(
        steps,
        "new",
        run_new,
        summary="start phase 2 from a .ptau, or make an unsafe development key",
        example="tallystick setup new --r1cs C.r1cs --ptau pot16.ptau --out C_0.zkey",
    )
    add_circuit(parser)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--ptau", type=Path, metavar="P.ptau", help="powers of tau (phase 1)")
    source.add_argument(
        "--unsafe-dev-setup",
        action="store_true",
        help="this process knows the secrets: the key is for development chains only",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    parser.add_argument("--vk", type=Path, metavar="V.json", help="verification key (development)")
    add_threads(parser)


def _add_contribute(steps: Any) -> None:
    parser = command(
        steps,
        "contribute",
        run_contribute,
        summary="add one contribution to a phase 2 key",
        example="tallystick setup contribute --zkey C_0.zkey --out C_1.zkey --name alice",
    )
    parser.add_argument("--zkey", type=Path, required=True, metavar="IN.zkey")
    parser.add_argument("--out", type=Path, required=True, metavar="OUT.zkey")
    parser.add_argument("--name", help="recorded with the contribution")
    parser.add_argument("--entropy", default="", help="mixed into the system's own randomness")


def _add_check(steps: Any) -> None:
    parser = command(
        steps,
        "check",
        run_check,
        summary="verify every contribution of a phase 2 key",
        example="tallystick setup check --zkey C_1.zkey --ptau pot16.ptau --r1cs C.r1cs",
    )
    parser.add_argument("--zkey", type=Path, required=True, metavar="C.zkey")
    parser.add_argument("--ptau", type=Path, required=True, metavar="P.ptau")
    add_circuit(parser)


def _add_finish(steps: Any) -> None:
    parser = command(
        steps,
        "finish",
        run_finish,
        summary="turn a .zkey into a memory-mapped proving key and a verification key",
        example="tallystick setup finish --zkey C_1.zkey --r1cs C.r1cs --out C.key --vk V.json",
    )
    parser.add_argument("--zkey", type=Path, required=True, metavar="C.zkey")
    parser.add_argument("--out", type=Path, required=True, metavar="C.key")
    parser.add_argument("--vk", type=Path, metavar="V.json")
    add_circuit(parser)


def run_new(args: argparse.Namespace, console: Console) -> int:
    """Write the first key of a circuit."""
    r1cs = load_r1cs(args)
    console.line(f"{r1cs.n_constraints:,} constraints, {r1cs.n_wires:,} wires")
    if args.ptau is not None:
        from prover.groth16.phase1 import initial_zkey
        from prover.snarkjs.zkey import write_zkey

        with console.step("phase 1 to phase 2"):
            write_zkey(args.out, initial_zkey(r1cs, args.ptau))
        console.line(f"{args.out}: add at least one contribution before use")
    else:
        from prover.groth16.setup import unsafe_dev_setup

        with console.step("development setup"):
            key = unsafe_dev_setup(r1cs, args.out, threads=args.threads)
        console.line(f"{args.out}: UNSAFE, its secrets were known; development chains only")
        _write_vk(args.vk, key.verifying_key.to_json(), console)
    console.result({"key": str(args.out), "development": args.ptau is None})
    return 0


def run_contribute(args: argparse.Namespace, console: Console) -> int:
    """Multiply delta by a fresh secret."""
    from prover.groth16.ceremony import contribute
    from prover.groth16.transcript import contribution_hash
    from prover.snarkjs.zkey import read_zkey, write_zkey

    zkey = contribute(read_zkey(args.zkey), args.name, entropy=args.entropy.encode())
    write_zkey(args.out, zkey)
    digest = contribution_hash(zkey.contributions[-1]).hex()
    console.line(f"{args.out}: contribution {len(zkey.contributions)}, hash {digest}")
    console.result({"zkey": str(args.out), "contribution_hash": digest})
    return 0


def run_check(args: argparse.Namespace, console: Console) -> int:
    """Exit 0 if the whole transcript holds, else 1."""
    from prover.groth16.ceremony import verify_ceremony
    from prover.snarkjs.zkey import read_zkey

    zkey = read_zkey(args.zkey)
    verdict = verify_ceremony(load_r1cs(args), args.ptau, zkey)
    count = len(zkey.contributions)
    console.line(f"{count} contributions verified" if verdict else f"NOT valid: {verdict.problem}")
    console.result({"valid": bool(verdict), "problem": verdict.problem, "contributions": count})
    return 0 if verdict else 1


def run_finish(args: argparse.Namespace, console: Console) -> int:
    """Convert; the circuit lets the prover name a violated constraint."""
    from prover.groth16.conversion import key_from_zkey
    from prover.snarkjs.zkey import read_zkey

    key = key_from_zkey(read_zkey(args.zkey), args.out, load_r1cs(args))
    console.line(f"{args.out}: {key.size_bytes / 2**20:.0f} MiB")
    _write_vk(args.vk, key.verifying_key.to_json(), console)
    console.result({"key": str(args.out)})
    return 0


def _write_vk(path: Path | None, text: str, console: Console) -> None:
    if path is not None:
        path.write_text(text, encoding="utf-8")
        console.line(f"{path}: verification key")
