"""`tallystick circuits`: look at, check and export the circuits that have a name."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sequencer.cli.arguments import command
from sequencer.cli.console import Console

if TYPE_CHECKING:
    from circuits.frontend import CompiledCircuit

MOST_FINDINGS_SHOWN = 20
HINTS_A_PLACE = 2


def add_parser(subparsers: Any) -> None:
    """Register the command and its four verbs."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "circuits",
        help="list, measure, check and export circuits",
        description="List, measure, check and export circuits.",
        epilog="example: tallystick circuits check rollup-tiny",
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    command(
        verbs,
        "list",
        run_list,
        summary="name every circuit",
        example="tallystick circuits list",
    )
    stats = command(
        verbs,
        "stats",
        run_stats,
        summary="constraints by scope as a tree, and as a flame graph",
        example="tallystick circuits stats rollup-small --flame rollup.speedscope.json",
    )
    stats.add_argument("--depth", type=int, default=4, help="levels of the tree (default 4)")
    stats.add_argument(
        "--flame", type=Path, metavar="FILE", help="write a speedscope JSON flame graph"
    )
    check = command(
        verbs,
        "check",
        run_check,
        summary="change every wire and hint of a valid witness; exits 1 if one goes unnoticed",
        example="tallystick circuits check rollup-tiny",
    )
    export = command(
        verbs,
        "export",
        run_export,
        summary="write .r1cs, .sym, an example .wtns and our own circuit file",
        example="tallystick circuits export poseidon-chain-10 --out build/chain",
    )
    export.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    for verb in (stats, check, export):
        verb.add_argument("name", metavar="NAME", help="see `tallystick circuits list`")


def run_list(args: argparse.Namespace, console: Console) -> int:
    """Names and descriptions."""
    from circuits.registry import NAMES, named_circuit

    described = {name: named_circuit(name).description for name in NAMES}
    width = max(map(len, described))
    for name, description in described.items():
        console.line(f"{name:<{width}}  {description}")
    console.result(described)
    return 0


def run_stats(args: argparse.Namespace, console: Console) -> int:
    """Where the constraints are."""
    import json

    from circuits.frontend import stats

    compiled = _compile(args.name, console)
    tree = stats.by_scope(compiled)
    for line in stats.tree_lines(tree, max_depth=args.depth):
        console.line(line)
    if args.flame is not None:
        args.flame.write_text(json.dumps(stats.speedscope(tree)), encoding="utf-8")
        console.line(f"{args.flame}: open it at speedscope.app or with the speedscope program")
    r1cs = compiled.r1cs
    console.result(
        {
            "name": args.name,
            "constraints": r1cs.n_constraints,
            "wires": r1cs.n_wires,
            "public_inputs": r1cs.n_public,
            "private_inputs": r1cs.n_private_inputs,
            "terms": {m: len(getattr(r1cs, m).wires) for m in "abc"},
            "circuit_id": r1cs.digest().hex(),
        }
    )
    return 0


def run_check(args: argparse.Namespace, console: Console) -> int:
    """Every wire alone; hints with all that follows from them recomputed; results never used."""
    from circuits.frontend.check import check, check_unused
    from circuits.frontend.check_hints import check_hints
    from circuits.registry import named_circuit
    from native import api

    compiled = _compile(args.name, console)
    inputs = compiled.assign(named_circuit(args.name).example_inputs())
    witness = compiled.witness(inputs)
    with console.step(f"change each of {compiled.n_wires:,} wires"):
        findings = check(compiled, witness)
    with console.step("lie in hints, up to two of each kind and place"):
        findings += check_hints(compiled, api.fr_to_ints(witness), per_place=HINTS_A_PLACE)
    with console.step("look for results that nothing uses"):
        findings += check_unused(compiled)
    for finding in findings[:MOST_FINDINGS_SHOWN]:
        console.line(f"UNCONSTRAINED {finding}")
    console.line(f"{len(findings)} findings")
    console.result({"name": args.name, "findings": [str(finding) for finding in findings]})
    return 1 if findings else 0


def run_export(args: argparse.Namespace, console: Console) -> int:
    """Files for snarkjs and for our prover."""
    from circuits.registry import named_circuit
    from circuits.system.encoding import write_circuit
    from prover.snarkjs.r1cs import from_r1cs, write_r1cs
    from prover.snarkjs.sym import write_sym
    from prover.snarkjs.wtns import write_wtns

    compiled = _compile(args.name, console)
    args.out.mkdir(parents=True, exist_ok=True)
    base = args.out / args.name
    files = {suffix: Path(f"{base}.{suffix}") for suffix in ("r1cs", "sym", "wtns", "circuit")}
    inputs = compiled.assign(named_circuit(args.name).example_inputs())
    write_r1cs(files["r1cs"], from_r1cs(compiled.r1cs))
    write_sym(files["sym"], _symbols(compiled))
    write_wtns(files["wtns"], compiled.witness(inputs))
    write_circuit(files["circuit"], compiled.r1cs, compiled.program)
    for path in files.values():
        console.line(f"{path}: {path.stat().st_size:,} bytes")
    console.result({suffix: str(path) for suffix, path in files.items()})
    return 0


def _compile(name: str, console: Console) -> CompiledCircuit:
    from circuits.registry import compile_named

    started = time.perf_counter()
    compiled = compile_named(name)
    elapsed_s = time.perf_counter() - started
    console.line(f"{name}: {compiled.n_constraints:,} constraints, compiled in {elapsed_s:.2f} s")
    return compiled


def _symbols(compiled: CompiledCircuit) -> list[Any]:
    """The declared inputs by name; internal wires have scopes, not names."""
    from prover.snarkjs.sym import Symbol

    symbols = []
    for declared in compiled.symbols:
        for position, wire in enumerate(declared.wires):
            name = declared.name if declared.count is None else f"{declared.name}[{position}]"
            symbols.append(Symbol(wire, wire, 0, f"main.{name}"))
    return symbols
