"""The port without order: who may speak through it, to whom, and what a dapp's failure means."""

from __future__ import annotations

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from tests.verifier.ports import (
    HERE,
    NOBODY,
    ORACLE,
    OWN_ORACLE,
    OWN_RELAYER,
    PEER,
    REFUND,
    RELAYER,
    REMOTE_DAPP,
    THERE,
    ZERO,
    PortWorld,
    error_name,
    make_port,
    message_id,
)
from tests.verifier.refusals import reverts
from verifier.chain import ChainRevert, Contract
from verifier.chain.ports import port_params
from verifier.chain.transport import ExecutionReverted
from verifier.contracts import load_artifact

PARAMS = port_params(300_000, REFUND)


def payload(world: PortWorld, to: str | None = None, message: bytes = b"hello") -> bytes:
    return world.port.encode("recv", REMOTE_DAPP, to or world.dapp.address, message)


def tail(number: int = 1, chain_id: int = THERE, sender: str = REMOTE_DAPP) -> bytes:
    return message_id(number) + chain_id.to_bytes(32, "big") + bytes.fromhex(sender[2:])


def cause(world: PortWorld, to: str) -> str:
    """The name of the error inside DappFailed."""
    with pytest.raises(ChainRevert) as caught:
        world.deliver(payload(world, to))
    assert caught.value.name == "DappFailed"
    assert caught.value.arguments[0].lower() == to.lower()
    return error_name(caught.value.arguments[1])


# -- receiving --


def test_dapp_gets_its_message_with_the_true_sender_in_the_tail() -> None:
    world = make_port("Port")
    receipt = world.deliver(payload(world))
    assert world.received() == [b"hello" + tail()]
    assert world.dapp.call("callers", 0).lower() == world.port.address.lower()
    event = receipt.event("MessageRecv")
    assert (event.args["msgId"], event.args["result"]) == (message_id(1), True)


@pytest.mark.parametrize("length", [0, 1, 31, 32, 33, 5000])
def test_messages_of_any_length_arrive_whole(length: int) -> None:
    world = make_port("Port")
    message = bytes(i % 251 for i in range(length))
    world.deliver(payload(world, message=message))
    assert world.received() == [message + tail()]


def test_a_message_may_look_like_a_tail() -> None:
    world = make_port("Port")
    forged = tail(7, 1, NOBODY)
    world.deliver(payload(world, message=forged))
    assert world.received() == [forged + tail()]


def test_only_the_endpoint_delivers() -> None:
    world = make_port("Port")
    for sender in (world.user, world.owner):
        with reverts("NotEndpoint"):
            data = payload(world) + tail(sender=PEER)
            world.port.transact("recv", *world.port.decode_arguments("recv", data), sender=sender)


@pytest.mark.parametrize(
    ("chain_id", "peer"), [(THERE, NOBODY), (HERE, PEER), (1, PEER), (1, ZERO), (THERE, ZERO)]
)
def test_only_the_peer_of_the_chain_is_heard(chain_id: int, peer: str) -> None:
    world = make_port("Port")
    with reverts("NotPeer"):
        world.deliver(payload(world), chain_id=chain_id, peer=peer)
    assert world.received() == []


def test_no_message_reaches_those_whom_a_ports_word_could_move() -> None:
    world = make_port("Port")
    forbidden = [world.port.address, world.office.address]
    for to in (*forbidden, ORACLE, RELAYER, OWN_ORACLE, OWN_RELAYER):
        assert cause(world, to) == "ForbiddenDapp"


def test_relayers_that_are_chosen_later_are_forbidden_too() -> None:
    world = make_port("Port")
    world.deliver(payload(world))
    world.port.transact("setRelayer", world.dapp.address, sender=world.owner)
    assert cause(world, world.dapp.address) == "ForbiddenDapp"


@pytest.mark.parametrize("address", [NOBODY, ZERO, "0x" + "00" * 19 + "02"])
def test_address_without_code_is_a_failure_unlike_a_plain_call(address: str) -> None:
    assert cause(make_port("Port"), address) == "DappMissing"


def test_a_failing_dapp_makes_the_delivery_fail_and_a_later_one_works() -> None:
    world = make_port("Port")
    world.dapp.transact("setMode", 1, sender=world.user)
    with pytest.raises(ChainRevert) as caught:
        world.deliver(payload(world))
    assert caught.value.name == "DappFailed"
    assert caught.value.arguments[1] == keccak(b"Unwilling()")[:4]
    world.dapp.transact("setMode", 0, sender=world.user)
    world.deliver(payload(world))
    assert world.received() == [b"hello" + tail()]


def test_a_dapp_that_burns_its_gas_fails() -> None:
    world = make_port("Port")
    world.dapp.transact("setMode", 3, sender=world.user)
    worked, receipt = world.attempt(payload(world), 300_000)
    assert not worked
    assert receipt.events == ()


def test_an_application_of_an_endpoint_works_behind_a_port() -> None:
    world = make_port("Port")
    artifact, owner = load_artifact("NoticeBoard"), world.owner
    board, _ = Contract.deploy(world.chain, artifact, world.port.address, sender=owner)
    world.deliver(payload(world, board.address, board.encode("post", "hello")))
    assert (board.call("lastText"), board.call("lastFrom")) == ("hello", REMOTE_DAPP)
    with reverts("NotEndpoint"):
        board.transact("post", "forged", sender=world.user)


def test_only_the_start_of_a_flood_is_kept() -> None:
    world = make_port("Port")
    world.dapp.transact("setMode", 2, sender=world.user)
    event = world.deliver(payload(world)).event("MessageRecv")
    assert len(event.args["returnData"]) == 1024


def test_a_dapp_may_send_from_within_a_delivery_but_not_speak_for_the_port() -> None:
    world = make_port("Port")
    reply = world.port.encode("send", THERE, REMOTE_DAPP, b"reply", PARAMS)
    world.dapp.transact("plan", world.port.address, reply, sender=world.user)
    world.deliver(payload(world))
    assert world.dapp.call("planWorked") is True
    again = payload(world)
    world.dapp.transact("plan", world.port.address, again, sender=world.user)
    world.deliver(payload(world), number=2)
    assert world.dapp.call("planWorked") is False
    assert error_name(world.dapp.call("planResult")) == "NotEndpoint"


# -- sending --


def test_send_hands_everything_to_the_endpoint() -> None:
    world = make_port("Port")
    world.office.transact("setPrice", 5, sender=world.user)
    arguments = THERE, REMOTE_DAPP, b"hi", port_params(123, REFUND, b"fast")
    receipt = world.port.transact("send", *arguments, sender=world.user, value=7)
    ua, value, chain_id, to, gas, encoded, refund, params = world.office.call("last")
    assert (ua.lower(), value, chain_id, to) == (world.port.address.lower(), 7, THERE, PEER)
    assert (gas, refund, params) == (123, REFUND, b"fast")
    assert encoded == world.port.encode("recv", world.user, REMOTE_DAPP, b"hi")
    event = receipt.event("MessageSent")
    assert event.args["fromDapp"] == world.user
    assert event.args["params"] == arguments[3]
    assert world.chain.balance(world.port.address) == 0


def test_fee_is_what_the_endpoint_asks_of_the_port() -> None:
    world = make_port("Port")
    encoded = world.port.encode("recv", world.user, REMOTE_DAPP, b"hi")
    params = port_params(123, REFUND, b"fast")
    quote = world.port.call("fee", THERE, world.user, REMOTE_DAPP, b"hi", params)
    asked = world.office.call("fee", THERE, world.port.address, 123, encoded, b"fast")
    assert quote == asked


def test_nothing_is_sent_to_a_chain_without_peer() -> None:
    world = make_port("Port")
    with reverts("PeerUnknown"):
        world.port.transact("send", 1, REMOTE_DAPP, b"", PARAMS, sender=world.user)


@pytest.mark.parametrize("params", [b"", bytes(95), encode(["uint256"], [1])])
def test_malformed_parameters_revert(params: bytes) -> None:
    world = make_port("Port")
    with reverts("Empty"):
        world.port.transact("send", THERE, REMOTE_DAPP, b"", params, sender=world.user)


def test_a_port_takes_no_stray_money() -> None:
    world = make_port("Port")
    with pytest.raises(ExecutionReverted):
        world.chain.transact(world.port.address, b"", sender=world.user, value=4)


# -- peers, oracle, relayer --


def test_a_peer_is_named_once_by_the_owner() -> None:
    world = make_port("Port", peers=())
    name = world.port.transact
    with reverts("NotOwner"):
        name("setPeer", THERE, PEER, sender=world.user)
    with reverts("PeerInvalid"):
        name("setPeer", THERE, ZERO, sender=world.owner)
    with reverts("PeerInvalid"):
        name("setPeer", HERE, PEER, sender=world.owner)
    receipt = name("setPeer", THERE, PEER, sender=world.owner)
    assert receipt.event("PeerSet").args["chainId"] == THERE
    for again in (PEER, NOBODY):
        with reverts("PeerKnown"):
            name("setPeer", THERE, again, sender=world.owner)
    assert world.port.call("peerOf", THERE) == PEER


def app_config(world: PortWorld) -> tuple[str, str]:
    oracle, relayer = world.office.call("getAppConfig", world.port.address)
    return oracle, relayer


def test_the_oracle_stays_whoever_owns_the_port() -> None:
    world = make_port("Port")
    assert app_config(world) == (OWN_ORACLE, OWN_RELAYER)
    with reverts("NotOwner"):
        world.port.transact("setRelayer", NOBODY, sender=world.user)
    world.port.transact("setRelayer", NOBODY, sender=world.owner)
    assert app_config(world) == (OWN_ORACLE, NOBODY)
    assert world.port.call("oracle") == OWN_ORACLE


@pytest.mark.parametrize(
    ("name", "own"),
    [("Port", set()), ("OrderedPort", {"abandon", "recvAbandon", "release", "skip"})],
)
def test_no_function_names_another_oracle_or_peer(name: str, own: set[str]) -> None:
    """All that can change anything, by name: a new function must be judged here."""
    functions = [entry for entry in load_artifact(name).abi if entry["type"] == "function"]
    changing = {e["name"] for e in functions if e["stateMutability"] in ("nonpayable", "payable")}
    shared = {"send", "recv", "setPeer", "setRelayer", "changeOwner", "acceptOwner"}
    assert changing == shared | own
