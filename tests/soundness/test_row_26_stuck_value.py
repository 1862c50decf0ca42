"""Row 26: a delivery takes no value, so a failed one leaves none behind."""

from __future__ import annotations

from tests.verifier.messaging import hostile, notice, send
from tests.verifier.refusals import reverts
from tests.verifier.world import make_world
from verifier.chain.records import message_argument


def test_delivery_with_value_is_refused() -> None:
    world = make_world()
    sent = notice(world)
    client = world.client
    arguments = message_argument(sent.message), sent.proof
    with reverts("Empty"):
        client.endpoint.transact("recv", *arguments, sender=client.relayer, value=1)
    client.relay(sent.message, sent.proof)


def test_no_function_but_send_takes_value() -> None:
    world = make_world()
    for contract, takers in ((world.client.endpoint, {"send"}), (world.client.rollup, set())):
        abi = contract.artifact.abi
        assert {e["name"] for e in abi if e.get("stateMutability") == "payable"} == takers
        assert not {"receive", "fallback"} & {entry["type"] for entry in abi}


def test_failed_delivery_leaves_no_value_and_is_final() -> None:
    world = make_world()
    application = hostile(world)
    sent = send(world, application.address, application.encode("fail"))
    receipt = world.client.relay(sent.message, sent.proof)
    assert receipt.event("MessageDispatched").args["dispatchResult"] is False
    assert world.client.transport.balance(world.client.endpoint.address) == 0
    with reverts("AlreadyDelivered"):
        world.client.relay(sent.message, sent.proof)
