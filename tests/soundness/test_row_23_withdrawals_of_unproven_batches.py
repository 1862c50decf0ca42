"""Row 23: without a proven root nothing is paid: unproven, reverted and empty batches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.verifier.payments import claim_of, deliver, is_dispatched, pays
from tests.verifier.refusals import reverts
from tests.verifier.world import World, deposit_slot, make_world


def committed() -> World:
    """A withdrawal in batch 2, which is committed and not proven."""
    world = make_world()
    world.deposit(10)
    world.settle([deposit_slot(10)])
    world.commit(world.batch(pays(world, 3)))
    return world


def refuses_both_ways(world: World) -> None:
    with reverts("WithdrawalNotProven"):
        claim_of(world, 0, 3).send(world)
    with reverts("MessageNotProven"):
        deliver(world, 0)


def test_an_unproven_batch_pays_nothing() -> None:
    world = committed()
    refuses_both_ways(world)
    world.prove(2)
    claim_of(world, 0, 3).send(world)


def test_a_reverted_batch_pays_nothing_for_ever() -> None:
    world = committed()
    world.client.revert_batch(2)
    refuses_both_ways(world)
    replaced = [pays(world, 3)[0], *pays(world, 2)]
    spoiled = replace(replaced[0], amount_e6=1)
    rolled_back = world.sent.pop()
    world.number, world.messages, world.state_root = 1, 0, world.client.state_root()
    world.settle([spoiled, replaced[1]])
    refuses_both_ways_of(world, rolled_back.encoded)
    assert is_dispatched(deliver(world, 0))
    claim_of(world, 1, 2).send(world)
    assert world.client.balance(world.user) == 3


def refuses_both_ways_of(world: World, encoded: bytes) -> None:
    """The withdrawal as it stood in the batch that was reverted, at the same index."""
    with reverts("WithdrawalNotProven"):
        claim_of(world, 0, 3).send(world)
    now = world.sent[0]
    world.sent[0] = replace(now, encoded=encoded)
    with reverts("MessageNotProven"):
        deliver(world, 0)
    world.sent[0] = now


@pytest.mark.parametrize("number", [0, 1, 3, 2**64 - 1])
def test_a_batch_without_a_root_pays_nothing(number: int) -> None:
    world = committed()
    world.prove(2)
    with reverts("WithdrawalNotProven"):
        honest = claim_of(world, 0, 3)
        replace(honest, proof=replace(honest.proof, block_number=number)).send(world)
