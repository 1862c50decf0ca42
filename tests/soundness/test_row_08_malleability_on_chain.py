"""Row 8: other bytes that prove the same must not count twice: one batch, one state advance."""

from __future__ import annotations

from dataclasses import replace

import pytest
from py_ecc import optimized_bn128 as bn

from native.constants import FP_MODULUS, FR_MODULUS
from tests.verifier.refusals import reverts
from tests.verifier.world import SIMULATOR, make_world
from verifier.groth16 import verify
from verifier.proof import Proof

Q = FP_MODULUS


def negated(proof: Proof) -> Proof:
    """(−A, −B, C)."""
    (ax, ay), (bx, by) = proof.a, proof.b
    return replace(proof, a=(ax, Q - ay), b=(bx, ((Q - by[0]) % Q, (Q - by[1]) % Q)))


def scaled(proof: Proof, k: int = 12345) -> Proof:
    """(kA, B/k, C)."""
    a = bn.multiply((bn.FQ(proof.a[0]), bn.FQ(proof.a[1]), bn.FQ(1)), k)
    b_affine = (bn.FQ2(proof.b[0]), bn.FQ2(proof.b[1]), bn.FQ2.one())
    b = bn.multiply(b_affine, pow(k, -1, FR_MODULUS))
    (ax, ay), (bx, by) = bn.normalize(a), bn.normalize(b)
    pairs = [tuple(int(c) for c in x.coeffs) for x in (bx, by)]
    return replace(proof, a=(int(ax), int(ay)), b=tuple(pairs))


@pytest.mark.parametrize("change", [negated, scaled])
def test_a_mauled_proof_is_valid_and_advances_nothing_a_second_time(change: object) -> None:
    assert callable(change)
    world = make_world()
    world.commit(world.batch())
    proof = world.proof(1)
    mauled = change(proof)
    batch, _ = world.client.committed(1)
    assert mauled != proof
    assert verify(SIMULATOR.key, batch.public_inputs, mauled)
    world.client.prove_batch(1, mauled)
    with reverts("NotNextBatch"):
        world.client.prove_batch(1, proof)
    with reverts("NotNextBatch"):
        world.client.prove_batch(1, mauled)
    assert world.client.proven_batches() == 1
    assert world.client.state_root() == world.state_root
