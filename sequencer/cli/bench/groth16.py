"""`tallystick bench groth16`: one circuit, phase by phase."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sequencer.cli.arguments import add_threads, bounded_int, command
from sequencer.cli.console import Console
from sequencer.cli.report import mebibytes, phase_rows


def add_parser(kinds: Any) -> None:
    """Register the kind."""
    groth16 = command(
        kinds,
        "groth16",
        run,
        summary="compile, set up and prove a chain of Poseidon(2) hashes, printing each phase",
        example="tallystick bench groth16 --log-size 18 --threads 2 --repeat 5",
    )
    groth16.add_argument(
        "--log-size",
        type=lambda text: bounded_int(text, low=8, high=22),
        default=16,
        metavar="N",
        help="about 2^N constraints (8 to 22, default 16)",
    )
    groth16.add_argument(
        "--repeat",
        type=lambda text: bounded_int(text, low=1, high=100),
        default=3,
        metavar="R",
        help="proofs; medians are printed (default 3)",
    )
    groth16.add_argument("--key", type=Path, help="keep the development key here between runs")
    add_threads(groth16)


def run(args: argparse.Namespace, console: Console) -> int:
    """Measure, print a table, and give every single figure as JSON."""
    import time

    from circuits.registry import named_circuit
    from prover.bench import bench_groth16

    named = named_circuit(f"poseidon-chain-{args.log_size}")
    started = time.perf_counter()
    compiled = named.compile()
    r1cs, program = compiled.r1cs, compiled.program
    compile_s = time.perf_counter() - started
    console.line(f"{named.name}: {r1cs.n_constraints:,} constraints, compiled in {compile_s:.2f} s")
    inputs = compiled.assign(named.example_inputs())
    result = bench_groth16(
        r1cs, program, inputs, threads=args.threads, repeat=args.repeat, key_path=args.key
    )
    rows = [("compile", f"{compile_s:.3f}"), ("setup", f"{result.setup_s:.3f}")]
    rows += [("open key", f"{result.open_s:.4f}"), *phase_rows(result.phases)]
    rows += [("prove (witness to verified proof)", f"{result.prove_s:.3f}")]
    console.table(f"{named.name}, medians of {args.repeat}", ("phase", "seconds"), rows)
    console.line(f"key {mebibytes(result.key_bytes)}, peak memory {mebibytes(result.peak_memory)}")
    console.result(
        {
            "circuit": named.name,
            "constraints": r1cs.n_constraints,
            "compile_s": compile_s,
            "setup_s": result.setup_s,
            "open_s": result.open_s,
            "prove_s": result.prove_s,
            "phases_s": dict(result.phases),
            "key_bytes": result.key_bytes,
            "peak_memory_bytes": result.peak_memory,
        }
    )
    return 0
