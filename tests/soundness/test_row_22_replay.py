"""Row 22: a proof is worth nothing on another chain, contract, batch or circuit."""

from __future__ import annotations

import pytest

from tests.verifier.refusals import reverts
from tests.verifier.world import CLOCK_S, SIMULATOR, World, make_world
from verifier.chain import EmbeddedChain

ELSEWHERE = {
    "chain": lambda: make_world(chain=EmbeddedChain(1337, clock=lambda: CLOCK_S)),
    "contract": lambda: second_rollup_on_one_chain(),
    "circuit": lambda: make_world(circuit_id=b"\x01" * 32),
}


def second_rollup_on_one_chain() -> World:
    chain = EmbeddedChain(clock=lambda: CLOCK_S)
    make_world(chain=chain)
    return make_world(chain=chain)


@pytest.mark.parametrize("where", sorted(ELSEWHERE))
def test_proof_of_the_same_transition_fails_elsewhere(where: str) -> None:
    here, there = make_world(), ELSEWHERE[where]()
    here.commit(here.batch())
    there.commit(there.batch())
    proof = here.proof(1)
    assert here.client.committed(1)[0].challenge != there.client.committed(1)[0].challenge
    with reverts("ProofInvalid"):
        there.client.prove_batch(1, proof)
    here.client.prove_batch(1, proof)


@pytest.mark.parametrize("where", ["chain", "contract"])
def test_public_data_of_another_rollup_is_refused(where: str) -> None:
    here, there = make_world(), ELSEWHERE[where]()
    assert here.domain != there.domain
    with reverts("RollupIdWrong"):
        there.client.commit_batch(here.batch().public_data, [], 1)


def test_proof_of_one_batch_fails_for_the_next() -> None:
    world = make_world()
    world.commit(world.batch())
    world.commit(world.batch())
    proof = world.proof(1)
    world.client.prove_batch(1, proof)
    with reverts("ProofInvalid"):
        world.client.prove_batch(2, proof)


def test_proof_of_a_reverted_batch_fails_for_its_replacement() -> None:
    world = make_world()
    batch = world.batch()
    world.commit(batch)
    proof = SIMULATOR.prove(world.client.committed(1)[0].public_inputs)
    world.client.revert_batch(1)
    replacement = batch.with_header(new_state_root=77)
    world.client.commit_batch(replacement.public_data, [], batch.commitment)
    with reverts("ProofInvalid"):
        world.client.prove_batch(1, proof)
