"""What the prover benchmarks measure: a chain of about 2^log_size constraints of Poseidon."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from circuits.frontend import CompiledCircuit
from circuits.registry import named_circuit
from prover.groth16.keys import ProvingKey
from prover.groth16.setup import unsafe_dev_setup
from prover.snarkjs.container import U64

SMALLEST = 10
LOG_SIZES = (SMALLEST, 14, 16, 18)
THREADS = 2
_FOLDER = tempfile.TemporaryDirectory(prefix="tallystick-bench-")


@dataclass(frozen=True, eq=False)
class Workload:
    """A compiled chain with a witness and a development key."""

    compiled: CompiledCircuit
    witness: U64
    key: ProvingKey


@cache
def compiled_chain(log_size: int) -> CompiledCircuit:
    """The circuit alone."""
    return named_circuit(f"poseidon-chain-{log_size}").compile()


@cache
def workload(log_size: int) -> Workload:
    """The circuit, its witness and its key, made once a process."""
    compiled = compiled_chain(log_size)
    inputs = compiled.assign(named_circuit(f"poseidon-chain-{log_size}").example_inputs())
    key = unsafe_dev_setup(compiled.r1cs, Path(_FOLDER.name) / f"{log_size}.key", seed=b"bench")
    return Workload(compiled, compiled.witness(inputs), key)


def skip_large_sizes_in_a_smoke_run(benchmark: Any, log_size: int) -> None:
    """With --benchmark-disable nothing is measured, so the smallest size shows all there is."""
    if benchmark.disabled and log_size > SMALLEST:
        pytest.skip("a smoke run takes the smallest size only")
