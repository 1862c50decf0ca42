"""Witness generation of named circuits. A Poseidon chain is sequential: threads do not help it."""

from __future__ import annotations

import os
from typing import Any

import pytest

from circuits.registry import named_circuit

# BENCH_LOG_SIZE=18 measures the chain that the README quotes.
LOG_SIZE = int(os.environ.get("BENCH_LOG_SIZE", "12"))


@pytest.mark.parametrize("name", [f"poseidon-chain-{LOG_SIZE}", "rollup-tiny", "rollup-small"])
@pytest.mark.parametrize("threads", [1, 2])
def test_witness(benchmark: Any, name: str, threads: int) -> None:
    """All wires of one circuit from its inputs, compiled beforehand."""
    circuit = named_circuit(name)
    compiled = circuit.compile()
    inputs = compiled.assign(circuit.example_inputs())
    benchmark.extra_info["constraints"] = compiled.r1cs.n_constraints
    witness = benchmark(compiled.program.run, inputs, threads=threads)
    assert compiled.r1cs.check(witness) is None
