"""The chain's side of a batch, on the embedded chain; its gas is pinned beside the tests."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from tests.verifier.world import SIMULATOR, make_world
from verifier.groth16 import verify


def test_verify_natively(benchmark: BenchmarkFixture) -> None:
    """What a prover spends on checking its own proof."""
    inputs = [1, 2, 3]
    proof = SIMULATOR.prove(inputs)
    assert benchmark(verify, SIMULATOR.key, inputs, proof)


def test_verify_on_the_embedded_chain(benchmark: BenchmarkFixture) -> None:
    """The same check by the verifier contract."""
    inputs = [1, 2, 3]
    arguments = SIMULATOR.prove(inputs).solidity_arguments()
    contract = make_world().client.verifier
    benchmark(contract.call, "verifyProof", *arguments, inputs)


def test_commit_and_prove_a_mainnet_batch(benchmark: BenchmarkFixture) -> None:
    """Both transactions of a batch with 32 slots, the proof ready."""
    world = make_world(slots=32)
    benchmark(world.settle)
