"""Circuits by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from circuits import registry
from circuits.examples.poseidon_chain import chain_length
from circuits.frontend import CircuitError
from circuits.system.encoding import read_circuit, write_circuit


@pytest.mark.parametrize("name", ["poseidon-chain-8", "poseidon-chain-12", "rollup-tiny"])
def test_example_inputs_satisfy_the_circuit(name: str) -> None:
    named = registry.named_circuit(name)
    compiled = named.compile()
    assert compiled.name == name
    witness = compiled.witness(compiled.assign(named.example_inputs()))
    assert compiled.r1cs.check(witness) is None


@pytest.mark.parametrize("log_size", [8, 16, 18, 22])
def test_chain_fills_its_domain(log_size: int) -> None:
    constraints = 240 * chain_length(log_size) + 1
    assert (1 << log_size) - 243 < constraints + 1 < 1 << log_size


def test_names_are_listed() -> None:
    assert {"rollup-tiny", "rollup-small", "rollup-mainnet", "poseidon-chain-16"} <= set(
        registry.NAMES
    )


@pytest.mark.parametrize("name", ["rollup-huge", "poseidon-chain-99", ""])
def test_unknown_name_is_answered_with_the_known_ones(name: str) -> None:
    with pytest.raises(CircuitError, match="rollup-tiny"):
        registry.compile_named(name)


@pytest.mark.parametrize("name", ["poseidon-chain-8", "rollup-tiny", "rollup-small"])
def test_circuit_survives_its_file(name: str, tmp_path: Path) -> None:
    """The reader validates everything, also that parallel segments do not read each other."""
    compiled = registry.compile_named(name)
    write_circuit(tmp_path / name, compiled.r1cs, compiled.program)
    r1cs, program = read_circuit(tmp_path / name)
    assert r1cs.digest() == compiled.r1cs.digest()
    assert program.input_names == compiled.program.input_names
