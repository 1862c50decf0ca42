"""Witness generation of named circuits. A Poseidon chain is sequential: threads do not help it."""

from __future__ import annotations

import os
from typing import Any

import pytest

from circuits.examples.rollup_batch import example_batch
from circuits.registry import compile_named, named_circuit
from circuits.rollup.inputs import BatchInputs
from circuits.spec.params import PRESETS

# BENCH_LOG_SIZE=20 and BENCH_PRESET=mainnet measure what the README quotes.
LOG_SIZE = int(os.environ.get("BENCH_LOG_SIZE", "12"))
PRESET = PRESETS[os.environ.get("BENCH_PRESET", "small")]


@pytest.mark.parametrize("name", [f"poseidon-chain-{LOG_SIZE}", f"rollup-{PRESET.name}"])
@pytest.mark.parametrize("threads", [1, 2])
def test_witness(benchmark: Any, name: str, threads: int) -> None:
    """All wires of one circuit from its inputs, compiled and prepared beforehand."""
    circuit = named_circuit(name)
    compiled = circuit.compile()
    inputs = compiled.assign(circuit.example_inputs())
    machine = compiled.program.machine
    benchmark.extra_info["constraints"] = compiled.r1cs.n_constraints
    witness = benchmark(machine.run, inputs, threads=threads)
    assert compiled.r1cs.check(witness) is None


@pytest.mark.parametrize("threads", [1, 2])
def test_sealed_batch_to_witness(benchmark: Any, threads: int) -> None:
    """From a sealed batch to all wires: public data, challenge, named inputs, tape."""
    compiled = compile_named(f"rollup-{PRESET.name}")
    machine = compiled.program.machine

    def fresh() -> tuple[tuple[BatchInputs], dict[str, Any]]:
        return (example_batch(PRESET),), {}

    def run(batch: BatchInputs) -> Any:
        return machine.run(compiled.assign(batch.named_inputs()), threads)

    witness = benchmark.pedantic(run, setup=fresh, rounds=10)
    assert compiled.r1cs.check(witness) is None
