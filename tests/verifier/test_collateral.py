"""Deposits: what enters is what the token moved, and no more than can leave."""

from __future__ import annotations

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
    make_world,
)
from verifier.chain import Contract, EmbeddedChain, RollupClient, RollupConfig


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
