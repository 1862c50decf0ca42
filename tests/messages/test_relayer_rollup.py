"""A rollup's messages: read from its batches, delivered once a proof has made their root known."""

from __future__ import annotations

import pytest

from sequencer.messages.relayer.status import route_status
from tests.messages.relay_world import ALPHA, RELAYER, RelayWorld
from tests.verifier.world import (
    ROLLUP_CHAIN_ID,
    World,
    deposit_slot,
    make_world,
    message_slot,
    withdraw_slot,
)

pytestmark = pytest.mark.node
NOBODY = "0x" + "00" * 20


@pytest.fixture
def rollup(world: RelayWorld) -> World:
    """A rollup that settles on alpha, and the relayer told of it."""
    alpha = world.alpha
    found = make_world(chain=alpha.chain, endpoint=alpha.endpoint.address)
    contract, oracle = found.client.rollup.address, found.client.oracle.address
    world.rollup = f"""[[chain.rollup]]
contract = "{contract}"
chain_id = {ROLLUP_CHAIN_ID}
zk_oracles = ["{oracle}"]
"""
    world.more_routes = f"""[[route]]
source_chain_id = {ROLLUP_CHAIN_ID}
target_chain_id = {ALPHA}
channel = "{contract}"
subsidised = true
"""
    arguments = (alpha.endpoint.address, oracle, NOBODY)
    alpha.application.transact("configure", *arguments, sender=alpha.owner)
    return found


def test_messages_and_withdrawals_of_a_proven_batch_arrive_once(
    world: RelayWorld, rollup: World
) -> None:
    rollup.deposit(9_000_000)
    rollup.settle([deposit_slot(9_000_000)])
    payload = b"from the rollup"
    slots = [
        withdraw_slot(rollup.user, 4_000_000),
        message_slot(world.alpha.application.address, payload, to_chain_id=ALPHA),
    ]
    rollup.commit(rollup.batch(slots, [payload]))
    world.relay()
    assert world.alpha.dispatched() == {}, "a batch that is not proven is no root"
    rollup.prove(rollup.number)
    world.relay()
    assert world.alpha.results() == {message.hash(): True for message in rollup.sent}
    assert world.alpha.received() == {rollup.sent[1].hash(): 1}
    assert rollup.client.token.call("balanceOf", rollup.user) == 4_000_000
    with world.relayer() as daemon:
        routes = [r for c in daemon.couriers for r in c.routes if r.is_subsidised]
        status = route_status(daemon.ledger.database, routes[0])
    assert status.counts["delivered"] == 2


def test_messages_of_several_batches_share_the_newest_root(
    world: RelayWorld, rollup: World
) -> None:
    for number in range(3):
        payload = bytes([number])
        slot = message_slot(world.alpha.application.address, payload, to_chain_id=ALPHA)
        rollup.settle([slot], [payload])
    world.relay()
    assert world.alpha.received() == {message.hash(): 1 for message in rollup.sent}
    nonce = world.alpha.ask("eth_getTransactionCount", RELAYER.address, "latest")
    assert int(nonce, 16) == 1
