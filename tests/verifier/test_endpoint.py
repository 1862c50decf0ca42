"""Delivery of messages: what the application gets, what counts as delivered, what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_utils.crypto import keccak

from tests.verifier.messaging import hostile, notice, proof_of, send
from tests.verifier.refusals import reverts
from tests.verifier.world import ROLLUP_CHAIN_ID, World, make_world
from verifier.chain import Contract, Receipt
from verifier.chain.records import message_argument
from verifier.contracts import load_artifact

NOBODY = "0x00000000000000000000000000000000DeaDBeef"


def outcome(receipt: Receipt) -> bool:
    return bool(receipt.event("MessageDispatched").args["dispatchResult"])


def test_application_reads_hash_chain_and_sender_off_the_tail() -> None:
    world = make_world()
    sent = notice(world, "tail")
    args = world.client.relay(sent.message, sent.proof).event("NoticePosted").args
    assert args["msgHash"] == sent.message.hash()
    assert args["fromChainId"] == ROLLUP_CHAIN_ID
    assert int(args["from"], 16) == sent.message.sender
    assert int(world.client.application.call("lastFrom"), 16) == sent.message.sender


def test_account_address_is_the_hash_of_tag_rollup_and_index() -> None:
    world = make_world()
    sent = notice(world)
    rollup = bytes.fromhex(world.client.rollup.address[2:])
    preimage = keccak(b"tallystick.account.v1") + bytes(12) + rollup + bytes(32)
    assert sent.message.sender == int.from_bytes(keccak(preimage)[12:], "big")


def test_a_message_is_delivered_once() -> None:
    world = make_world()
    sent = notice(world)
    world.client.relay(sent.message, sent.proof)
    with reverts("AlreadyDelivered"):
        world.client.relay(sent.message, sent.proof)
    assert world.client.application.call("count") == 1


def test_a_newer_root_serves_older_messages_but_still_only_once() -> None:
    world = make_world()
    first = notice(world, "one")
    notice(world, "two")
    world.client.relay(first.message, proof_of(world, 0))
    with reverts("AlreadyDelivered"):
        world.client.relay(first.message, first.proof)


@pytest.mark.parametrize("function", ["fail", "burn"])
def test_an_application_that_fails_has_had_its_chance(function: str) -> None:
    world = make_world()
    application = hostile(world)
    sent = send(world, application.address, application.encode(function))
    assert outcome(world.client.relay(sent.message, sent.proof)) is False
    assert world.client.is_delivered(sent.message.hash())


def test_returned_data_is_not_copied() -> None:
    world = make_world()
    application = hostile(world)
    sent = send(world, application.address, application.encode("flood"), gas_limit=4_000_000)
    receipt = world.client.relay(sent.message, sent.proof)
    assert outcome(receipt) is True
    # a megabyte costs the application about 2.2 million; a copy would cost as much again
    assert receipt.gas_used < 3_000_000


def test_target_without_code_counts_as_success_as_in_version_1() -> None:
    world = make_world()
    sent = send(world, NOBODY, b"")
    assert outcome(world.client.relay(sent.message, sent.proof)) is True


def test_gas_limit_zero_reaches_a_contract_in_vain() -> None:
    world = make_world()
    application = hostile(world)
    sent = send(world, application.address, application.encode("measure"), gas_limit=0)
    assert outcome(world.client.relay(sent.message, sent.proof)) is False


def test_message_for_another_chain_is_refused() -> None:
    world = make_world()
    to = world.client.application.address
    sent = send(world, to, world.client.notice_payload("x"), to_chain_id=1)
    with reverts("WrongDestination"):
        world.client.relay(sent.message, sent.proof)


def test_truncated_proof_reverts_and_trailing_bytes_are_ignored() -> None:
    world = make_world()
    sent = notice(world)
    with reverts("Empty"):
        world.client.relay(sent.message, sent.proof[:-1])
    world.client.relay(sent.message, sent.proof + b"more")


def test_a_refused_delivery_leaves_no_trace() -> None:
    world = make_world()
    sent = notice(world)
    with reverts("MessageNotProven"):
        world.client.relay(replace(sent.message, gas_limit=1), sent.proof)
    world.client.relay(sent.message, sent.proof)


def test_delivery_from_within_a_delivery_fails() -> None:
    """The first application is the relayer of the second and delivers to it from its handler."""
    world = make_world()
    client = world.client
    outer, inner = hostile(world), hostile(world)
    zero = "0x" + "0" * 40
    inner.transact("choose", client.endpoint.address, zero, outer.address, sender=world.user)
    second = send(world, inner.address, inner.encode("measure"))
    arguments = client.endpoint.address, message_argument(second.message), second.proof
    first = send(world, outer.address, outer.encode("reenter", *arguments), gas_limit=2_000_000)
    assert outcome(client.relay(first.message, first.proof)) is False
    assert not client.is_delivered(second.message.hash())
    # not the message's fault: outside a delivery the same call works
    outer.transact("reenter", *arguments, sender=world.user)
    assert client.is_delivered(second.message.hash())


def test_applications_choose_their_own_oracle_and_relayer() -> None:
    world = make_world()
    client = world.client
    application = hostile(world)
    own = client.transport.accounts[8]
    application.transact(
        "choose", client.endpoint.address, client.oracle.address, own, sender=world.user
    )
    chosen = client.endpoint.call("getAppConfig", application.address)
    assert [a.lower() for a in chosen] == [client.oracle.address.lower(), own.lower()]
    sent = send(world, application.address, application.encode("measure"))
    with reverts("NotRelayer"):
        client.relay(sent.message, sent.proof)
    assert outcome(client.relay(sent.message, sent.proof, sender=own)) is True


def test_defaults_stay_forbidden_targets_even_if_they_choose_others() -> None:
    """A default relayer that is a contract cannot make itself reachable."""
    world = make_world()
    client = world.client
    relayer = hostile(world)
    endpoint = endpoint_with(world, client.oracle.address, relayer.address)
    relayer.transact(
        "choose", endpoint.address, client.oracle.address, client.relayer, sender=world.user
    )
    sent = send(world, relayer.address, relayer.encode("measure"))
    arguments = message_argument(sent.message), sent.proof
    with reverts("ForbiddenTarget"):
        endpoint.transact("recv", *arguments, sender=client.relayer)


def endpoint_with(world: World, oracle: str, relayer: str) -> Contract:
    """A second endpoint with other defaults."""
    chain = world.client.transport
    endpoint, _ = Contract.deploy(chain, load_artifact("Endpoint"), world.user, sender=world.user)
    endpoint.transact("setDefaultConfig", oracle, relayer, sender=world.user)
    return endpoint


def test_oracle_serves_its_rollup_and_nothing_that_leaves_this_chain() -> None:
    world = make_world()
    notice(world)
    oracle = world.client.oracle
    with reverts("OutboundUnsupported"):
        oracle.call("fee", 1, world.user)
    assert oracle.call("sourceChainId") == ROLLUP_CHAIN_ID
    assert oracle.call("rollup").lower() == world.client.rollup.address.lower()
    assert oracle.call("merkleRoot", ROLLUP_CHAIN_ID, 1) == world.client.message_root(1)
