"""Row 6: x and x + r must not be two names of one statement, neither on chain nor natively."""

from __future__ import annotations

import pytest

from native.constants import FR_MODULUS
from tests.verifier.refusals import reverts
from tests.verifier.world import SIMULATOR, make_world
from verifier.errors import MalformedProofError
from verifier.groth16 import verify

INPUTS = [1, 2, 3]


@pytest.mark.parametrize("position", range(3))
def test_public_input_plus_r_is_refused(position: int) -> None:
    proof = SIMULATOR.prove(INPUTS)
    aliased = [x + FR_MODULUS * (i == position) for i, x in enumerate(INPUTS)]
    contract = make_world().client.verifier
    contract.call("verifyProof", *proof.solidity_arguments(), INPUTS)
    with reverts("PublicInputNotCanonical"):
        contract.call("verifyProof", *proof.solidity_arguments(), aliased)
    with pytest.raises(MalformedProofError):
        verify(SIMULATOR.key, aliased, proof)


def test_commitment_plus_r_is_refused() -> None:
    world = make_world()
    batch = world.batch()
    with reverts("CommitmentNotCanonical"):
        world.client.commit_batch(batch.public_data, [], batch.commitment + FR_MODULUS)


@pytest.mark.parametrize("element", [2, 6, 7, 8, 12])
def test_public_data_plus_r_is_refused(element: int) -> None:
    world = make_world()
    batch = world.batch()
    data = batch.public_data
    data[element] += FR_MODULUS
    with reverts("ElementNotCanonical", "PackingInvalid"):
        world.client.commit_batch(data, [], batch.commitment)
