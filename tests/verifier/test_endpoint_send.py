"""Sending: what is signalled and stored, who is paid, what is refused, who may interfere."""

from __future__ import annotations

import pytest
from eth_utils.abi import function_signature_to_4byte_selector
from eth_utils.crypto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from sequencer.messages.message import Message
from tests.verifier.doubles import deploy_double
from tests.verifier.ormp_world import (
    AWAY,
    HOME,
    OrmpWorld,
    make_ormp_world,
    message_of,
    set_message_count,
)
from tests.verifier.recorded import fund
from tests.verifier.refusals import reverts
from verifier.chain import ChainRevert, Contract, DestinationPrice, Receipt
from verifier.chain.messaging_deployment import set_price
from verifier.contracts import load_artifact

ZERO = "0x" + "0" * 40
SOMEBODY = "0x00000000000000000000000000000000DeaDBeef"
YES = 0  # a hostile oracle's verdict
FLOODING = 3  # a moody application's mood
PAYLOAD_LENGTHS = (0, 1, 31, 32, 33, 63, 64, 65, 4096)


@pytest.fixture(scope="module")
def shared() -> OrmpWorld:
    """For tests that only send."""
    return make_ormp_world()


@pytest.fixture
def world() -> OrmpWorld:
    return make_ormp_world()


def quote(world: OrmpWorld, sender: str) -> int:
    return int(world.home.endpoint.call("fee", AWAY, sender, 1, b"", b""))


def send(world: OrmpWorld, *, value: int, sender: str | None = None, refund: str = ZERO) -> Receipt:
    arguments = AWAY, SOMEBODY, 1, b"", refund, b""
    sender = sender or world.home.user
    return world.home.endpoint.transact("send", *arguments, sender=sender, value=value)


def hostile(world: OrmpWorld) -> Contract:
    return deploy_double(world.home.chain, "HostileService")


# -- what a send leaves behind --


@settings(max_examples=25)
@given(
    to_chain_id=st.integers(0, 2**256 - 1).filter(lambda n: n != HOME),
    to=st.integers(0, 2**160 - 1),
    gas_limit=st.integers(0, 2**100),
    encoded=st.one_of(st.sampled_from(PAYLOAD_LENGTHS).map(bytes), st.binary(max_size=200)),
    params=st.binary(max_size=70),
)
def test_any_message_is_hashed_and_signalled_as_the_codec_says(
    shared: OrmpWorld, to_chain_id: int, to: int, gas_limit: int, encoded: bytes, params: bytes
) -> None:
    side, sent = shared.home, shared.sent
    set_price(side.relayer, side.oracle, to_chain_id, DestinationPrice(), sender=side.owner)
    address = "0x" + to.to_bytes(20, "big").hex()
    rest = gas_limit, encoded, params
    due = side.endpoint.call("fee", to_chain_id, side.user, *rest)
    fund(side.chain, side.user, due + 10**24)
    receipt = side.endpoint.transact(
        "send", to_chain_id, address, gas_limit, encoded, ZERO, params, sender=side.user, value=due
    )
    channel, sender = (int(a, 16) for a in (side.endpoint.address, side.user))
    message = Message(channel, len(sent), HOME, sender, to_chain_id, to, gas_limit, encoded)
    sent.append(message)
    accepted, relayer, oracle = receipt.events
    assert message_of(accepted.args["message"]) == message
    assert accepted.args["msgHash"] == relayer.args["msgHash"] == message.hash()
    assert relayer.args["params"] == params
    assert relayer.args["fee"] + oracle.args["fee"] == due
    tree = shared.tree()
    assert accepted.args["root"] == tree.root() == side.endpoint.call("root")
    proof = [bytes(node) for node in tree.prove(len(sent) - 1)]
    assert list(relayer.args["proof"]) == list(side.endpoint.call("prove")) == proof
    assert side.endpoint.call("messageCount") == len(sent)


@pytest.mark.parametrize("length", PAYLOAD_LENGTHS)
def test_payload_lengths_around_words(shared: OrmpWorld, length: int) -> None:
    receipt = shared.send(b"\xff" * length)
    assert receipt.event("MessageAccepted").args["msgHash"] == shared.sent[-1].hash()


def test_the_empty_tree(world: OrmpWorld) -> None:
    endpoint = world.home.endpoint
    assert endpoint.call("root") == world.tree().root()
    assert endpoint.call("messageCount") == 0
    assert endpoint.call("imtBranch") == (bytes(32),) * 32
    assert endpoint.call("LOCAL_CHAINID") == HOME


def test_the_last_leaf_is_proven_after_every_send(world: OrmpWorld) -> None:
    for _ in range(9):
        world.send()
        assert list(world.home.endpoint.call("prove")) == world.tree().prove(len(world.sent) - 1)


def test_the_branch_is_shown_as_version_1_stores_it(world: OrmpWorld) -> None:
    """Zero above the tree's height, though those levels are filled to be cheap to write."""
    branch = [bytes(32)] * 32
    for count in range(1, 9):
        world.send()
        node = world.sent[-1].hash()
        level = 0
        while not count >> level & 1:
            node = keccak(branch[level] + node)
            level += 1
        branch[level] = node
        assert list(world.home.endpoint.call("imtBranch")) == branch


# -- fees --


def test_the_fee_is_the_relayers_and_the_oracles(world: OrmpWorld) -> None:
    side = world.home
    relayer = side.relayer.call("fee", AWAY, side.user, 70_000, b"abc", b"")
    oracle = side.oracle.call("fee", AWAY, side.user)
    assert side.endpoint.call("fee", AWAY, side.user, 70_000, b"abc", b"") == relayer + oracle
    world.send(b"abc", gas_limit=70_000)
    assert side.chain.balance(side.relayer.address) == relayer
    assert side.chain.balance(side.oracle.address) == oracle
    assert side.chain.balance(side.endpoint.address) == 0


@pytest.mark.parametrize("missing", [1, 10**14])
def test_too_little_value_is_refused_with_both_amounts(world: OrmpWorld, missing: int) -> None:
    due = quote(world, world.home.user)
    with pytest.raises(ChainRevert) as caught:
        send(world, value=due - missing)
    assert (caught.value.name, caught.value.arguments) == ("FeeTooLow", (due - missing, due))
    assert world.home.endpoint.call("messageCount") == 0


@pytest.mark.parametrize("excess", [0, 1, 10**18])
def test_the_excess_goes_to_the_refund_address(world: OrmpWorld, excess: int) -> None:
    chain = world.home.chain
    send(world, value=quote(world, world.home.user) + excess, refund=SOMEBODY)
    assert chain.balance(SOMEBODY) == excess
    assert chain.balance(world.home.endpoint.address) == 0


def test_a_refund_address_that_refuses_stops_the_send_unless_nothing_is_due(
    world: OrmpWorld,
) -> None:
    refuser = world.home.endpoint.address  # takes value in send only
    due = quote(world, world.home.user)
    with pytest.raises(ChainRevert) as caught:
        send(world, value=due + 3, refund=refuser)
    assert caught.value.name == "RefundFailed"
    assert caught.value.arguments == (refuser.lower(), 3)
    send(world, value=due, refund=refuser)


def test_what_a_refund_address_returns_is_not_copied(world: OrmpWorld) -> None:
    flooding = deploy_double(world.home.chain, "MoodyApplication")
    flooding.transact("setMood", FLOODING, sender=world.home.user)
    due = quote(world, world.home.user)
    receipt = send(world, value=due + 1, refund=flooding.address)
    # a megabyte costs the receiver 2.0 million; a copy would cost as much again
    assert 2_000_000 < receipt.gas_used < 2_300_000


def test_the_sender_chooses_oracle_and_relayer__each_by_itself(world: OrmpWorld) -> None:
    side = world.home
    own = hostile(world)
    own.transact("set", 5, YES, sender=side.user)
    oracle_fee, relayer_fee = (
        side.oracle.call("fee", AWAY, side.user),
        side.relayer.call("fee", AWAY, side.user, 1, b"", b""),
    )
    for choice, due in (
        ((own.address, ZERO), relayer_fee + 5),
        ((ZERO, own.address), oracle_fee + 5),
        ((own.address, own.address), 10),
    ):
        side.endpoint.transact("setAppConfig", *choice, sender=side.user)
        assert quote(world, side.user) == due
        before = side.chain.balance(own.address)
        send(world, value=due)
        assert side.chain.balance(own.address) - before == (10 if due == 10 else 5)
    assert quote(world, side.owner) == oracle_fee + relayer_fee


@pytest.mark.parametrize("own", [(ZERO, ZERO), (SOMEBODY, ZERO), (ZERO, SOMEBODY)])
def test_nobody_sends_while_nobody_is_in_charge(world: OrmpWorld, own: tuple[str, str]) -> None:
    side = world.home
    fresh, _ = Contract.deploy(side.chain, load_artifact("Endpoint"), side.owner, sender=side.owner)
    fresh.transact("setAppConfig", *own, sender=side.user)
    with reverts("NobodyInCharge"):
        fresh.call("fee", AWAY, side.user, 1, b"", b"")
    with reverts("NobodyInCharge"):
        fresh.transact("send", AWAY, SOMEBODY, 1, b"", ZERO, b"", sender=side.user, value=10)


def test_a_message_to_the_own_chain_is_refused(world: OrmpWorld) -> None:
    with reverts("SameChain"):
        world.send(to_chain_id=HOME)


def test_a_full_tree_takes_no_message(world: OrmpWorld) -> None:
    set_message_count(world.home, 2**32 - 1)
    with reverts("MessageTreeFull"):
        send(world, value=quote(world, world.home.user))
    set_message_count(world.home, 2**32 - 2)
    send(world, value=quote(world, world.home.user))
    assert world.home.endpoint.call("messageCount") == 2**32 - 1
    assert world.home.endpoint.call("defaultUC")[0] == world.home.oracle.address.lower()


# -- hostile oracles and relayers of the sender's own choice --


def with_hostile(world: OrmpWorld, role: str, price: int = 7) -> Contract:
    """The user's own oracle or relayer."""
    service = hostile(world)
    service.transact("set", price, YES, sender=world.home.user)
    choice = (service.address, ZERO) if role == "oracle" else (ZERO, service.address)
    world.home.endpoint.transact("setAppConfig", *choice, sender=world.home.user)
    return service


def plan(world: OrmpWorld, service: Contract, function: str, *arguments: object) -> None:
    """When it is assigned a message the service calls the endpoint, with its fee."""
    endpoint = world.home.endpoint
    data = endpoint.encode(function, *arguments)
    with_fee = function == "send"
    service.transact("plan", endpoint.address, data, with_fee, sender=world.home.user)


ATTACKS = {
    "send": ((AWAY, SOMEBODY, 1, b"", ZERO, b""), "SendReentered()"),
    "recv": (
        ((SOMEBODY, 0, AWAY, SOMEBODY, HOME, SOMEBODY, 0, b""), bytes(1088)),
        "DeliveryReentered()",
    ),
    "retry": (((SOMEBODY, 0, AWAY, SOMEBODY, HOME, SOMEBODY, 0, b""),), "DeliveryReentered()"),
}


@pytest.mark.parametrize("role", ["oracle", "relayer", "refund"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_no_way_back_into_the_endpoint_from_within_a_send(
    world: OrmpWorld, role: str, attack: str
) -> None:
    """A relayer of one's own could otherwise pay many sends with one fee."""
    arguments, error = ATTACKS[attack]
    service = hostile(world) if role == "refund" else with_hostile(world, role)
    plan(world, service, attack, *arguments)
    due = quote(world, world.home.user)
    excess = 100 if role == "refund" else 0
    receipt = send(world, value=due + excess, refund=service.address)
    assert service.call("calledOk") is False
    assert service.call("calledRet")[:4] == function_signature_to_4byte_selector(error)
    assert service.call("seenSending") == receipt.event("MessageAccepted").args["msgHash"]
    assert world.home.endpoint.call("messageCount") == 1
    assert world.home.chain.balance(world.home.endpoint.address) == 0
    assert world.home.endpoint.call("sending") == bytes(32)


def test_a_send_that_fails_late_leaves_nothing(world: OrmpWorld) -> None:
    """A refund that fails takes leaf, count, fees and lock with it."""
    side = world.home
    root, due = side.endpoint.call("root"), quote(world, side.user)
    with reverts("RefundFailed"):
        send(world, value=due + 1, refund=side.endpoint.address)
    assert side.endpoint.call("root") == root
    assert side.endpoint.call("messageCount") == 0
    assert side.chain.balance(side.relayer.address) == 0
    send(world, value=due)


def test_both_fees_are_quoted_before_either_is_paid(world: OrmpWorld) -> None:
    """A relayer that raises the oracle's fee once it is paid does not raise what is due."""
    side = world.home
    service = hostile(world)
    service.transact("set", 7, YES, sender=side.user)
    side.endpoint.transact("setAppConfig", service.address, service.address, sender=side.user)
    dearer = service.encode("set", 1_000, YES)
    service.transact("plan", service.address, dearer, False, sender=side.user)
    send(world, value=14)
    assert (service.call("price"), service.call("calledOk")) == (1_000, True)
    assert side.chain.balance(service.address) == 14


def test_an_oracle_without_code_is_noticed(world: OrmpWorld) -> None:
    world.home.endpoint.transact("setAppConfig", SOMEBODY, ZERO, sender=world.home.user)
    with reverts("Empty"):
        send(world, value=10**18)


def test_fees_that_overflow_panic(world: OrmpWorld) -> None:
    with_hostile(world, "relayer", 2**256 - 1)
    with reverts("Panic"):
        send(world, value=10**18)
    with reverts("Panic"):
        quote(world, world.home.user)


def test_a_default_config_leaves_the_count_alone(world: OrmpWorld) -> None:
    """Both share a word of storage."""
    side = world.home
    world.send()
    side.endpoint.transact("setDefaultConfig", SOMEBODY, SOMEBODY, sender=side.owner)
    assert side.endpoint.call("messageCount") == 1
    assert side.endpoint.call("root") == world.tree().root()
