"""Row 24: no message speaks with the endpoint's voice to the endpoint, an oracle or a relayer."""

from __future__ import annotations

import pytest

from tests.verifier.doubles import deploy_double
from tests.verifier.messaging import hostile, notice, send
from tests.verifier.ormp_world import AWAY, HOME, OrmpWorld, make_ormp_world
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


# -- on a chain that sends messages too --


@pytest.fixture
def sending_world() -> OrmpWorld:
    """The destination has sent a message itself, so a forged assignment would find a proof."""
    world = make_ormp_world()
    side = world.away
    due = side.endpoint.call("fee", HOME, side.user, 1, b"", b"")
    arguments = HOME, world.application.address, 1, b"", side.user, b""
    side.endpoint.transact("send", *arguments, sender=side.user, value=due)
    return world


def forgeries(world: OrmpWorld) -> list[bytes]:
    """Assignments of a made-up message, of none and of a real one."""
    real = world.away.endpoint.events("MessageAccepted")[0].args["msgHash"]
    return [b"\x01" * 32, bytes(32), real]


@pytest.mark.parametrize("name", ["relayer", "oracle"])
def test_the_default_services_are_no_targets_however_the_call_looks(
    sending_world: OrmpWorld, name: str
) -> None:
    world = sending_world
    service: Contract = getattr(world.away, name)
    for digest in forgeries(world):
        arguments = (digest, b"") if name == "relayer" else (digest,)
        world.send(service.encode("assign", *arguments), to=service.address, gas_limit=300_000)
        with reverts("ForbiddenTarget"):
            world.relay()
    assert len(service.events("Assigned")) == 1


@pytest.mark.parametrize("name", ["Relayer", "Oracle"])
def test_services_that_only_some_applications_chose_defend_themselves(
    sending_world: OrmpWorld, name: str
) -> None:
    """They are no defaults, so the endpoint delivers to them; their assignment refuses."""
    world = sending_world
    side = world.away
    arguments = side.owner, side.endpoint.address
    service, _ = Contract.deploy(side.chain, load_artifact(name), *arguments, sender=side.owner)
    for digest in forgeries(world):
        call = (digest, b"") if name == "Relayer" else (digest,)
        world.send(service.encode("assign", *call), to=service.address, gas_limit=300_000)
        assert world.relay().event("MessageDispatched").args["dispatchResult"] is False
    assert service.events("Assigned") == []


def test_no_message_changes_settings_in_the_endpoints_name(sending_world: OrmpWorld) -> None:
    world = sending_world
    endpoint, user = world.away.endpoint, world.away.user
    for function, arguments in (
        ("setAppConfig", (user, user)),
        ("setRetryAllowed", (False,)),
        ("setDefaultConfig", (user, user)),
        ("acceptSetter", ()),
    ):
        world.send(endpoint.encode(function, *arguments), to=endpoint.address)
        with reverts("ForbiddenTarget"):
            world.relay()
    assert endpoint.call("retryAllowed", endpoint.address) is True


def test_every_assignment_belongs_to_a_message_and_follows_it(sending_world: OrmpWorld) -> None:
    """Accepted, relayer, oracle: in this order, with one hash, in one transaction."""
    receipt = sending_world.send(b"x")
    assert [event.name for event in receipt.events] == ["MessageAccepted", "Assigned", "Assigned"]
    assert {event.args["msgHash"] for event in receipt.events} == {sending_world.sent[-1].hash()}
    home = sending_world.home
    assert receipt.events[1].address == home.relayer.address
    assert receipt.events[2].address == home.oracle.address
    assert sending_world.sent[-1].to_chain_id == AWAY
