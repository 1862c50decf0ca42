"""Row 33: public inputs of a failed proof are not remembered: the valid proof still lands."""

from __future__ import annotations

from dataclasses import replace

from tests.verifier.refusals import reverts
from tests.verifier.world import make_world


def test_valid_proof_lands_after_failed_attempts() -> None:
    world = make_world()
    world.commit(world.batch())
    proof = world.proof(1)
    stranger = world.client.transport.accounts[7]
    for bad in (replace(proof, c=proof.a), replace(proof, a=(0, 0)), replace(proof, a=(1, 3))):
        with reverts("ProofInvalid", "PointAtInfinity", "PrecompileFailed"):
            world.client.prove_batch(1, bad, sender=stranger)
    with reverts("OutOfGas", "PrecompileFailed"):
        world.client.prove_batch(1, proof, gas_limit=180_000)
    world.client.prove_batch(1, proof)
    assert world.client.proven_batches() == 1
