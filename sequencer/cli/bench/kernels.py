"""`tallystick bench kernels`: every figure of the README's table that is not a comparison."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sequencer.cli.arguments import bounded_int, command
from sequencer.cli.bench.arguments import add_repeat, log_size, machine
from sequencer.cli.console import Console

if TYPE_CHECKING:
    from prover.bench.kernels import Row

PRESETS = ("tiny", "small", "mainnet")
COLUMNS = ("what", "threads", "median", "min", "max", "CPU", "peak MiB")
_COMPILE = "import sys; from circuits.registry import compile_named; compile_named(sys.argv[1])"
_LIMIT_S = 3600.0


def add_parser(kinds: Any) -> None:
    """Register the kind."""
    parser = command(
        kinds,
        "kernels",
        run,
        summary="kernels, witness, compilation, setup and verification, one by one",
        example="tallystick bench kernels --json kernels.json",
    )
    parser.add_argument(
        "--log-size",
        type=log_size,
        default=20,
        metavar="N",
        help="MSM G1, NTT and chains of 2^N, MSM G2 of 2^(N-2) (default 20)",
    )
    parser.add_argument(
        "--batch",
        type=lambda text: bounded_int(text, low=10, high=1_000_000),
        default=10_000,
        metavar="K",
        help="hashes of a batch, ten times its signatures (default 10000)",
    )
    parser.add_argument(
        "--rollup", choices=PRESETS, default="mainnet", help="preset (default mainnet)"
    )
    parser.add_argument(
        "--threads",
        nargs="+",
        type=lambda text: bounded_int(text, low=1, high=256),
        default=[1, 2],
        metavar="T",
        help="numbers of threads (default 1 2)",
    )
    add_repeat(parser, 5)


def run(args: argparse.Namespace, console: Console) -> int:
    """Measure one row after the other, printing each; then the table and JSON."""
    described = machine(console)
    rows = []
    for row in _rows(args):
        rows.append(row.as_json())
        console.line(f"  {', '.join(_cells(rows[-1])[:3])}")
    console.table(f"medians of {args.repeat}", COLUMNS, [_cells(row) for row in rows])
    document = {"kind": "kernels", "schema": 1, "machine": described, "repeat": args.repeat}
    console.result({**document, "rows": rows})
    return 0


def _rows(args: argparse.Namespace) -> Iterator[Row]:
    from prover.bench.kernels import KernelSizes, measure_kernels

    n = args.log_size
    sizes = KernelSizes(n, max(n - 2, 1), n, args.batch, max(args.batch // 10, 1))
    yield from measure_kernels(sizes, args.threads, args.repeat)
    with tempfile.TemporaryDirectory(prefix="tallystick-bench-") as folder:
        yield from _chain(f"poseidon-chain-{n}", Path(folder) / "chain.key", args)
        yield from _rollup(f"rollup-{args.rollup}", Path(folder) / "rollup.key", args)


def _chain(name: str, key_path: Path, args: argparse.Namespace) -> Iterator[Row]:
    """Compilation, witness, setup; memory in processes of their own."""
    from circuits.registry import named_circuit
    from prover.bench.kernels import Row
    from prover.bench.timing import timed
    from prover.groth16.setup import unsafe_dev_setup

    named = named_circuit(name)
    peak = _peak_memory([sys.executable, "-c", _COMPILE, name])
    yield Row(f"compile {name}", 1, timed(named.compile, args.repeat), peak_resident_bytes=peak)
    compiled = named.compile()
    inputs = compiled.assign(named.example_inputs())
    for threads in args.threads:
        timing = timed(partial(compiled.program.run, inputs, threads=threads), args.repeat)
        yield Row(f"witness {name}", threads, timing)
    words = ("setup", "new", "--circuit", name, "--unsafe-dev-setup", "--out", str(key_path))
    peak = _peak_memory([sys.executable, "-m", "sequencer.cli.main", *words])
    for threads in args.threads:
        make = partial(unsafe_dev_setup, seed=b"bench", threads=threads)
        timing = timed(partial(make, compiled.r1cs, key_path), 1, warm_up=False)
        yield Row(f"development setup {name}", threads, timing, peak_resident_bytes=peak)


def _rollup(name: str, key_path: Path, args: argparse.Namespace) -> Iterator[Row]:
    """A batch of the exchange: compilation, witness, proof, verification."""
    from circuits.registry import named_circuit
    from prover.bench.kernels import Row
    from prover.bench.timing import timed
    from prover.groth16.prove import prove, public_inputs
    from prover.groth16.setup import unsafe_dev_setup
    from verifier.groth16 import verify

    named = named_circuit(name)
    yield Row(f"compile {name}", 1, timed(named.compile, 1, warm_up=False))
    compiled = named.compile()
    inputs = compiled.assign(named.example_inputs())
    for threads in args.threads:
        timing = timed(partial(compiled.program.run, inputs, threads=threads), args.repeat)
        yield Row(f"witness {name}", threads, timing)
    key = unsafe_dev_setup(compiled.r1cs, key_path, seed=b"bench")

    def prove_batch(threads: int) -> None:
        prove(key, compiled.program.run(inputs, threads=threads), threads=threads)

    for threads in args.threads:
        timing = timed(partial(prove_batch, threads), args.repeat)
        yield Row(f"witness and proof {name}", threads, timing)
    witness = compiled.program.run(inputs)
    proof, public = prove(key, witness), public_inputs(key, witness)
    timing = timed(lambda: verify(key.verifying_key, public, proof), 10 * args.repeat)
    yield Row("verification of a proof", 1, timing)


def _peak_memory(command: list[str]) -> int | None:
    """Peak resident bytes of a command; None if it fails."""
    from prover.bench.process import run_process

    finished = run_process(command, limit_s=_LIMIT_S, sampled=True)
    return finished.memory.resident if finished.memory and not finished.failure else None


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    from prover.bench.markdown import duration

    seconds = (duration(row[k]) for k in ("median_s", "min_s", "max_s", "median_cpu_s"))
    peak = row["peak_resident_bytes"]
    what = f"{row['name']}, {row['part']}" if row["part"] else row["name"]
    return (what, str(row["threads"]), *seconds, "" if peak is None else f"{peak / 2**20:.0f}")
