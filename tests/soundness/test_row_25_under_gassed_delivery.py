"""Row 25: a delivery gives the application its full gas limit, or reverts and loses nothing."""

from __future__ import annotations

import pytest

from tests.verifier.doubles import deploy_double
from tests.verifier.messaging import hostile, send
from tests.verifier.ormp_world import make_ormp_world
from tests.verifier.refusals import reverts
from tests.verifier.world import make_world
from verifier.chain import ChainRevert

GAS_LIMIT = 300_000
# From the call to the application's reading of gasleft: its dispatcher.
DISPATCH_OVERHEAD = 300


@pytest.mark.parametrize("gas_limit", [60_000, 300_000])
def test_application_sees_its_full_gas_limit_or_nothing_happens(gas_limit: int) -> None:
    """Closes in on the smallest relay that delivers: even there nothing is missing."""
    world = make_world()
    application = hostile(world)
    payload = application.encode("measure")
    sent = send(world, application.address, payload, gas_limit=gas_limit)
    outcomes = []
    too_little, enough = gas_limit, gas_limit + 250_000
    while enough - too_little > 10:
        relay_gas = (too_little + enough) // 2
        try:
            world.client.relay(sent.message, sent.proof, gas_limit=relay_gas)
        except ChainRevert as revert:
            outcomes.append(revert.name)
            assert not world.client.is_delivered(sent.message.hash())
            too_little = relay_gas
            continue
        outcomes.append("delivered")
        assert application.call("gasSeen") >= gas_limit - DISPATCH_OVERHEAD
        enough = relay_gas
        sent = send(world, application.address, payload, gas_limit=gas_limit)
    assert {"InsufficientGas", "delivered"} <= set(outcomes)


def test_a_delivery_at_the_edge_still_finishes() -> None:
    """An application that eats all its gas leaves enough to record the delivery."""
    world = make_world()
    application = hostile(world)
    sent = send(world, application.address, application.encode("burn"), gas_limit=GAS_LIMIT)
    for gas_limit in range(360_000, 480_000, 100):
        try:
            receipt = world.client.relay(sent.message, sent.proof, gas_limit=gas_limit)
        except ChainRevert as revert:
            assert revert.name == "InsufficientGas", gas_limit
            continue
        assert receipt.event("MessageDispatched").args["dispatchResult"] is False
        return
    raise AssertionError("no gas limit was enough")


@pytest.mark.parametrize("gas_limit", [10**8, 2**63, 2**64 - 1])
def test_an_absurd_gas_limit_is_refused_without_loss(gas_limit: int) -> None:
    world = make_world()
    application = hostile(world)
    sent = send(world, application.address, application.encode("measure"), gas_limit=gas_limit)
    with reverts("InsufficientGas"):
        world.client.relay(sent.message, sent.proof)
    assert not world.client.is_delivered(sent.message.hash())


def test_an_under_gassed_batch_burns_nothing() -> None:
    """Each message is delivered with its full gas limit, or refused and deliverable later."""
    world = make_ormp_world()
    payload = world.application.encode("burn", 100_000)
    for _ in range(4):
        world.send(payload, gas_limit=150_000)
    block = world.import_root()
    gas_limits = (350_000, 500_000, 650_000, 800_000)
    for gas_limit in gas_limits:
        receipt = world.relay_batch(range(4), block=block, gas_limit=gas_limit)
        results = [e.args for e in receipt.events if e.name == "MessageDispatched"]
        assert all(args["dispatchResult"] for args in results)
    world.relay_batch(range(4), block=block)
    assert world.application.call("received") == 4


def test_an_under_gassed_retry_burns_nothing() -> None:
    world = make_ormp_world()
    world.application = deploy_double(world.away.chain, "MoodyApplication")
    world.application.transact("setMood", 2, sender=world.away.user)  # burns all its gas
    world.send(b"x", gas_limit=GAS_LIMIT)
    world.relay()
    failed = world.state()
    refused = 0
    for gas_limit in range(GAS_LIMIT, GAS_LIMIT + 100_000, 1_000):
        try:
            receipt = world.retry(gas_limit=gas_limit)
        except ChainRevert as revert:
            assert revert.name == "InsufficientGas", gas_limit
            refused += 1
            continue
        assert receipt.event("MessageRetried").args["dispatchResult"] is False
        break
    assert refused > 0
    assert world.state() == failed
