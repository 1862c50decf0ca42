"""Row 32: whatever the gas limit, a proof settles its batch or reverts; never a silent no."""

from __future__ import annotations

import pytest

from tests.verifier.anvil import running_anvil
from tests.verifier.refusals import reverts
from tests.verifier.world import CLOCK_S, make_world
from verifier.chain import ChainRevert


def test_every_gas_limit_settles_or_reverts() -> None:
    world = make_world()
    world.commit(world.batch())
    proof = world.proof(1)
    enough = make_and_prove_elsewhere()
    for gas_limit in [*range(30_000, enough, 6_000), *range(enough - 3_000, enough, 500)]:
        with reverts("OutOfGas", "PrecompileFailed", "Empty"):
            world.client.prove_batch(1, proof, gas_limit=gas_limit)
        assert world.client.proven_batches() == 0
    world.client.prove_batch(1, proof, gas_limit=enough + 5_000)
    assert world.client.proven_batches() == 1


def make_and_prove_elsewhere() -> int:
    """Gas of the same proof in a twin world."""
    return make_world().settle().gas_used


def test_verifier_alone_never_returns_when_gas_runs_out() -> None:
    world = make_world()
    world.commit(world.batch())
    batch, _ = world.client.committed(1)
    arguments = (*world.proof(1).solidity_arguments(), batch.public_inputs)
    outcomes = []
    for gas_limit in range(40_000, 260_000, 4_000):
        try:
            world.client.verifier.transact(
                "verifyProof", *arguments, sender=world.user, gas_limit=gas_limit
            )
            outcomes.append(True)
        except ChainRevert:
            outcomes.append(False)
    # a threshold: no limit above the first sufficient one fails, and below it none passes
    assert outcomes == sorted(outcomes)
    assert {True, False} == set(outcomes)


@pytest.mark.node
def test_gas_estimation_through_the_rollup_is_sufficient() -> None:
    """`transact` without a limit sends exactly the gas that the node estimated."""
    with running_anvil(timestamp_s=CLOCK_S) as chain:
        world = make_world(chain=chain)
        world.settle()
        assert world.client.proven_batches() == 1
