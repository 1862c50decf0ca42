"""Proven roots as an oracle of version 1: through our endpoint, and one that behaves as v1.5.0."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sequencer.messages.proof import MessageProof
from tests.verifier.doubles import deploy_double
from tests.verifier.messaging import Sent, proof_of, send
from tests.verifier.oracle_choice import DEPLOYED, OURS, ZERO, Setting, logged, setting
from tests.verifier.refusals import reverts
from tests.verifier.world import ROLLUP_CHAIN_ID, make_world
from verifier.chain import ChainRevert, Contract
from verifier.contracts import load_artifact


@pytest.fixture(params=[OURS, DEPLOYED])
def here(request: pytest.FixtureRequest) -> Setting:
    return setting(request.param)


def test_an_application_that_chose_proofs_is_called_with_the_right_tail(here: Setting) -> None:
    sent = here.message()
    receipt = here.relay(sent)
    assert receipt.event("MessageDispatched").args["dispatchResult"] is True
    tail = sent.message.hash() + ROLLUP_CHAIN_ID.to_bytes(32, "big")
    tail += sent.message.sender.to_bytes(20, "big")
    [log] = logged(here)
    assert log == sent.message.encoded + tail


def test_without_that_choice_the_default_oracle_knows_nothing_of_the_rollup(here: Setting) -> None:
    here.choose(ZERO)
    sent = here.message()
    assert refusal(here, sent) in ("MessageNotProven", "Error")
    assert logged(here) == []
    here.choose(here.world.client.oracle.address)
    here.relay(sent)
    assert len(logged(here)) == 1


def refusal(here: Setting, sent: Sent) -> str:
    with pytest.raises(ChainRevert) as caught:
        here.relay(sent)
    return caught.value.name


@pytest.mark.parametrize("change", ["index", "encoded", "sender", "channel", "from_chain_id"])
def test_a_message_that_was_not_sent_is_not_delivered(here: Setting, change: str) -> None:
    sent = here.message()
    value = getattr(sent.message, change)
    other = value + b"\0" if isinstance(value, bytes) else value + 1
    forged = Sent(replace(sent.message, **{change: other}), sent.proof)
    assert refusal(here, forged) in ("MessageNotProven", "Error")
    here.relay(sent)
    assert refusal(here, sent) in ("AlreadyDelivered", "Error")


def test_an_older_and_a_newer_root_both_serve(here: Setting) -> None:
    first = here.message(b"first message")
    second = here.message(b"second message")
    here.relay(Sent(first.message, proof_of(here.world, 0)))
    here.relay(second)
    assert [data[:5] for data in logged(here)] == [b"first", b"secon"]


def test_a_pending_batch_proves_nothing(here: Setting) -> None:
    sent = here.message()
    ahead = MessageProof.decode(sent.proof)
    ahead = replace(ahead, block_number=ahead.block_number + 1)
    assert refusal(here, Sent(sent.message, ahead.encode())) in ("MessageNotProven", "Error")


def test_sending_with_this_oracle_gets_one_clear_error(here: Setting) -> None:
    """On the deployed endpoint the relayer would be assigned first: all of it is reverted."""
    oracle = here.world.client.oracle.address
    quote = 5, here.application.address, 100_000, b"", b""
    with reverts("OutboundUnsupported"):
        here.endpoint.call("fee", *quote)
    if here.endpoint.artifact.name == "EndpointV1Double":
        # our relayer takes assignments only of an endpoint that says what it is sending
        relayer = deploy_double(here.world.client.transport, "RelayerV1Double")
        choice = here.endpoint.address, oracle, relayer.address
        here.application.transact("configure", *choice, sender=here.world.user)
    with reverts("OutboundUnsupported"):
        here.send_out()


def test_nobody_assigns_to_it() -> None:
    world = make_world()
    oracle = world.client.oracle
    for sender in (world.client.transport.accounts[0], world.user):
        for value in (0, 1):
            with reverts("AssignmentUnsupported"):
                oracle.transact("assign", bytes(32), sender=sender, value=value)


def test_a_message_aimed_at_the_oracle_assigns_nothing(here: Setting) -> None:
    """Even on an endpoint that calls oracles when a message says so, and even with value."""
    client = here.world.client
    assign = client.oracle.encode("assign", b"\x01" * 32)
    spare, _ = Contract.deploy(
        client.transport,
        load_artifact("ZkOracle"),
        client.rollup.address,
        ROLLUP_CHAIN_ID,
        sender=here.owner,
    )
    defaults = client.oracle.address, here.relayer.address
    here.endpoint.transact("setDefaultConfig", *defaults, sender=here.owner)
    sent = send(here.world, spare.address, assign)
    receipt = here.relay(sent)
    assert [event.name for event in receipt.events] == ["MessageDispatched"]
    assert receipt.event("MessageDispatched").args["dispatchResult"] is False


def test_nothing_changes_it() -> None:
    """No function writes: there is no root to alter and nobody to alter it."""
    imports = {"importMessage", "importMessages"}
    for name, writing in (("ZkOracle", {"assign"}), ("ZkOracleV2", imports)):
        functions = [entry for entry in load_artifact(name).abi if entry["type"] == "function"]
        kinds = {e["name"] for e in functions if e["stateMutability"] in ("payable", "nonpayable")}
        assert kinds == writing
