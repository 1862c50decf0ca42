"""Row 24: no message speaks with the endpoint's voice to the endpoint, an oracle or a relayer."""

from __future__ import annotations

import pytest

from tests.verifier.doubles import deploy_double
from tests.verifier.messaging import hostile, notice, send
from tests.verifier.refusals import reverts
from tests.verifier.world import ROLLUP_CHAIN_ID, make_world
from verifier.chain import Contract
from verifier.contracts import load_artifact

ASSIGN = bytes.fromhex("70b9f81d") + bytes(32)


@pytest.mark.parametrize("target", ["oracle", "endpoint", "relayer"])
def test_message_to_the_infrastructure_is_refused(target: str) -> None:
    world = make_world()
    client = world.client
    address = client.relayer if target == "relayer" else getattr(client.addresses, target)
    sent = send(world, address, ASSIGN)
    with reverts("ForbiddenTarget"):
        client.relay(sent.message, sent.proof)
    assert not client.is_delivered(sent.message.hash())


def test_an_applications_own_oracle_and_relayer_are_no_targets_either() -> None:
    """An application cannot be its own oracle or relayer and be called in that role."""
    world = make_world()
    client = world.client
    application = hostile(world)
    client_oracle = client.oracle.address
    application.transact(
        "choose", client.endpoint.address, client_oracle, application.address, sender=world.user
    )
    sent = send(world, application.address, application.encode("measure"))
    with reverts("ForbiddenTarget", "NotRelayer"):
        client.relay(sent.message, sent.proof)
    application.transact(
        "choose", client.endpoint.address, application.address, client.relayer, sender=world.user
    )
    with reverts("ForbiddenTarget"):
        client.relay(sent.message, sent.proof)


def test_choosing_another_oracle_opens_no_way_to_the_default_one() -> None:
    """The default oracle stays forbidden; and no ZkOracle has an assignment to forge anyway."""
    world = make_world()
    client = world.client
    spare, _ = Contract.deploy(
        client.transport,
        load_artifact("ZkOracle"),
        client.rollup.address,
        ROLLUP_CHAIN_ID,
        sender=world.user,
    )
    sent = send(world, spare.address, ASSIGN)
    receipt = client.relay(sent.message, sent.proof)
    assert receipt.event("MessageDispatched").args["dispatchResult"] is False
    assert [event.name for event in receipt.events] == ["MessageDispatched"]
    with reverts("AssignmentUnsupported"):
        spare.transact("assign", bytes(32), sender=world.user)


def test_application_does_not_listen_to_strangers() -> None:
    world = make_world()
    with reverts("NotEndpoint"):
        world.client.application.transact("post", "psst", sender=world.user)
    assert deploy_double(world.client.transport, "HostileApplication").address
    notice(world)


def test_only_the_chosen_relayer_delivers() -> None:
    world = make_world()
    sent = notice(world)
    with reverts("NotRelayer"):
        world.client.relay(sent.message, sent.proof, sender=world.user)
    world.client.relay(sent.message, sent.proof)
