"""The ordered port: every message once, in its sender's order, whatever comes when or fails."""

from __future__ import annotations

from itertools import groupby, permutations
from typing import Any

import pytest

from tests.verifier.ports import (
    NOBODY,
    OWN_ORACLE,
    PEER,
    REFUND,
    REMOTE_DAPP,
    THERE,
    ZERO,
    PortWorld,
    error_name,
    make_port,
    message_id,
)
from tests.verifier.refusals import reverts
from verifier.chain import ChainRevert, Contract, Receipt
from verifier.chain.ports import abandon_params, port_params

OTHER_SENDER = "0x" + "db" * 20
WILLING, FAILING, FLOODING, BURNING = range(4)
DAPP_GAS = 200_000


def ordered() -> PortWorld:
    return make_port("OrderedPort")


def payload(
    world: PortWorld,
    nonce: int,
    *,
    to: str | None = None,
    sender: str = REMOTE_DAPP,
    gas: int = DAPP_GAS,
    message: bytes | None = None,
) -> bytes:
    body = bytes([nonce % 256]) if message is None else message
    return world.port.encode("recv", sender, to or world.dapp.address, nonce, gas, body)


def arrive(world: PortWorld, nonce: int, **changes: Any) -> Receipt:
    """A message comes in; its id is its number."""
    number = changes.pop("number", nonce)
    return world.deliver(payload(world, nonce, **changes), number=number)


def abandoned(world: PortWorld, nonce: int, sender: str = REMOTE_DAPP) -> Receipt:
    """The sender's word that a number is given up comes in."""
    return world.deliver(world.port.encode("recvAbandon", sender, nonce), number=1000 + nonce)


def held(receipt: Receipt) -> tuple[Any, ...]:
    """What `release` asks for, out of the event."""
    message: tuple[Any, ...] = receipt.event("MessageHeld").args["message"]
    return message


def release(world: PortWorld, *messages: tuple[Any, ...], gas_limit: int | None = None) -> Receipt:
    arguments = [list(messages)]
    return world.port.transact("release", *arguments, sender=world.user, gas_limit=gas_limit)


def order(world: PortWorld, dapp: Contract | None = None) -> list[int]:
    """First bytes of what the dapp got."""
    return [data[0] for data in world.received(dapp)]


def done(world: PortWorld, sender: str = REMOTE_DAPP, chain_id: int = THERE) -> int:
    return int(world.port.call("doneOf", chain_id, sender))


def is_held(world: PortWorld, nonce: int, sender: str = REMOTE_DAPP) -> bool:
    return world.port.call("heldOf", THERE, sender, nonce) != bytes(32)


def set_mode(world: PortWorld, mode: int) -> None:
    world.dapp.transact("setMode", mode, sender=world.user)


def names(receipt: Receipt) -> list[str]:
    return [event.name for event in receipt.events]


# -- order --


def test_messages_in_order_are_delivered_at_once() -> None:
    world = ordered()
    for nonce in (1, 2, 3):
        assert names(arrive(world, nonce)) == ["MessageRecv"]
    tail = THERE.to_bytes(32, "big") + bytes.fromhex(REMOTE_DAPP[2:])
    assert world.received() == [bytes([n]) + message_id(n) + tail for n in (1, 2, 3)]
    assert done(world) == 3


def test_two_three_one_is_delivered_as_one_two_three() -> None:
    world = ordered()
    two, three = held(arrive(world, 2)), held(arrive(world, 3))
    assert (order(world), done(world)) == ([], 0)
    arrive(world, 1)
    assert (order(world), done(world)) == ([1], 1)
    receipt = release(world, two, three)
    assert names(receipt) == ["MessageRecv", "MessageRecv"]
    assert (order(world), done(world)) == ([1, 2, 3], 3)
    assert not is_held(world, 2)
    assert not is_held(world, 3)


@pytest.mark.parametrize("arrival", list(permutations(range(1, 5))))
def test_any_arrival_becomes_the_senders_order(arrival: tuple[int, ...]) -> None:
    world = ordered()
    waiting: dict[int, tuple[Any, ...]] = {}
    for nonce in arrival:
        receipt = arrive(world, nonce)
        if "MessageHeld" in names(receipt):
            waiting[nonce] = held(receipt)
        while (turn := done(world) + 1) in waiting:
            release(world, waiting.pop(turn))
    assert order(world) == [1, 2, 3, 4]


def test_lanes_know_nothing_of_each_other() -> None:
    """Same sender on another chain, other sender on the same chain: three lanes."""
    world = ordered()
    chain, peer = 47, "0x" + "9f" * 20
    world.port.transact("setPeer", chain, peer, sender=world.owner)
    set_mode(world, FAILING)
    arrive(world, 1)
    arrive(world, 2)
    healthy = world.new_dapp()
    arrive(world, 1, sender=OTHER_SENDER, to=healthy.address, number=11)
    world.deliver(payload(world, 1, to=healthy.address), number=12, chain_id=chain, peer=peer)
    assert len(order(world, healthy)) == 2
    assert (done(world), done(world, OTHER_SENDER), done(world, chain_id=chain)) == (0, 1, 1)


def test_nothing_jumps_the_queue() -> None:
    world = ordered()
    three = held(arrive(world, 3))
    two = held(arrive(world, 2))
    for messages in ([two], [three], [three, two]):
        with reverts("NotNext"):
            release(world, *messages)
    arrive(world, 1)
    with reverts("NotNext"):
        release(world, three, two)
    assert order(world) == [1]


# -- exactly once --


def test_a_released_message_is_gone() -> None:
    world = ordered()
    two = held(arrive(world, 2))
    arrive(world, 1)
    release(world, two)
    with reverts("NotNext"):
        release(world, two)
    with reverts("NotNext"):
        release(world, held_copy(two, nonce=1))
    assert order(world) == [1, 2]


def held_copy(original: tuple[Any, ...], **changes: Any) -> tuple[Any, ...]:
    fields = ("msgId", "fromChainId", "fromDapp", "nonce", "toDapp", "gasLimit", "message")
    values = dict(zip(fields, original, strict=True)) | changes
    return tuple(values[field] for field in fields)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("msgId", message_id(9)),
        ("toDapp", NOBODY),
        ("gasLimit", DAPP_GAS - 1),
        ("message", b"other"),
        ("message", b""),
        ("message", b"\x02\x00"),
    ],
)
def test_only_what_is_held_is_released(field: str, value: Any) -> None:
    world = ordered()
    two = held(arrive(world, 2))
    arrive(world, 1)
    with reverts("NotHeld"):
        release(world, held_copy(two, **{field: value}))
    release(world, two)
    assert order(world) == [1, 2]


@pytest.mark.parametrize(("field", "value"), [("fromChainId", 1), ("fromDapp", OTHER_SENDER)])
def test_a_message_is_not_released_into_another_lane(field: str, value: Any) -> None:
    world = ordered()
    set_mode(world, FAILING)
    one = held(arrive(world, 1))
    with reverts("NotHeld"):
        release(world, held_copy(one, **{field: value}))


def test_a_message_that_never_came_is_not_released() -> None:
    world = ordered()
    invented = (message_id(1), THERE, REMOTE_DAPP, 1, world.dapp.address, 0, b"x")
    with reverts("NotHeld"):
        release(world, invented)


def test_a_number_arrives_once() -> None:
    """The endpoint sees to that already; the port does not rely on it."""
    world = ordered()
    arrive(world, 1)
    with reverts("NonceDone"):
        arrive(world, 1, number=50)
    arrive(world, 3)
    with reverts("AlreadyHeld"):
        arrive(world, 3, number=51)
    with reverts("NonceDone"):
        arrive(world, 0)


def test_the_last_number_does_not_wrap_around() -> None:
    world = ordered()
    arrive(world, 2**64 - 1)
    arrive(world, 1)
    assert (order(world), done(world)) == ([1], 1)


# -- a dapp that fails --


@pytest.mark.parametrize("mode", [FAILING, BURNING])
def test_a_failing_dapp_stops_its_lane_until_it_is_released(mode: int) -> None:
    world = ordered()
    set_mode(world, mode)
    receipt = arrive(world, 1)
    assert names(receipt) == ["MessageRecv", "MessageHeld"]
    assert receipt.event("MessageRecv").args["result"] is False
    one, two = held(receipt), held(arrive(world, 2))
    with reverts("DappFailed"):
        release(world, one, gas_limit=2_000_000)
    with reverts("NotNext"):
        release(world, two)
    assert (done(world), is_held(world, 1)) == (0, True)
    set_mode(world, WILLING)
    release(world, one, two)
    assert order(world) == [1, 2]


def test_a_release_is_all_or_nothing() -> None:
    world = ordered()
    failing = world.new_dapp()
    failing.transact("setMode", FAILING, sender=world.user)
    two, three = held(arrive(world, 2)), held(arrive(world, 3, to=failing.address))
    arrive(world, 1)
    with reverts("DappFailed"):
        release(world, two, three)
    assert (order(world), done(world)) == ([1], 1)
    release(world, two)
    assert (order(world), done(world)) == ([1, 2], 2)


@pytest.mark.parametrize("target", ["port", "office", OWN_ORACLE, NOBODY, ZERO])
def test_a_target_that_cannot_be_called_is_held_like_a_failure(target: str) -> None:
    world = ordered()
    to = {"port": world.port.address, "office": world.office.address}.get(target, target)
    receipt = arrive(world, 1, to=to)
    expected = "DappMissing" if target in (NOBODY, ZERO) else "ForbiddenDapp"
    assert error_name(receipt.event("MessageRecv").args["returnData"]) == expected
    with pytest.raises(ChainRevert) as caught:
        release(world, held(receipt))
    assert error_name(caught.value.arguments[1]) == expected


# -- giving up --


def test_the_dapp_may_skip_what_is_addressed_to_it() -> None:
    world = ordered()
    set_mode(world, FAILING)
    one, two = held(arrive(world, 1)), held(arrive(world, 2))
    with reverts("NotAddressee"):
        world.port.transact("skip", one, sender=world.user)
    with reverts("NotNext"):
        world.dapp.transact("skip", world.port.address, two, sender=world.user)
    with reverts("NotHeld"):
        changed = held_copy(one, message=b"other")
        world.dapp.transact("skip", world.port.address, changed, sender=world.user)
    receipt = world.dapp.transact("skip", world.port.address, one, sender=world.user)
    assert receipt.event("NonceGivenUp").args["nonce"] == 1
    set_mode(world, WILLING)
    with reverts("NotNext"):
        release(world, one)
    release(world, two)
    assert (order(world), done(world)) == ([2], 2)


def test_another_dapp_may_not_skip_it() -> None:
    world = ordered()
    set_mode(world, FAILING)
    one = held(arrive(world, 1))
    other = world.new_dapp()
    with reverts("NotAddressee"):
        other.transact("skip", world.port.address, one, sender=world.user)
    with reverts("NotHeld"):
        stolen = held_copy(one, toDapp=other.address)
        other.transact("skip", world.port.address, stolen, sender=world.user)


def test_the_sender_may_abandon_what_stops_its_lane() -> None:
    world = ordered()
    one, two = held(arrive(world, 1, to=NOBODY)), held(arrive(world, 2))
    with reverts("NotNext"):
        abandoned(world, 2)
    with reverts("NotNext"):
        abandoned(world, 1, OTHER_SENDER) and abandoned(world, 3, OTHER_SENDER)
    abandoned(world, 1)
    assert (done(world), is_held(world, 1)) == (1, False)
    with reverts("NotNext"):
        release(world, one)
    release(world, two)
    with reverts("NotNext"):
        abandoned(world, 2)
    assert order(world) == [2]


def test_a_message_that_comes_after_it_was_abandoned_is_refused() -> None:
    """That is what a message with a gas limit beyond any block needs: it can never arrive."""
    world = ordered()
    abandoned(world, 1)
    with reverts("NonceDone"):
        arrive(world, 1)
    arrive(world, 2)
    assert order(world) == [2]


def test_only_the_peer_gives_up() -> None:
    world = ordered()
    data = world.port.encode("recvAbandon", REMOTE_DAPP, 1)
    with reverts("NotPeer"):
        world.deliver(data, peer=NOBODY)
    with reverts("NotEndpoint"):
        world.port.transact("recvAbandon", REMOTE_DAPP, 1, sender=world.user)
    with reverts("NotPeer"):
        world.deliver(payload(world, 1), peer=NOBODY)


# -- calls back --

# Enough for what the dapp calls from within.
AMPLE = 1_000_000


def with_plan(world: PortWorld, function: str, *arguments: Any) -> None:
    data = world.port.encode(function, *arguments)
    world.dapp.transact("plan", world.port.address, data, sender=world.user)


def test_from_within_a_delivery_the_lane_does_not_move() -> None:
    world = ordered()
    two = held(arrive(world, 2, gas=AMPLE))
    with_plan(world, "release", [two])
    arrive(world, 1, gas=AMPLE)
    assert world.dapp.call("planWorked") is False
    assert error_name(world.dapp.call("planResult")) == "LaneBusy"
    assert (order(world), done(world)) == ([1], 1)
    with_plan(world, "release", [two])
    release(world, two)
    assert error_name(world.dapp.call("planResult")) == "LaneBusy"
    assert (order(world), done(world)) == ([1, 2], 2)


def test_a_dapp_cannot_skip_what_it_is_being_called_with() -> None:
    world = ordered()
    set_mode(world, FAILING)
    one = held(arrive(world, 1, gas=AMPLE))
    set_mode(world, WILLING)
    with_plan(world, "skip", one)
    release(world, one)
    assert error_name(world.dapp.call("planResult")) == "NotHeld"
    assert (order(world), done(world)) == ([1], 1)


def test_another_lane_moves_from_within_a_delivery() -> None:
    world = ordered()
    other = world.new_dapp()
    other.transact("setMode", FAILING, sender=world.user)
    foreign = held(arrive(world, 1, sender=OTHER_SENDER, to=other.address, number=9))
    other.transact("setMode", WILLING, sender=world.user)
    with_plan(world, "release", [foreign])
    arrive(world, 1, gas=AMPLE)
    assert world.dapp.call("planWorked") is True
    assert (done(world), done(world, OTHER_SENDER)) == (1, 1)


def test_a_message_that_arrives_within_its_lanes_delivery_is_held() -> None:
    """Only possible with an endpoint that delivers while a release runs, as any may."""
    world = ordered()
    set_mode(world, FAILING)
    one = held(arrive(world, 1, gas=AMPLE))
    set_mode(world, WILLING)
    arguments = world.port.address, payload(world, 2), message_id(2), THERE, PEER
    data = world.office.encode("deliver", *arguments)
    world.dapp.transact("plan", world.office.address, data, sender=world.user)
    receipt = release(world, one)
    assert world.dapp.call("planWorked") is True
    release(world, held(receipt))
    assert order(world) == [1, 2]


def test_a_second_message_under_the_number_being_delivered_is_not_delivered() -> None:
    """No port gives a number twice; were a peer to do so, the dapp would still see it once."""
    world = ordered()
    set_mode(world, FAILING)
    one = held(arrive(world, 1, gas=AMPLE))
    set_mode(world, WILLING)
    arguments = world.port.address, payload(world, 1), message_id(50), THERE, PEER
    data = world.office.encode("deliver", *arguments)
    world.dapp.transact("plan", world.office.address, data, sender=world.user)
    receipt = release(world, one)
    assert (order(world), done(world)) == ([1], 1)
    with reverts("NotNext"):
        release(world, held(receipt))


# -- sending --


def send(world: PortWorld, to_chain: int = THERE, sender: str | None = None) -> int:
    arguments = to_chain, REMOTE_DAPP, b"hi", port_params(123, REFUND, b"fast")
    receipt = world.port.transact("send", *arguments, sender=sender or world.user, value=7)
    assert names(receipt) == ["MessageSent", "MessageNumbered"]
    return int(receipt.event("MessageNumbered").args["nonce"])


def test_numbers_count_for_each_chain_and_sender() -> None:
    world = ordered()
    world.port.transact("setPeer", 47, PEER, sender=world.owner)
    numbers = [send(world), send(world), send(world, 47), send(world, sender=world.owner)]
    assert [*numbers, send(world)] == [1, 2, 1, 1, 3]
    assert world.port.call("sentOf", THERE, world.user) == 3


def test_a_send_that_fails_takes_no_number() -> None:
    world = ordered()
    world.office.transact("setPrice", 8, sender=world.user)
    with pytest.raises(ChainRevert):
        send(world)
    world.office.transact("setPrice", 0, sender=world.user)
    assert send(world) == 1


def test_send_and_fee_agree_with_the_endpoint() -> None:
    world = ordered()
    params = port_params(123, REFUND, b"fast")
    quote = world.port.call("fee", THERE, world.user, REMOTE_DAPP, b"hi", params)
    send(world)
    ua, value, chain_id, to, gas, encoded, refund, passed = world.office.call("last")
    assert (ua.lower(), value, chain_id, to) == (world.port.address.lower(), 7, THERE, PEER)
    assert (refund, passed) == (REFUND, b"fast")
    assert encoded == world.port.encode("recv", world.user, REMOTE_DAPP, 1, 123, b"hi")
    assert quote == world.office.call("fee", THERE, world.port.address, gas, encoded, b"fast")


def test_gas_for_the_dapp_must_be_a_64_bit_number() -> None:
    world = ordered()
    arguments = [THERE, REMOTE_DAPP, b"", port_params(2**64, REFUND)]
    with reverts("GasLimitTooHigh"):
        world.port.transact("send", *arguments, sender=world.user)
    arguments[3] = port_params(2**64 - 1, REFUND)
    world.port.transact("send", *arguments, sender=world.user)


def test_abandon_sends_a_number_that_was_given() -> None:
    world = ordered()
    params = abandon_params(REFUND, b"fast")
    send(world)
    for nonce in (0, 2):
        with reverts("NonceUnknown"):
            world.port.transact("abandon", THERE, nonce, params, sender=world.user)
    with reverts("NonceUnknown"):
        world.port.transact("abandon", THERE, 1, params, sender=world.owner)
    world.port.transact("abandon", THERE, 1, params, sender=world.user, value=3)
    _, value, _, _, gas, encoded, refund, passed = world.office.call("last")
    assert (value, refund, passed) == (3, REFUND, b"fast")
    assert encoded == world.port.encode("recvAbandon", world.user, 1)
    asked = world.office.call("fee", THERE, world.port.address, gas, encoded, b"fast")
    quote = world.port.call("abandonFee", THERE, 1, params, sender=world.user)
    assert quote == asked
    worked, receipt = world.attempt(encoded, gas)
    assert worked
    assert names(receipt) == ["NonceGivenUp"]


# -- gas --


def sent_gas(world: PortWorld, dapp_gas: int, message: bytes) -> int:
    """The gas limit that the port asks of the endpoint."""
    params = port_params(dapp_gas, REFUND)
    world.port.transact("send", THERE, REMOTE_DAPP, message, params, sender=world.user)
    return int(world.office.call("last")[4])


@pytest.mark.parametrize("mode", [WILLING, FAILING, FLOODING, BURNING])
@pytest.mark.parametrize("dapp_gas", [0, 30_000, 3_000_000])
@pytest.mark.parametrize("length", [0, 1_000, 20_000])
def test_the_gas_that_is_sent_suffices_whatever_the_dapp_does(
    mode: int, dapp_gas: int, length: int
) -> None:
    """Cold storage, a lane never used: never is the message itself lost for want of gas."""
    world = ordered()
    message = b"\xff" * length
    gas = sent_gas(world, dapp_gas, message)
    set_mode(world, mode)
    worked, receipt = world.attempt(payload(world, 1, gas=dapp_gas, message=message), gas)
    assert worked
    assert names(receipt)[0] == "MessageRecv"
    reason = receipt.event("MessageRecv").args["returnData"]
    assert not reason or error_name(reason) != "GasTooLow"


def test_the_dapp_gets_the_gas_that_its_sender_named_and_no_less() -> None:
    world = ordered()
    gas = sent_gas(world, DAPP_GAS, b"\x01")
    assert world.attempt(payload(world, 1), gas)[0]
    seen = world.dapp.call("gasSeen")
    assert DAPP_GAS - 500 < seen <= DAPP_GAS


def test_whoever_gives_too_little_gas_cannot_make_the_dapp_fail() -> None:
    """An endpoint without a gas check of its own: then the dapp is not even called."""
    world = ordered()
    gas = sent_gas(world, DAPP_GAS, b"\x01")
    outcomes = [outcome_with(gas - missing) for missing in range(0, 300_000, 10_000)]
    assert [kind for kind, _ in groupby(outcomes)] == ["delivered", "held", "failed"]


def outcome_with(gas: int) -> str:
    """What becomes of a message that gets so much gas; if held, it can be released."""
    world = ordered()
    worked, receipt = world.attempt(payload(world, 1), gas)
    if not worked:
        assert receipt.events == ()
        return "failed"
    if world.received():
        assert world.dapp.call("gasSeen") > DAPP_GAS - 500
        return "delivered"
    reason = receipt.event("MessageRecv").args["returnData"]
    assert error_name(reason) == "GasTooLow"
    release(world, held(receipt))
    assert order(world) == [1]
    return "held"


def test_a_release_with_too_little_gas_changes_nothing() -> None:
    world = ordered()
    two = held(arrive(world, 2))
    arrive(world, 1)
    with reverts("GasTooLow"):
        release(world, two, gas_limit=DAPP_GAS + 80_000)
    release(world, two, gas_limit=DAPP_GAS + 150_000)
    assert order(world) == [1, 2]


def test_a_release_may_give_more_gas_than_the_sender_named() -> None:
    world = ordered()
    receipt = arrive(world, 1, gas=3_000)
    assert names(receipt) == ["MessageRecv", "MessageHeld"]
    release(world, held(receipt))
    assert order(world) == [1]
