"""Rows 21 and 22: a withdrawal is paid once, by whichever way comes first, where it is due.

The two ways are the claim with a proof and the endpoint's delivery.
"""

from __future__ import annotations

import pytest

from tests.verifier.doubles import deploy_double
from tests.verifier.messaging import proof_of
from tests.verifier.payments import (
    claim_of,
    deliver,
    is_dispatched,
    pays,
    with_withdrawals,
)
from tests.verifier.refusals import reverts
from tests.verifier.world import CLOCK_S, ROLLUP_CHAIN_ID, World, deposit_slot, make_world
from verifier.chain import EmbeddedChain


def balances(world: World) -> tuple[int, int]:
    held = world.client.rollup.call("totalCollateral")
    return world.client.balance(world.user), int(held)


def test_a_claim_cannot_be_repeated() -> None:
    world = with_withdrawals()
    claim_of(world, 0, 3).send(world)
    with reverts("WithdrawalPaidBefore"):
        claim_of(world, 0, 3).send(world)
    assert balances(world) == (3, 7)


def test_a_claim_cannot_be_repeated_under_a_later_root() -> None:
    world = with_withdrawals()
    claim_of(world, 0, 3).send(world)
    world.settle(pays(world, 1))
    with reverts("WithdrawalPaidBefore"):
        claim_of(world, 0, 3).send(world)


def test_a_delivery_cannot_be_repeated() -> None:
    world = with_withdrawals()
    assert is_dispatched(deliver(world, 0))
    with reverts("AlreadyDelivered"):
        deliver(world, 0)
    assert balances(world) == (3, 7)


def test_a_claim_after_the_delivery_is_refused() -> None:
    world = with_withdrawals()
    assert is_dispatched(deliver(world, 0))
    with reverts("WithdrawalPaidBefore"):
        claim_of(world, 0, 3).send(world)
    assert balances(world) == (3, 7)


def test_a_delivery_after_the_claim_pays_nothing() -> None:
    world = with_withdrawals()
    claim_of(world, 0, 3).send(world)
    assert not is_dispatched(deliver(world, 0))
    assert balances(world) == (3, 7)


def test_one_payment_leaves_the_other_withdrawal_alone() -> None:
    world = with_withdrawals()
    claim_of(world, 0, 3).send(world)
    assert is_dispatched(deliver(world, 1))
    assert balances(world) == (7, 3)


def test_equal_withdrawals_are_two() -> None:
    world = make_world(slots=4)
    world.deposit(10)
    world.settle([deposit_slot(10), *pays(world, 3, 3)])
    claim_of(world, 0, 3).send(world)
    claim_of(world, 1, 3).send(world)
    assert balances(world) == (6, 4)


def test_a_withdrawal_of_another_rollup_on_the_same_chain_is_refused() -> None:
    """Equal in everything but the contract: its leaf carries the address four times."""
    world = with_withdrawals()
    chain = world.client.transport
    twin = make_world(slots=4, chain=chain)
    twin.deposit(10)
    twin.settle([deposit_slot(10)])
    twin.settle(pays(twin, 4, 4))
    with reverts("WithdrawalNotProven"):
        claim_of(twin, 0, 4).send(world)
    with reverts("MessageNotProven"):
        world.client.relay(twin.sent[0], proof_of(twin, 0))


@pytest.mark.parametrize("caller", ["user", "operator", "relayer"])
def test_nobody_but_the_endpoint_may_say_that_a_message_arrived(caller: str) -> None:
    world = with_withdrawals()
    client = world.client
    senders = {"user": world.user, "operator": client.operator, "relayer": client.relayer}
    with reverts("NotEndpoint"):
        client.rollup.transact("payWithdrawal", 0, world.user, 3, sender=senders[caller])
    assert balances(world) == (0, 10)


@pytest.mark.parametrize(
    ("from_chain_id", "sender"),
    [
        (31337, None),
        (ROLLUP_CHAIN_ID + 2**64, None),
        (0, None),
        (ROLLUP_CHAIN_ID, "0x" + "12" * 20),
        (ROLLUP_CHAIN_ID, "0x" + "00" * 20),
    ],
)
def test_a_message_of_somebody_else_pays_nothing(from_chain_id: int, sender: str | None) -> None:
    """As an endpoint would say it of a message from another chain, or of a user."""
    chain = EmbeddedChain(clock=lambda: CLOCK_S)
    endpoint = deploy_double(chain, "ForgingEndpoint")
    world = with_withdrawals(chain, endpoint=endpoint.address)
    rollup, encoded = world.client.rollup.address, world.sent[0].encoded
    with reverts("NotOwnMessage"):
        arguments = rollup, encoded, from_chain_id, sender or rollup
        endpoint.transact("say", *arguments, sender=world.user)
    assert balances(world) == (0, 10)
