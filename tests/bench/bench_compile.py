"""Compilation from Python: the Poseidon chain and the rollup presets."""

from __future__ import annotations

import os
from typing import Any

import pytest

from circuits.registry import named_circuit

# BENCH_LOG_SIZE=18 measures the chain that the README quotes.
LOG_SIZE = int(os.environ.get("BENCH_LOG_SIZE", "12"))


@pytest.mark.parametrize("name", [f"poseidon-chain-{LOG_SIZE}", "rollup-tiny"])
def test_compile(benchmark: Any, name: str) -> None:
    """Trace, stamp, and build the constraint system and the witness program."""
    circuit = named_circuit(name)

    def compile_whole() -> int:
        compiled = circuit.compile()
        return compiled.r1cs.n_constraints + len(compiled.program.ops)

    assert benchmark(compile_whole) > 0
    benchmark.extra_info["constraints"] = circuit.compile().n_constraints


def test_digest(benchmark: Any) -> None:
    """The circuit id of a compiled circuit."""
    r1cs = named_circuit(f"poseidon-chain-{LOG_SIZE}").compile().r1cs
    assert len(benchmark(r1cs.digest)) == 32
