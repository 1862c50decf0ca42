"""LocalProver: inputs in, verified proof out, and only for the circuit and chain it is made for."""

from __future__ import annotations

from pathlib import Path

import pytest

from circuits.frontend import Builder, CompiledCircuit, compile_circuit
from circuits.system.encoding import write_circuit
from native.constants import FR_MODULUS
from native.errors import UnsatisfiedError
from prover.bench import bench_groth16
from prover.client import LocalProver, ProverClient
from prover.errors import MalformedFileError
from prover.groth16.keys import ProvingKey
from prover.groth16.setup import unsafe_dev_setup
from verifier.groth16 import verify

CHAIN_ID = 31337


def define_cube(b: Builder) -> None:
    """x³ = y."""
    y, x = b.public_input("y"), b.private_input("x")
    b.assert_product(x * x, x, y)


def define_square(b: Builder) -> None:
    """x² = y."""
    y, x = b.public_input("y"), b.private_input("x")
    b.assert_product(x, x, y)


@pytest.fixture(scope="module")
def cube() -> CompiledCircuit:
    return compile_circuit(define_cube, name="cube")


@pytest.fixture(scope="module")
def key(cube: CompiledCircuit, tmp_path_factory: pytest.TempPathFactory) -> ProvingKey:
    return unsafe_dev_setup(cube.r1cs, tmp_path_factory.mktemp("key") / "key", seed=b"cube")


def test_prove__from_files_alone(cube: CompiledCircuit, key: ProvingKey, tmp_path: Path) -> None:
    write_circuit(tmp_path / "cube.circuit", cube.r1cs, cube.program)
    prover: ProverClient = LocalProver(tmp_path / "cube.circuit", key.source, chain_id=CHAIN_ID)
    proof = prover.prove(cube.assign({"x": 5, "y": 125}))
    assert verify(prover.verifying_key, [125], proof)
    assert not verify(prover.verifying_key, [126], proof)


def test_prove__collects_phases_with_the_witness_first(
    cube: CompiledCircuit, key: ProvingKey
) -> None:
    prover = LocalProver((cube.r1cs, cube.program), key, chain_id=CHAIN_ID)
    prover.prove(cube.assign({"x": FR_MODULUS - 1, "y": FR_MODULUS - 1}))
    names = [name for name, _ in prover.last_phases.table()]
    assert names[0] == "witness" and names[-2:] == ["verify", "total"]
    assert prover.memory_estimate > key.size_bytes


def test_prove__false_inputs_are_unsatisfied(cube: CompiledCircuit, key: ProvingKey) -> None:
    prover = LocalProver((cube.r1cs, cube.program), key, chain_id=CHAIN_ID)
    with pytest.raises(UnsatisfiedError, match=r"first constraint 1: .* C·w = 124"):
        prover.prove(cube.assign({"x": 5, "y": 124}))


def test_key_of_another_circuit_is_refused(key: ProvingKey) -> None:
    square = compile_circuit(define_square, name="square")
    with pytest.raises(MalformedFileError, match="key of circuit"):
        LocalProver((square.r1cs, square.program), key, chain_id=CHAIN_ID)


def test_bench__measures_every_step_and_reuses_the_key(
    cube: CompiledCircuit, tmp_path: Path
) -> None:
    inputs = cube.assign({"x": 2, "y": 8})
    path = tmp_path / "bench.key"
    first = bench_groth16(cube.r1cs, cube.program, inputs, key_path=path, repeat=2)
    second = bench_groth16(cube.r1cs, cube.program, inputs, key_path=path)
    assert first.setup_s > 0 and second.setup_s == 0
    assert first.n_constraints == cube.r1cs.n_constraints and first.prove_s > 0
    assert [name for name, _ in first.phases] == [name for name, _ in second.phases]
