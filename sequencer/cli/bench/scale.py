"""`tallystick bench scale`: proofs over sizes and threads, a fitted model, and the floor."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sequencer.cli.arguments import bounded_int, command
from sequencer.cli.bench.arguments import (
    add_cache,
    add_repeat,
    add_svg,
    folder_for,
    log_size,
    machine,
)
from sequencer.cli.console import Console

if TYPE_CHECKING:
    from prover.bench.cost_model import CostModel
    from prover.bench.scale import Point
    from prover.groth16.keys import ProvingKey
    from prover.snarkjs.container import U64


def add_parser(kinds: Any) -> None:
    """Register the kind."""
    parser = command(
        kinds,
        "scale",
        run,
        summary="proofs over circuit sizes and threads, with a cost model and the floor",
        example="tallystick bench scale --log-sizes 12 14 16 18 --threads 1 2 --svg scale.svg",
    )
    parser.add_argument(
        "--log-sizes",
        nargs="+",
        type=log_size,
        default=[12, 14, 16, 18],
        metavar="N",
        help="Poseidon chains of about 2^N constraints (default 12 14 16 18)",
    )
    parser.add_argument(
        "--threads",
        nargs="+",
        type=lambda text: bounded_int(text, low=1, high=256),
        default=[1, 2],
        metavar="T",
        help="numbers of threads (default 1 2)",
    )
    add_repeat(parser, 3)
    add_cache(parser)
    add_svg(parser)


def run(args: argparse.Namespace, console: Console) -> int:
    """Measure, fit, print three tables, write JSON and plot."""
    from prover.bench.floor import seconds_a_multiplication
    from prover.bench.plots import scale_plot
    from prover.bench.scale import measure_points, models

    described = machine(console)
    ns = seconds_a_multiplication() * 1e9
    console.line(f"one field multiplication in registers, one thread: {ns:.2f} ns")
    points: list[Point] = []
    with folder_for(args.cache) as folder:
        for size, key, witness in _workloads(sorted(set(args.log_sizes)), folder, console):
            with console.step(f"2^{size}: prove"):
                points += measure_points(size, key, witness, args.threads, args.repeat)
    fitted = models(points)
    _print(points, fitted, ns, console)
    document = {
        "kind": "scale",
        "schema": 1,
        "machine": described,
        "repeat": args.repeat,
        "ns_a_multiplication": ns,
        "points": [point.as_json(ns) for point in points],
        "models": {
            str(threads): {name: model.as_json() for name, model in by_phase.items()}
            for threads, by_phase in fitted.items()
        },
    }
    if args.svg is not None:
        args.svg.write_text(scale_plot(document), encoding="utf-8")
        console.line(f"{args.svg}: plot")
    console.result(document)
    return 0


def _workloads(
    sizes: list[int], folder: Path, console: Console
) -> Iterator[tuple[int, ProvingKey, U64]]:
    """Key and witness of each size, made when it is its turn."""
    from circuits.registry import named_circuit
    from prover.bench.circuit_files import development_key

    for size in sizes:
        named = named_circuit(f"poseidon-chain-{size}")
        with console.step(f"2^{size}: compile and set up"):
            compiled = named.compile()
            r1cs = compiled.r1cs
            name = f"{named.name}-{r1cs.digest().hex()[:12]}.key"
            key = development_key(r1cs, folder / name)
            witness = compiled.witness(compiled.assign(named.example_inputs()))
            del compiled, r1cs
        yield size, key, witness


def _print(
    points: list[Point], fitted: dict[int, dict[str, CostModel]], ns: float, console: Console
) -> None:
    rows = [
        (
            f"2^{p.log_size}",
            f"{p.threads}",
            f"{p.timing.median_s:.4f}",
            f"{min(p.timing.wall_s):.4f}",
            f"{max(p.timing.wall_s):.4f}",
            f"{p.work.total * ns * 1e-9 / p.threads:.4f}",
        )
        for p in points
    ]
    columns = ("constraints", "threads", "median s", "min", "max", "floor s")
    console.table("witness in memory to verified proof", columns, rows)
    model_rows = [
        (
            name,
            f"{threads}",
            f"{m.constant * 1e3:.2f}",
            f"{m.linear * 1e9:.1f}",
            f"{m.linearithmic * 1e9:.2f}",
            f"{m.worst_error:.0%}",
        )
        for threads, by_phase in fitted.items()
        for name, m in by_phase.items()
    ]
    columns = ("phase", "threads", "a, ms", "b, ns", "c, ns", "worst error")
    console.table("model: a + b·n + c·n·log₂ n", columns, model_rows)
    largest = min((p for p in points), key=lambda p: (-p.log_size, p.threads))
    work = largest.work.by_phase()
    floor_rows = [
        (
            name,
            f"{work[name] / 1e6:.1f}" if name in work else "",
            f"{work[name] * ns * 1e-9 / largest.threads:.3f}" if name in work else "",
            f"{seconds:.3f}",
            f"{seconds * largest.threads / (work[name] * ns * 1e-9):.1f}" if name in work else "",
        )
        for name, seconds in largest.phases_s.items()
    ]
    sums = ", ".join(f"{n[4:]} {count / 1e6:.1f}" for n, count in largest.work.by_sum().items())
    title = f"2^{largest.log_size} on {largest.threads} thread(s), against the floor"
    console.table(title, ("phase", "10^6 mul", "floor s", "measured s", "×"), floor_rows)
    console.line(f"of the sums, 10^6 mul: {sums}")
