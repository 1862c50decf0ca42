"""A dishonest prover against the circuit: every rule of the specification, broken directly.

Everything else is made to fit, so the scope of the violated constraint shows that it is the broken
rule that fails, and not something beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from circuits.spec.account import NO_KEY, Account
from circuits.spec.transactions import Deposit, Transaction
from tests.circuits.rollup.forgery import forced
from tests.circuits.rollup.world import (
    ALICE,
    BOB,
    EMPTY,
    FUNDS_E6,
    OPERATOR,
    START_S,
    World,
    deposit,
    message,
    public_key,
    signed,
    transfer,
    withdraw,
)

MAX_BALANCE_E6 = (1 << 63) - 1
MAX_NONCE = (1 << 32) - 1


def with_account(index: int, **changes: object) -> World:
    """A world in which one account differs."""
    world = World()
    world.tree.set_account(index, replace(world.tree.account(index), **changes))  # type: ignore[arg-type]
    return world


RULES: dict[str, tuple[str, Callable[[], Transaction]]] = {
    "nonce ahead": ("authorization/assert_valid", lambda: transfer(nonce=1)),
    "overdraft by one": ("sender/assert_in_range", lambda: transfer(amount_e6=FUNDS_E6 - 2)),
    "overdraft by a fee": ("sender/assert_in_range", lambda: message(fee_e6=FUNDS_E6 + 1)),
    "overdraft to the field's end": (
        "sender/assert_in_range",
        lambda: withdraw(amount_e6=MAX_BALANCE_E6),
    ),
    "expired": ("authorization/expiry", lambda: transfer(expiry_s=START_S - 1)),
    "self transfer": ("rules/transfer", lambda: transfer(ALICE, ALICE)),
    "no signature": (
        "authorization/assert_valid",
        lambda: replace(transfer(), signature=(1, 2, 3)),
    ),
    "another's signature": ("authorization/assert_valid", lambda: signed(transfer(), BOB)),
    "amount not as signed": (
        "authorization/assert_valid",
        lambda: replace(transfer(), amount_e6=99),
    ),
    "fee not as signed": ("authorization/assert_valid", lambda: replace(transfer(), fee_e6=4)),
    "receiver not as signed": (
        "authorization/assert_valid",
        lambda: replace(transfer(), receiver_index=OPERATOR),
    ),
    "recipient not as signed": (
        "authorization/assert_valid",
        lambda: replace(withdraw(), recipient=0xBAD),
    ),
    "payload not as signed": (
        "authorization/assert_valid",
        lambda: replace(message(), payload=b"evil"),
    ),
    "chain not as signed": (
        "authorization/assert_valid",
        lambda: replace(message(), to_chain_id=6),
    ),
    "gas limit not as signed": (
        "authorization/assert_valid",
        lambda: replace(message(), gas_limit=1),
    ),
    "expiry not as signed": (
        "authorization/assert_valid",
        lambda: replace(transfer(), expiry_s=START_S + 61),
    ),
    "sender unknown": (
        "authorization/assert_valid",
        lambda: replace(transfer(amount_e6=0, fee_e6=0), sender_index=EMPTY),
    ),
    "receiver unknown": ("rules/transfer", lambda: transfer(ALICE, EMPTY)),
    "deposit with another key": ("rules/deposit", lambda: Deposit(ALICE, public_key(BOB), 1)),
    "deposit with another x": (
        "rules/deposit",
        lambda: Deposit(ALICE, (1, public_key(ALICE)[1]), 1),
    ),
    "deposit with another y": (
        "rules/deposit",
        lambda: Deposit(ALICE, (public_key(ALICE)[0], 1), 1),
    ),
    "deposit with key (0, 0)": ("rules/deposit", lambda: Deposit(EMPTY, NO_KEY, 1)),
    "deposit over the bound": (
        "receiver/assert_in_range",
        lambda: deposit(ALICE, MAX_BALANCE_E6 - FUNDS_E6 + 1),
    ),
    "amount of 2^63": ("data/assert_in_range", lambda: deposit(EMPTY - 1, 1 << 63)),
}


@pytest.mark.parametrize("name", RULES)
def test_broken_rule(name: str) -> None:
    scope, make = RULES[name]
    assert forced(World(), make()).startswith(f"slot[0]/{scope}")


def test_the_same_transaction_with_its_rule_kept_is_accepted() -> None:
    """So that the table above fails for its reasons."""
    fine = (transfer(amount_e6=FUNDS_E6 - 3), transfer(expiry_s=START_S), deposit(ALICE, 5))
    assert [forced(World(), transaction) for transaction in fine] == ["", "", ""]
    assert forced(World(), deposit(ALICE, MAX_BALANCE_E6 - FUNDS_E6)) == ""


@pytest.mark.parametrize("key", [(0, 7), (7, 0)])
def test_a_key_with_one_zero_coordinate_is_a_key(key: tuple[int, int]) -> None:
    world = World()
    world.batch(Deposit(EMPTY, key, 5))
    assert forced(world, transfer(ALICE, EMPTY)) == ""
    assert forced(world, Deposit(EMPTY, key, 5)) == ""
    assert forced(world, deposit(ALICE), Deposit(EMPTY, public_key(BOB), 1)).endswith("deposit")


def test_the_last_nonce() -> None:
    last = with_account(ALICE, nonce=MAX_NONCE)
    assert "sender/assert_in_range" in forced(last, transfer(nonce=MAX_NONCE))
    assert forced(with_account(ALICE, nonce=MAX_NONCE - 1), transfer(nonce=MAX_NONCE - 1)) == ""


def test_a_credit_over_the_bound() -> None:
    rich = with_account(BOB, collateral_e6=MAX_BALANCE_E6 - 99)
    assert "receiver/assert_in_range" in forced(rich, transfer(amount_e6=100))
    rich = with_account(BOB, collateral_e6=MAX_BALANCE_E6 - 100)
    assert forced(rich, transfer(amount_e6=100)) == ""


def test_fees_over_the_operators_bound() -> None:
    rich = with_account(OPERATOR, collateral_e6=MAX_BALANCE_E6 - 5)
    assert forced(rich, transfer(), transfer(nonce=1)).startswith("operator/assert_in_range")
    rich = with_account(OPERATOR, collateral_e6=MAX_BALANCE_E6 - 6)
    assert forced(rich, transfer(), transfer(nonce=1)) == ""


def test_fees_for_an_empty_operator() -> None:
    assert forced(World(), transfer(), operator_index=EMPTY) == "operator"
    assert forced(World(), transfer(fee_e6=0), operator_index=EMPTY) == ""


def test_an_account_without_key_cannot_be_taken_over_by_its_balance() -> None:
    """Even if somebody had credited an empty leaf, no signature opens it."""
    world = World()
    world.tree.set_account(EMPTY, Account(collateral_e6=50))
    assert "assert_valid" in forced(world, replace(transfer(amount_e6=40), sender_index=EMPTY))
