"""Deposits and claims: what enters is what can leave, once, and to its owner."""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum

import pytest

from native.constants import FR_MODULUS
from native.reference.babyjubjub import BABYJUB_BASE8 as BASE8
from tests.verifier.doubles import deploy_double
from tests.verifier.refusals import reverts
from tests.verifier.world import (
    CIRCUIT_ID,
    GENESIS_ROOT,
    ROLLUP_CHAIN_ID,
    SIMULATOR,
    TestBatch,
    World,
    deposit_slot,
    make_world,
    withdraw_slot,
)
from verifier.chain import Contract, EmbeddedChain, RollupClient, RollupConfig
from verifier.chain.withdrawals import claim_path


class Mode(IntEnum):
    """HostileToken.Mode."""

    HONEST = 0
    KEEPS_FEE = 1
    RETURNS_FALSE = 2
    RETURNS_NOTHING = 3
    DEPOSITS_AGAIN = 4


def test_amount_zero_is_refused() -> None:
    with reverts("AmountZero"):
        make_world().client.deposit(0, BASE8, sender=EmbeddedChain().accounts[0])


@pytest.mark.parametrize(
    "key",
    [(0, 0), (1, 1), (BASE8[0] + FR_MODULUS, BASE8[1]), (BASE8[0], BASE8[1] + FR_MODULUS)],
)
def test_key_off_the_curve_is_refused(key: tuple[int, int]) -> None:
    world = make_world()
    with reverts("PublicKeyInvalid"):
        world.deposit(5, key)


def test_deposit_without_allowance_or_balance_is_refused() -> None:
    world = make_world()
    with reverts("TransferFailed"):
        world.client.deposit(5, BASE8, sender=world.user)
    world.client.approve(5, sender=world.user)
    with reverts("TransferFailed"):
        world.client.deposit(5, BASE8, sender=world.user)


def test_all_collateral_stays_below_two_to_the_63() -> None:
    world = make_world()
    world.deposit(2**63 - 2)
    world.client.mint(world.user, 2)
    world.client.approve(2, sender=world.user)
    with reverts("CollateralCapExceeded"):
        world.client.deposit(2, BASE8, sender=world.user)
    world.client.deposit(1, BASE8, sender=world.user)


def rollup_with(chain: EmbeddedChain) -> tuple[RollupClient, Contract]:
    """A rollup over a token that can misbehave, which the user owns plenty of."""
    token = deploy_double(chain, "HostileToken")
    config = RollupConfig(
        SIMULATOR.key,
        CIRCUIT_ID,
        GENESIS_ROOT,
        2,
        ROLLUP_CHAIN_ID,
        chain.accounts[0],
        chain.accounts[1],
    )
    client = RollupClient.deploy(chain, config, token=token.address)
    for holder in (chain.accounts[5], token.address):
        token.transact("mint", holder, 1000, sender=chain.accounts[0])
    return client, token


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        (Mode.KEEPS_FEE, "AmountNotReceived"),
        (Mode.RETURNS_FALSE, "TransferFailed"),
        (Mode.DEPOSITS_AGAIN, "TransferFailed"),  # the inner deposit meets the lock
    ],
)
def test_token_that_misbehaves_credits_nothing(mode: Mode, error: str) -> None:
    chain = EmbeddedChain()
    client, token = rollup_with(chain)
    token.transact("setMode", mode, sender=chain.accounts[0])
    with reverts(error):
        client.deposit(10, BASE8, sender=chain.accounts[5])
    assert (client.deposit_count(), client.rollup.call("totalCollateral")) == (0, 0)


@pytest.mark.parametrize("mode", [Mode.HONEST, Mode.RETURNS_NOTHING])
def test_tokens_that_return_true_or_nothing_are_both_fine(mode: Mode) -> None:
    chain = EmbeddedChain()
    client, token = rollup_with(chain)
    token.transact("setMode", mode, sender=chain.accounts[0])
    client.deposit(10, BASE8, sender=chain.accounts[5])
    assert client.rollup.call("totalCollateral") == 10


def with_withdrawals(slots: int = 4) -> tuple[World, TestBatch]:
    """Two withdrawals of 3 and 4 out of a deposit of 10, settled in batch 2."""
    world = make_world(slots=slots)
    world.deposit(10)
    world.settle([deposit_slot(10)])
    batch = world.batch([withdraw_slot(world.user, 3), withdraw_slot(world.user, 4)])
    world.commit(batch)
    world.prove(2)
    return world, batch


@pytest.mark.parametrize("slots", [1, 2, 3, 4, 5, 8])
def test_claims_work_for_any_number_of_slots(slots: int) -> None:
    world = make_world(slots=slots)
    world.deposit(10)
    world.settle([deposit_slot(10)])
    last = [*[withdraw_slot(world.user, 1)] * slots]
    batch = world.batch(last)
    world.commit(batch)
    world.prove(2)
    for slot in range(slots):
        world.client.claim(batch.public_data, slot)
    assert world.client.balance(world.user) == slots


def test_a_withdrawal_is_paid_once() -> None:
    world, batch = with_withdrawals()
    world.client.claim(batch.public_data, 1)
    assert world.client.rollup.call("isClaimed", 2, 1) is True
    assert world.client.rollup.call("isClaimed", 2, 0) is False
    with reverts("WithdrawalClaimed"):
        world.client.claim(batch.public_data, 1)
    world.client.claim(batch.public_data, 0)
    assert world.client.balance(world.user) == 7


@pytest.mark.parametrize(
    ("position", "value"),
    [(0, 1), (0, 3), (1, 1), (1, 4), (1, 2**200), (2, "0x" + "12" * 20), (3, 4), (4, [])],
)
def test_a_claim_with_anything_changed_is_refused(position: int, value: object) -> None:
    world, batch = with_withdrawals()
    arguments: list[object] = [2, 0, world.user, 3, claim_path(batch.public_data, 0)]
    claim = world.client.rollup.transact
    changed = [value if i == position else a for i, a in enumerate(arguments)]
    with reverts("WithdrawalNotProven"):
        claim("claimWithdrawal", *changed, sender=world.user)
    claim("claimWithdrawal", *arguments, sender=world.user)


def test_an_inner_node_or_an_empty_slot_is_no_withdrawal() -> None:
    world, batch = with_withdrawals()
    path = claim_path(batch.public_data, 0)
    claim = world.client.rollup.transact
    for slot, wrong in (
        (0, path[1:]),
        (0, [*path, bytes(32)]),
        (2, claim_path(batch.public_data, 2)),
    ):
        with reverts("WithdrawalNotProven"):
            claim("claimWithdrawal", 2, slot, world.user, 0, wrong, sender=world.user)


def test_nothing_is_paid_before_the_proof() -> None:
    world = make_world()
    world.deposit(10)
    world.settle([deposit_slot(10)])
    batch = world.batch([withdraw_slot(world.user, 3)])
    world.commit(batch)
    with reverts("WithdrawalNotProven"):
        world.client.claim(batch.public_data, 0)
    world.prove(2)
    world.client.claim(batch.public_data, 0)


def test_claiming_a_slot_that_is_no_withdrawal_is_a_clear_error() -> None:
    world, batch = with_withdrawals()
    with pytest.raises(ValueError, match="slot 3 of the batch is no withdrawal"):
        world.client.claim(batch.public_data, 3)
    forged = replace(batch, slots=(batch.slots[1], *batch.slots[1:]))
    with reverts("WithdrawalNotProven"):
        world.client.claim(forged.public_data, 0)
