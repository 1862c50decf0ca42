"""The relayer: prices and fees, assignments, single deliveries, roles."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.verifier.doubles import deploy_double
from tests.verifier.ormp_world import AWAY, HOME, OrmpWorld, make_ormp_world
from tests.verifier.refusals import reverts
from verifier.chain import ChainRevert, Contract
from verifier.chain.records import message_argument
from verifier.contracts import load_artifact

ZERO = "0x" + "0" * 40
RATIO_ONE = 10**10
WORD = 2**256
PRICE = {"ratio": st.integers(0, 2**128 - 1), "gas_price": st.integers(0, 2**128 - 1)}
CONFIG = {"base_gas": st.integers(1, 2**64 - 1), "per_byte": st.integers(0, 2**64 - 1)}


@pytest.fixture
def world() -> OrmpWorld:
    return make_ormp_world()


@pytest.fixture(scope="module")
def shared() -> OrmpWorld:
    """For tests that only set prices and ask."""
    return make_ormp_world()


def plain_fee(
    ratio: int, gas_price: int, base_gas: int, per_byte: int, gas_limit: int, length: int
) -> int | None:
    """The formula, from left to right; None where a product does not fit a word."""
    steps = [base_gas + gas_limit]
    steps.append(gas_price * steps[-1])
    steps.append(steps[-1] * ratio)
    payload = [per_byte * length]
    payload.append(payload[-1] * gas_price)
    payload.append(payload[-1] * ratio)
    if max(steps + payload) >= WORD:
        return None
    return steps[-1] // RATIO_ONE + payload[-1] // RATIO_ONE


@settings(max_examples=60)
@given(
    **PRICE,
    **CONFIG,
    gas_limit=st.one_of(st.integers(0, 2**64), st.integers(0, WORD - 1)),
    length=st.integers(0, 300),
)
# both parts have a fraction: their floors are taken one by one
@example(ratio=RATIO_ONE - 1, gas_price=1, base_gas=1, per_byte=1, gas_limit=0, length=1)
@example(ratio=1, gas_price=1, base_gas=1, per_byte=0, gas_limit=WORD - 1, length=0)
@example(ratio=1, gas_price=1, base_gas=1, per_byte=0, gas_limit=WORD - 2, length=0)
@example(ratio=2**128 - 1, gas_price=2**128 - 1, base_gas=2, per_byte=0, gas_limit=0, length=0)
@example(ratio=2**128 - 1, gas_price=2**128 - 1, base_gas=1, per_byte=2, gas_limit=0, length=1)
def test_the_fee_is_the_formulas(
    shared: OrmpWorld,
    ratio: int,
    gas_price: int,
    base_gas: int,
    per_byte: int,
    gas_limit: int,
    length: int,
) -> None:
    relayer, owner = shared.home.relayer, shared.home.owner
    relayer.transact("setDstPrice", 9, ratio, gas_price, sender=owner)
    relayer.transact("setDstConfig", 9, base_gas, per_byte, sender=owner)
    want = plain_fee(ratio, gas_price, base_gas, per_byte, gas_limit, length)
    arguments = 9, ZERO, gas_limit, bytes(length), b"ignored"
    if want is not None:
        assert relayer.call("fee", *arguments) == want
        return
    with pytest.raises(ChainRevert) as caught:
        relayer.call("fee", *arguments)
    assert (caught.value.name, caught.value.arguments) == ("Panic", (0x11,))


def test_a_chain_without_base_gas_is_not_served(world: OrmpWorld) -> None:
    side = world.home
    with reverts("ChainNotServed"):
        side.relayer.call("fee", 9, ZERO, 0, b"", b"")
    side.relayer.transact("setDstConfig", AWAY, 0, 16, sender=side.owner)
    with reverts("ChainNotServed"):
        side.endpoint.call("fee", AWAY, side.user, 0, b"", b"")


def test_prices_are_set_by_approved_accounts_and_can_be_read(world: OrmpWorld) -> None:
    side = world.home
    for function in ("setDstPrice", "setDstConfig"):
        with reverts("NotApproved"):
            side.relayer.transact(function, AWAY, 1, 2, sender=side.user)
    event = side.relayer.transact("setDstPrice", 5, 2**128 - 1, 7, sender=side.owner)
    assert event.event("SetDstPrice").args == {
        "chainId": 5,
        "dstPriceRatio": 2**128 - 1,
        "dstGasPriceInWei": 7,
    }
    event = side.relayer.transact("setDstConfig", 5, 2**64 - 1, 8, sender=side.owner)
    assert event.event("SetDstConfig").args == {
        "chainId": 5,
        "baseGas": 2**64 - 1,
        "gasPerByte": 8,
    }
    assert side.relayer.call("priceOf", 5) == (2**128 - 1, 7)
    assert side.relayer.call("configOf", 5) == (2**64 - 1, 8)
    assert side.relayer.call("PROTOCOL") == side.endpoint.address.lower()


def test_the_owner_is_not_approved_by_itself(world: OrmpWorld) -> None:
    side = world.home
    relayer = another_relayer(world, side.owner)
    with reverts("NotApproved"):
        relayer.transact("setDstPrice", 5, 1, 1, sender=side.owner)
    with reverts("NotOwner"):
        relayer.transact("setApproved", side.user, True, sender=side.user)
    relayer.transact("setApproved", side.user, True, sender=side.owner)
    relayer.transact("setDstPrice", 5, 1, 1, sender=side.user)
    relayer.transact("setApproved", side.user, False, sender=side.owner)
    with reverts("NotApproved"):
        relayer.transact("setDstPrice", 5, 1, 1, sender=side.user)


def another_relayer(world: OrmpWorld, owner: str) -> Contract:
    """A second relayer for the home endpoint."""
    side = world.home
    artifact = load_artifact("Relayer")
    return Contract.deploy(side.chain, artifact, owner, side.endpoint.address, sender=owner)[0]


def test_ownership_passes_in_two_steps(world: OrmpWorld) -> None:
    side = world.home
    side.relayer.transact("changeOwner", side.user, sender=side.owner)
    with reverts("NotOwner"):
        side.relayer.transact("setApproved", side.user, True, sender=side.user)
    side.relayer.transact("acceptOwner", sender=side.user)
    side.relayer.transact("setApproved", side.user, True, sender=side.user)
    with reverts("NotOwner"):
        side.relayer.transact("setApproved", side.user, True, sender=side.owner)


def test_fees_are_kept_until_an_approved_account_withdraws_them(world: OrmpWorld) -> None:
    side = world.home
    fee = world.send(b"x").event("Assigned").args["fee"]
    to = "0x00000000000000000000000000000000DeaDBeef"
    with reverts("NotApproved"):
        side.relayer.transact("withdraw", side.user, 1, sender=side.user)
    with reverts("WithdrawalFailed"):
        side.relayer.transact("withdraw", to, fee + 1, sender=side.owner)
    side.relayer.transact("withdraw", to, fee, sender=side.owner)
    assert side.chain.balance(to) == fee


# -- assignments --


def test_only_the_endpoint_assigns(world: OrmpWorld) -> None:
    world.send()
    with reverts("NotEndpoint"):
        world.home.relayer.transact(
            "assign", world.sent[0].hash(), b"", sender=world.home.owner, value=1
        )


def test_an_unused_relayer_is_not_fooled_by_a_message(world: OrmpWorld) -> None:
    """A relayer that is nobody's default is a target like any other: it must defend itself.

    Not even a real message of this endpoint is assigned a second time.
    """
    side = world.away
    artifact = load_artifact("Relayer")
    spare, _ = Contract.deploy(
        side.chain, artifact, side.owner, side.endpoint.address, sender=side.owner
    )
    due = side.endpoint.call("fee", HOME, side.user, 1, b"", b"")
    real = side.endpoint.transact(
        "send", HOME, ZERO, 1, b"", ZERO, b"", sender=side.user, value=due
    ).event("MessageAccepted")
    for digest in (real.args["msgHash"], bytes(32), b"\x01" * 32):
        world.send(spare.encode("assign", digest, b""), to=spare.address, gas_limit=300_000)
        receipt = world.relay()
        assert [event.name for event in receipt.events] == ["MessageDispatched"]
        assert receipt.events[0].args["dispatchResult"] is False


# -- single deliveries --


def test_approved_accounts_relay_and_what_the_application_does_is_not_looked_at(
    world: OrmpWorld,
) -> None:
    world.send(world.application.encode("boom"))
    block = world.import_root()
    arguments = message_argument(world.sent[0]), world.proof(0, block).encode()
    with reverts("NotApproved"):
        world.away.relayer.transact("relay", *arguments, sender=world.away.user)
    receipt = world.relay(block=block)
    assert receipt.event("MessageDispatched").args["dispatchResult"] is False


def test_the_endpoints_refusal_is_the_relayers(world: OrmpWorld) -> None:
    world.send(b"x")
    with pytest.raises(ChainRevert) as caught:
        world.relay(block=1)  # no such root
    assert caught.value.name == "MessageNotProven"
    assert caught.value.arguments == (world.sent[0].hash(),)
    world.relay()
    with reverts("AlreadyDelivered"):
        world.relay()


def test_a_relay_takes_no_value(world: OrmpWorld) -> None:
    world.send(b"x")
    arguments = message_argument(world.sent[0]), world.proof(0, world.import_root()).encode()
    for function in ("relay", "relayBatch"):
        payload = arguments if function == "relay" else ([arguments[0]], bytes(40))
        with reverts("Empty"):
            world.away.relayer.transact(function, *payload, sender=world.away.owner, value=1)


def test_calldata_that_is_no_message_reaches_nobody(world: OrmpWorld) -> None:
    """The relayer passes its arguments on as they are; the endpoint still decodes them."""
    side = world.away
    deploy_double(side.chain, "HostileApplication")
    world.send(b"x")
    arguments = message_argument(world.sent[0]), world.proof(0, world.import_root()).encode()
    data = side.relayer.encode("relay", *arguments)
    for cut in (4, 36, 68, 200, len(data) - 1088 - 40):
        with pytest.raises(Exception, match="0x"):
            side.chain.transact(side.relayer.address, data[:cut], sender=side.owner)
    assert world.state() == (False, ZERO)
