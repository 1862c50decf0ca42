"""Row 18: numbers wrap around the field.

Amounts, fees, balances, nonces, timestamps and expiries at their last value are accepted, and one
beyond is not: neither as 2^n nor as a "negative" field element.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from circuits.spec.account import Account
from circuits.spec.globals import Globals
from circuits.spec.transactions import Noop, Transaction
from native.constants import FR_MODULUS
from tests.circuits.rollup.forgery import edited, forced, put
from tests.circuits.rollup.world import (
    ALICE,
    BOB,
    World,
    deposit,
    message,
    public_key,
    transfer,
    withdraw,
)

MAX_E6 = (1 << 63) - 1
MAX_NONCE = (1 << 32) - 1
MAX_TIME_S = (1 << 64) - 1
ABOVE = [1 << 63, 1 << 64, FR_MODULUS - 1, FR_MODULUS >> 1]


def alice_has(balance_e6: int, **changes: int) -> World:
    """A world in which ALICE holds `balance_e6`."""
    world = World()
    account = replace(Account(public_key(ALICE), 0, balance_e6), **changes)  # type: ignore[arg-type]
    world.tree.set_account(ALICE, account)
    return world


@pytest.mark.parametrize(
    "transaction",
    [
        withdraw(amount_e6=MAX_E6, fee_e6=0),
        withdraw(amount_e6=0, fee_e6=MAX_E6),
        message(fee_e6=MAX_E6),
        transfer(amount_e6=MAX_E6, fee_e6=0),
    ],
    ids=["amount", "fee", "message fee", "transfer"],
)
def test_everything_that_fits_can_be_spent(transaction: Transaction) -> None:
    world = alice_has(MAX_E6)
    for index in (BOB, 3):
        world.tree.set_account(index, replace(world.tree.account(index), collateral_e6=0))
    assert forced(world, transaction) == ""
    assert world.tree.account(ALICE).collateral_e6 == 0


@pytest.mark.parametrize("missing", [1, 2, MAX_E6])
def test_more_than_the_balance_wraps_and_is_refused(missing: int) -> None:
    world = alice_has(MAX_E6 - missing)
    scope = forced(world, withdraw(amount_e6=MAX_E6, fee_e6=0))
    assert scope.startswith("slot[0]/sender/assert_in_range")


def test_amount_and_fee_that_only_fit_alone_are_refused() -> None:
    scope = forced(alice_has(MAX_E6), withdraw(amount_e6=MAX_E6, fee_e6=1))
    assert scope.startswith("slot[0]/sender/assert_in_range")


def test_a_deposit_to_the_bound_and_one_over() -> None:
    assert forced(alice_has(1), deposit(ALICE, MAX_E6 - 1)) == ""
    assert "receiver/assert_in_range" in forced(alice_has(2), deposit(ALICE, MAX_E6 - 1))


@pytest.mark.parametrize("name", ["amount_e6", "fee_e6"])
@pytest.mark.parametrize("value", ABOVE)
def test_an_amount_above_the_bound_is_refused(name: str, value: int) -> None:
    scope = edited(put(f"slot[0].{name}", value), transfer())
    assert scope.startswith("slot[0]/data/assert_in_range")


@pytest.mark.parametrize("value", ABOVE)
def test_a_leaf_with_an_impossible_balance_cannot_be_used(value: int) -> None:
    scope = forced(alice_has(value), withdraw(amount_e6=0, fee_e6=0))
    assert scope.startswith("slot[0]/sender/assert_in_range")


@pytest.mark.parametrize(
    ("nonce", "scope"),
    [
        (MAX_NONCE, "sender/assert_in_range"),
        (MAX_NONCE + 1, "authorization/assert_in_range"),
        (FR_MODULUS - 1, "authorization/assert_in_range"),
    ],
)
def test_no_nonce_beyond_the_last(nonce: int, scope: str) -> None:
    assert scope in forced(alice_has(10**6, nonce=nonce), transfer(nonce=nonce))


@pytest.mark.parametrize("name", ["timestamp_s", "batch_number", "deposit_count_before"])
@pytest.mark.parametrize("value", [1 << 64, FR_MODULUS - 1])
def test_a_header_number_above_the_bound_is_refused(name: str, value: int) -> None:
    assert "assert_in_range" in edited(put(name, value), Noop())


@pytest.mark.parametrize("value", [1 << 32, FR_MODULUS - 1])
def test_a_message_count_above_the_bound_is_refused(value: int) -> None:
    assert "assert_in_range" in edited(put("message_count_before", value), message())


def test_a_count_or_time_below_zero_is_refused() -> None:
    minus_one = FR_MODULUS - 1
    assert "assert_in_range" in edited(put("message_count_before", minus_one), message())
    assert "assert_in_range" in edited(put("deposit_count_before", minus_one), deposit(BOB))
    assert "assert_in_range" in edited(put("previous_timestamp_s", minus_one), message())


def test_the_counts_may_reach_their_bounds() -> None:
    last = Globals(message_count=MAX_NONCE - 1, deposit_count=MAX_TIME_S - 1)
    assert forced(World(), message(), deposit(BOB), globals_=last) == ""
    full = Globals(message_count=MAX_NONCE)
    assert "public_data/assert_in_range" in forced(World(), message(), globals_=full)
    assert forced(World(), withdraw(), globals_=last) == ""
    assert "public_data/assert_in_range" in forced(World(), withdraw(), globals_=full)
    assert "public_data/assert_in_range" in forced(
        World(), withdraw(), message(nonce=1), globals_=last
    )
    full = Globals(deposit_count=MAX_TIME_S)
    assert "public_data/assert_in_range" in forced(World(), deposit(BOB), globals_=full)


def test_time_may_reach_its_bound() -> None:
    transaction = transfer(expiry_s=MAX_TIME_S)
    assert forced(World(), transaction, timestamp_s=MAX_TIME_S) == ""
    earlier = transfer(expiry_s=MAX_TIME_S - 1)
    assert "expiry" in forced(World(), earlier, timestamp_s=MAX_TIME_S)
