"""A withdrawal leaves as a message of the rollup to itself: claimed by proof, or delivered."""

from __future__ import annotations

import pytest

from circuits.spec.slot_data import SlotFields
from tests.verifier.doubles import deploy_double
from tests.verifier.payments import claim_of, deliver, is_dispatched, pays, with_withdrawals
from tests.verifier.refusals import reverts
from tests.verifier.world import (
    CLOCK_S,
    deposit_slot,
    make_world,
    message_slot,
    withdraw_slot,
)
from verifier.chain import EmbeddedChain

HONEST, RETURNS_FALSE = 0, 2  # HostileToken.Mode


@pytest.mark.parametrize("slots", [1, 2, 3, 8])
def test_claims_work_for_any_number_of_slots(slots: int) -> None:
    world = make_world(slots=slots)
    world.deposit(10)
    world.settle([deposit_slot(10)])
    batch = world.batch(pays(world, *[1] * slots))
    world.commit(batch)
    world.prove(2)
    for slot in range(slots):
        world.client.claim(batch.public_data, slot)
    assert world.client.balance(world.user) == slots


def test_a_delivered_withdrawal_is_paid() -> None:
    world = with_withdrawals()
    receipt = deliver(world, 1)
    assert is_dispatched(receipt)
    paid = receipt.event("WithdrawalPaid").args
    assert paid == {"index": 1, "recipient": world.user, "amount": 4}
    assert [world.client.rollup.call("isPaid", index) for index in range(3)] == [False, True, False]
    assert world.client.balance(world.user) == 4
    assert world.client.rollup.call("totalCollateral") == 6


def test_messages_and_withdrawals_share_indices_in_slot_order() -> None:
    world = make_world(slots=8)
    world.deposit(50)
    payload = world.client.notice_payload("between")
    message = message_slot(world.client.application.address, payload, to_chain_id=31337)
    slots = [deposit_slot(50), *pays(world, 20), message, SlotFields(), *pays(world, 5), message]
    world.settle(slots, [payload, payload])
    assert [m.index for m in world.sent] == [0, 1, 2, 3]
    assert world.client.committed(1)[1] == [m.hash() for m in world.sent]
    assert world.client.rollup.call("messageCount") == 4
    assert all(is_dispatched(deliver(world, index)) for index in (3, 2, 1))
    claim_of(world, 0, 20).send(world)
    assert world.client.balance(world.user) == 25


def test_a_withdrawal_can_be_claimed_under_any_later_root() -> None:
    world = with_withdrawals()
    for _ in range(3):
        world.settle(pays(world, 1))
    claim_of(world, 0, 3).send(world)
    assert world.client.balance(world.user) == 3


def test_many_withdrawals_are_marked_one_by_one() -> None:
    """Over the border of a word of marks, which holds 256."""
    world = make_world(slots=32)
    world.deposit(300)
    world.settle([deposit_slot(300)])
    while len(world.sent) < 288:
        world.settle(pays(world, *[1] * 32))
    for index in (0, 255, 256, 287):
        claim_of(world, index, 1).send(world)
    paid = [index for index in range(288) if world.client.rollup.call("isPaid", index)]
    assert paid == [0, 255, 256, 287]


def test_a_failed_payment_can_be_claimed_when_the_collateral_moves_again() -> None:
    """The endpoint calls once; the claim needs no endpoint."""
    chain = EmbeddedChain(clock=lambda: CLOCK_S)
    token = deploy_double(chain, "HostileToken")
    world = with_withdrawals(chain, token=token.address)
    token.transact("setMode", RETURNS_FALSE, sender=world.user)
    assert not is_dispatched(deliver(world, 0))
    with reverts("TransferFailed"):
        claim_of(world, 0, 3).send(world)
    assert world.client.rollup.call("isPaid", 0) is False
    token.transact("setMode", HONEST, sender=world.user)
    with reverts("AlreadyDelivered"):
        deliver(world, 0)
    claim_of(world, 0, 3).send(world)
    assert world.client.balance(world.user) == 3


def test_the_gas_limit_covers_a_payment_twice() -> None:
    """Dearer tokens than this one exist. The whole transaction is measured, calldata included."""
    chain = EmbeddedChain(clock=lambda: CLOCK_S)
    endpoint = deploy_double(chain, "ForgingEndpoint")
    world = with_withdrawals(chain, endpoint=endpoint.address)
    rollup, own = world.client.rollup.address, world.sent[0]
    arguments = rollup, own.encoded, own.from_chain_id, rollup
    paid = endpoint.transact("say", *arguments, sender=world.user)
    assert paid.event("WithdrawalPaid")
    assert paid.gas_used < own.gas_limit // 2


def test_claiming_a_slot_that_is_no_withdrawal_is_a_clear_error() -> None:
    world = make_world(slots=4)
    batch = world.batch([withdraw_slot(world.user, 3)])
    with pytest.raises(ValueError, match="slot 3 of the batch is no withdrawal"):
        world.client.claim(batch.public_data, 3)


def test_the_rollup_believes_its_own_proofs_only() -> None:
    world = make_world()
    client = world.client
    oracle, relayer = client.endpoint.call("getAppConfig", client.rollup.address)
    assert oracle == client.rollup.call("oracle") == client.addresses.oracle.lower()
    assert relayer == client.relayer.lower()
    assert client.oracle.call("rollup") == client.rollup.address.lower()
    assert client.oracle.call("sourceChainId") == client.rollup.call("rollupChainId")
