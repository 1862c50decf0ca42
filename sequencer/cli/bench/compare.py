"""`tallystick bench compare`: our prover and every other on the machine, on the same files."""

from __future__ import annotations

import argparse
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from native.errors import TallystickError
from sequencer.cli.arguments import add_threads, command
from sequencer.cli.bench.arguments import (
    add_cache,
    add_repeat,
    add_svg,
    confined_to,
    folder_for,
    machine,
)
from sequencer.cli.console import Console

if TYPE_CHECKING:
    from circuits.frontend import CompiledCircuit
    from circuits.registry import NamedCircuit
    from prover.bench.circuit_files import CircuitFiles
    from prover.bench.contestants import Contestant
    from prover.bench.peers import Template
    from prover.snarkjs.container import U64

DROP_IN, MAPPED, RESIDENT = "tallystick, .zkey", "tallystick, own key", "tallystick, in process"
DEFAULT_LIMIT_S = 900.0
COLUMNS = ("prover", "median s", "min", "max", "CPU s", "peak MiB", "anonymous", "ratio")


def add_parser(kinds: Any) -> None:
    """Register the kind."""
    parser = command(
        kinds,
        "compare",
        run,
        summary="prove the same .zkey and .wtns with our prover and every other found, in turns",
        example="tallystick bench compare --circuit poseidon-chain-16 --json compare.json"
        " --svg compare.svg",
    )
    parser.add_argument(
        "--circuit",
        nargs="+",
        metavar="NAME",
        help="see `tallystick circuits list` (default: poseidon-chain-16)",
    )
    parser.add_argument("--zkey", type=Path, metavar="C.zkey", help="or a key of your own …")
    parser.add_argument("--witness", type=Path, metavar="W.wtns", help="… with its witness")
    parser.add_argument(
        "--peer",
        action="append",
        default=[],
        metavar="NAME=COMMAND",
        help="another prover: NAME='cmd {zkey} {wtns} {proof} {public}'; may be repeated",
    )
    parser.add_argument(
        "--without", action="append", default=[], metavar="NAME", help="leave out a prover found"
    )
    parser.add_argument(
        "--limit",
        type=_seconds,
        default=DEFAULT_LIMIT_S,
        metavar="S",
        help=f"seconds after which a run is killed (default {DEFAULT_LIMIT_S:g})",
    )
    add_repeat(parser, 5)
    add_cache(parser)
    add_svg(parser)
    add_threads(parser)


def run(args: argparse.Namespace, console: Console) -> int:
    """Measure each circuit, print its table, write JSON and plot."""
    from prover.bench.plots import comparison_plot

    peers = _peers(args, console)
    described = machine(console)
    results = []
    with folder_for(args.cache) as folder:
        for files in _circuits(args, folder, console):
            results.append(_measure(files, peers, args, console))
    document = {
        "kind": "compare",
        "schema": 1,
        "machine": described,
        "threads": args.threads,
        "repeat": args.repeat,
        "circuits": results,
    }
    if args.svg is not None:
        args.svg.write_text(comparison_plot(document), encoding="utf-8")
        console.line(f"{args.svg}: plot")
    console.result(document)
    return 0


def _peers(args: argparse.Namespace, console: Console) -> list[Template]:
    from prover.bench.peers import CHECKOUT, find_peers, parse_peer

    if (args.zkey is None) != (args.witness is None):
        raise UsageError("--zkey and --witness go together")
    if args.zkey is not None and args.circuit:
        raise UsageError("give --circuit, or --zkey and --witness, not both")
    try:
        given = [parse_peer(text) for text in args.peer]
    except ValueError as error:
        raise UsageError(f"--peer {error}") from None
    found = [p for p in find_peers((Path.cwd(), CHECKOUT)) if p.name not in args.without]
    if not found and not given:
        console.line("no other prover found (snarkjs by npm, rapidsnark on PATH): ours alone")
    return found + given


def _circuits(args: argparse.Namespace, folder: Path, console: Console) -> Any:
    """The files of each circuit, made when they are needed."""
    from circuits.registry import named_circuit
    from prover.bench.circuit_files import files_of_user, make_files

    if args.zkey is not None:
        yield files_of_user(args.zkey, args.witness, folder)
        return
    for name in args.circuit or ["poseidon-chain-16"]:
        named = named_circuit(name)
        with console.step(f"{name}: compile, set up, write the files"):
            compiled = named.compile()
            witness = partial(_witness, compiled, named)
            files = make_files(name, compiled.r1cs, witness, folder, args.threads)
            del compiled, witness
        yield files


def _witness(compiled: CompiledCircuit, named: NamedCircuit) -> U64:
    return compiled.witness(compiled.assign(named.example_inputs()))


def _measure(
    files: CircuitFiles, peers: list[Template], args: argparse.Namespace, console: Console
) -> dict[str, Any]:
    from prover.bench.compare import compare

    console.heading(f"{files.name}: {files.n_constraints:,} constraints")
    with tempfile.TemporaryDirectory(prefix="tallystick-compare-") as name:
        contestants = _contestants(files, peers, args.threads, Path(name))
        with confined_to(args.threads):
            outcomes = compare(
                contestants,
                files.zkey,
                files.wtns,
                files.judge,
                Path(name),
                repeat=args.repeat,
                limit_s=args.limit,
                announce=console.line,
            )
    reference_s = outcomes[0].median_s
    rows = [outcome.as_json(reference_s) for outcome in outcomes]
    console.table(f"{files.name}, {args.repeat} runs each", COLUMNS, [_cells(r) for r in rows])
    for row in rows:
        if row["failure"]:
            console.line(f"{row['name']} failed: {row['failure']}")
    return {
        "name": files.name,
        "constraints": files.n_constraints,
        "wires": files.n_wires,
        "public_inputs": files.n_public,
        "zkey_bytes": files.zkey.stat().st_size,
        "provers": rows,
    }


def _contestants(
    files: CircuitFiles, peers: list[Template], threads: int, folder: Path
) -> list[Contestant]:
    """Ours and theirs in turns: the drop-in, a peer, our own key, a peer, …"""
    from prover.bench.contestants import Resident, WholeProcess, process_environment
    from prover.bench.peers import Template

    words = (
        *(sys.executable, "-m", "sequencer.cli.main", "prove", "--zkey", "{zkey}"),
        *("--witness", "{wtns}", "--proof", "{proof}", "--public", "{public}"),
        *("--threads", str(threads)),
    )
    environment = process_environment(folder / "bytecode")
    ours: list[Contestant] = [
        WholeProcess(Template(DROP_IN, words), True, None, environment),
        WholeProcess(Template(MAPPED, words), True, files.key, environment),
        Resident(RESIDENT, files.key, threads),
    ]
    theirs: list[Contestant] = [WholeProcess(peer) for peer in peers]
    turns: list[Contestant] = []
    while ours or theirs:
        turns += ours[:1] + theirs[:1]
        ours, theirs = ours[1:], theirs[1:]
    return turns


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    if row["failure"]:
        return (row["name"], "failed", *[""] * (len(COLUMNS) - 2))
    seconds = [row[key] for key in ("median_s", "min_s", "max_s", "median_cpu_s")]
    memory = [row[key] for key in ("peak_resident_bytes", "peak_anonymous_bytes")]
    return (
        row["name"],
        *(f"{value:.3f}" for value in seconds),
        *("" if value is None else f"{value / 2**20:.0f}" for value in memory),
        "" if row["ratio"] is None else f"{row['ratio']:.2f}",
    )


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError(f"{value:g} seconds is not a sensible limit")
    return value


class UsageError(TallystickError):
    """Arguments that contradict each other."""
