"""Deposits made by a contract stand in the one queue and are consumed in its order."""

from __future__ import annotations

from itertools import permutations

from native.api import eddsa_public_key
from native.reference.babyjubjub import BABYJUB_BASE8 as BASE8
from sequencer.pipeline.rollup_chain import RollupChain
from tests.verifier.refusals import reverts
from tests.verifier.test_deposit_port import THERE, make_deposit_port
from tests.verifier.world import TestBatch, World, deposit_slot

OTHER_KEY = eddsa_public_key(b"\x09" * 32)
QUEUED = [(5, BASE8), (7, OTHER_KEY), (6, BASE8)]


def queued() -> World:
    """A user's deposit, one that a message from another chain made, a user's."""
    port = make_deposit_port()
    port.fund(100)
    port.rollup.deposit(5)
    port.credit(7, OTHER_KEY, chain_id=THERE)
    port.rollup.deposit(6)
    return port.rollup


def batch_of(world: World, order: tuple[int, ...]) -> TestBatch:
    """The next batch, which takes these entries of the queue."""
    entries = [QUEUED[i] for i in order]
    return world.batch([deposit_slot(amount, key) for amount, key in entries])


def commit(world: World, batch: TestBatch) -> None:
    world.client.commit_batch(batch.public_data, [], batch.commitment)


def test_the_sequencer_sees_them_in_queue_order() -> None:
    found = RollupChain(queued().client).deposits_from(0, 0)
    assert [(d.queue_index, d.amount_e6, d.public_key) for d in found] == [
        (0, 5, BASE8),
        (1, 7, OTHER_KEY),
        (2, 6, BASE8),
    ]


def test_every_other_order_or_choice_is_refused() -> None:
    world = queued()
    for count in (1, 2):
        for order in permutations(range(3), count):
            if order != tuple(range(count)):
                with reverts("DepositsNotInQueue"):
                    commit(world, batch_of(world, order))
    world.settle(batch_of(world, (0, 1)).slots)
    world.settle(batch_of(world, (2,)).slots)
    assert world.client.rollup.call("stateRoot") == world.state_root


def test_a_credit_with_another_amount_or_key_is_refused() -> None:
    world = queued()
    for amount, key in ((8, OTHER_KEY), (7, BASE8), (0, OTHER_KEY)):
        with reverts("DepositsNotInQueue"):
            commit(world, world.batch([deposit_slot(5), deposit_slot(amount, key)]))
    world.settle([deposit_slot(5), deposit_slot(7, OTHER_KEY)])
