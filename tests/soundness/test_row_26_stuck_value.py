"""Row 26: a delivery takes no value, so a failed one leaves none behind."""

from __future__ import annotations

import pytest
from eth_utils.address import to_checksum_address
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifier.doubles import ARTIFACTS, deploy_double
from tests.verifier.messaging import hostile, notice, send
from tests.verifier.ormp_world import AWAY, OrmpWorld, make_ormp_world
from tests.verifier.recorded import fund
from tests.verifier.refusals import reverts
from tests.verifier.world import make_world
from verifier.chain import Contract
from verifier.chain.records import message_argument
from verifier.contracts import load_artifact

REFUND = "0x00000000000000000000000000000000DeaDBeef"
ZERO = "0x" + "0" * 40


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


# -- sending --

STRAY = 10**20


@pytest.fixture(scope="module")
def rich() -> OrmpWorld:
    """Somebody forced value into the endpoint; and the user has services of its own."""
    world = make_ormp_world()
    side = world.home
    services = [deploy_double(side.chain, "HostileService") for _ in range(2)]
    choice = [service.address for service in services]
    side.endpoint.transact("setAppConfig", *choice, sender=side.user)
    fund(side.chain, side.endpoint.address, STRAY)
    return world


@settings(max_examples=40)
@given(
    oracle_fee=st.integers(0, 10**18), relayer_fee=st.integers(0, 10**18), excess=st.integers(-3, 3)
)
def test_every_send_pays_exactly_its_own_fees(
    rich: OrmpWorld, oracle_fee: int, relayer_fee: int, excess: int
) -> None:
    side = rich.home
    oracle, relayer = side.endpoint.call("getAppConfig", side.user)
    places = [*map(to_checksum_address, (oracle, relayer)), REFUND]
    for address, price in zip(places[:2], (oracle_fee, relayer_fee), strict=True):
        service = Contract(side.chain, load_artifact("HostileService", ARTIFACTS), address)
        service.transact("set", price, 0, sender=side.owner)
    before = [side.chain.balance(place) for place in places]
    value = max(0, oracle_fee + relayer_fee + excess)
    short = value < oracle_fee + relayer_fee
    arguments = AWAY, REFUND, 0, b"", REFUND, b""
    fund(side.chain, side.user, 10**20)
    if short:
        with reverts("FeeTooLow"):
            side.endpoint.transact("send", *arguments, sender=side.user, value=value)
    else:
        side.endpoint.transact("send", *arguments, sender=side.user, value=value)
    gained = [side.chain.balance(place) - was for place, was in zip(places, before, strict=True)]
    paid = [oracle_fee, relayer_fee, value - oracle_fee - relayer_fee]
    assert gained == ([0, 0, 0] if short else paid)
    assert side.chain.balance(side.endpoint.address) == STRAY


def test_a_relayer_of_ones_own_cannot_loop_its_fee_back() -> None:
    """One fee, handed to a send from within the assignment, would pay for any number of them."""
    world = make_ormp_world()
    side = world.home
    service = deploy_double(side.chain, "HostileService")
    service.transact("set", 10**15, 0, sender=side.user)
    for address in (side.user, service.address):
        assert side.endpoint.call("getAppConfig", address)[1] == side.relayer.address.lower()
    side.endpoint.transact("setAppConfig", ZERO, service.address, sender=side.user)
    again = side.endpoint.encode("send", AWAY, REFUND, 0, b"", service.address, b"")
    service.transact("plan", side.endpoint.address, again, True, sender=side.user)
    world.send()
    assert service.call("calledOk") is False
    assert side.endpoint.call("messageCount") == 1
    assert side.chain.balance(side.endpoint.address) == 0
    assert side.chain.balance(service.address) == 10**15
