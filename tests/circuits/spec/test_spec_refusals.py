"""Every refusal code, and that a refusal leaves the state and the batch as they were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from circuits.spec.account import NO_KEY
from circuits.spec.globals import Globals
from circuits.spec.params import TINY
from circuits.spec.refusal import RefusalCode, Refused
from circuits.spec.transactions import Deposit, Signature, Transaction, Withdraw
from native.api import BABYJUB_SUBORDER
from native.constants import FR_MODULUS
from native.errors import MalformedError
from tests.circuits.rollup.world import (
    ALICE,
    BOB,
    EMPTY,
    FUNDS_E6,
    KEYS,
    OPERATOR,
    ROLLUP_ID,
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


def unsigned(transaction: Transaction, **changes: object) -> Transaction:
    """A transaction altered after it was signed."""
    return replace(transaction, **changes)  # type: ignore[arg-type]


REFUSED: dict[str, tuple[RefusalCode, Callable[[], Transaction]]] = {
    "amount of 2^63": (RefusalCode.MALFORMED, lambda: transfer(amount_e6=1 << 63)),
    "negative amount": (RefusalCode.MALFORMED, lambda: unsigned(transfer(), amount_e6=-1)),
    "fee of 2^63": (RefusalCode.MALFORMED, lambda: unsigned(transfer(), fee_e6=1 << 63)),
    "amount as text": (RefusalCode.MALFORMED, lambda: unsigned(transfer(), amount_e6="1")),
    "amount as truth": (RefusalCode.MALFORMED, lambda: unsigned(transfer(), amount_e6=True)),
    "nonce of 2^32": (RefusalCode.MALFORMED, lambda: unsigned(transfer(), nonce=1 << 32)),
    "expiry of 2^64": (RefusalCode.MALFORMED, lambda: unsigned(transfer(), expiry_s=1 << 64)),
    "index of 2^32": (RefusalCode.MALFORMED, lambda: unsigned(transfer(), sender_index=1 << 32)),
    "recipient of 161 bits": (
        RefusalCode.MALFORMED,
        lambda: unsigned(withdraw(), recipient=1 << 160),
    ),
    "chain id of 65 bits": (
        RefusalCode.MALFORMED,
        lambda: unsigned(message(), to_chain_id=1 << 64),
    ),
    "gas limit of 65 bits": (RefusalCode.MALFORMED, lambda: unsigned(message(), gas_limit=1 << 64)),
    "payload too long": (RefusalCode.MALFORMED, lambda: unsigned(message(), payload=bytes(65537))),
    "payload as text": (RefusalCode.MALFORMED, lambda: unsigned(message(), payload="hello")),
    "R8 above the modulus": (
        RefusalCode.MALFORMED,
        lambda: unsigned(transfer(), signature=Signature(FR_MODULUS, 1, 1)),
    ),
    "signature of two parts": (
        RefusalCode.MALFORMED,
        lambda: unsigned(transfer(), signature=(1, 2)),
    ),
    "deposit with key (0, 0)": (RefusalCode.MALFORMED, lambda: Deposit(EMPTY, NO_KEY, 1)),
    "key above the modulus": (RefusalCode.MALFORMED, lambda: Deposit(EMPTY, (FR_MODULUS, 1), 1)),
    "no signature": (
        RefusalCode.BAD_SIGNATURE,
        lambda: unsigned(transfer(), signature=Signature(0, 0, 0)),
    ),
    "another's signature": (RefusalCode.BAD_SIGNATURE, lambda: signed(transfer(), BOB)),
    "amount raised after signing": (
        RefusalCode.BAD_SIGNATURE,
        lambda: unsigned(transfer(), amount_e6=101),
    ),
    "receiver changed after signing": (
        RefusalCode.BAD_SIGNATURE,
        lambda: unsigned(transfer(), receiver_index=OPERATOR),
    ),
    "expiry changed after signing": (
        RefusalCode.BAD_SIGNATURE,
        lambda: unsigned(transfer(), expiry_s=START_S + 61),
    ),
    "payload changed after signing": (
        RefusalCode.BAD_SIGNATURE,
        lambda: unsigned(message(), payload=b"hellO"),
    ),
    "signed for another rollup": (
        RefusalCode.BAD_SIGNATURE,
        lambda: transfer().signed(KEYS[ALICE], ROLLUP_ID + 1),
    ),
    "withdrawal made of a transfer": (
        RefusalCode.BAD_SIGNATURE,
        lambda: Withdraw(
            ALICE,
            3,
            0,
            START_S + 60,
            recipient=BOB,
            amount_e6=100,
            signature=transfer().authorization,
        ),
    ),
    "s above the suborder": (
        RefusalCode.BAD_SIGNATURE,
        lambda: unsigned(
            transfer(),
            signature=transfer().authorization._replace(
                s=transfer().authorization.s + BABYJUB_SUBORDER
            ),
        ),
    ),
    "nonce ahead": (RefusalCode.WRONG_NONCE, lambda: transfer(nonce=1)),
    "balance short by one": (
        RefusalCode.INSUFFICIENT_BALANCE,
        lambda: transfer(amount_e6=FUNDS_E6 - 2),
    ),
    "fee alone too high": (
        RefusalCode.INSUFFICIENT_BALANCE,
        lambda: message(fee_e6=FUNDS_E6 + 1),
    ),
    "expired by a second": (RefusalCode.EXPIRED, lambda: transfer(expiry_s=START_S - 1)),
    "to an empty account": (RefusalCode.UNKNOWN_ACCOUNT, lambda: transfer(ALICE, EMPTY)),
    "from an empty account": (
        RefusalCode.UNKNOWN_ACCOUNT,
        lambda: unsigned(transfer(), sender_index=EMPTY),
    ),
    "from outside the tree": (
        RefusalCode.UNKNOWN_ACCOUNT,
        lambda: unsigned(transfer(), sender_index=TINY.max_accounts),
    ),
    "to itself": (RefusalCode.SELF_TRANSFER, lambda: transfer(ALICE, ALICE)),
    "deposit to another's account": (
        RefusalCode.KEY_MISMATCH,
        lambda: Deposit(ALICE, public_key(BOB), 1),
    ),
    "deposit over the bound": (
        RefusalCode.BALANCE_OVERFLOW,
        lambda: deposit(ALICE, MAX_BALANCE_E6 - FUNDS_E6 + 1),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusal(name: str) -> None:
    code, make = REFUSED[name]
    world = World()
    builder = world.builder()
    root = world.tree.root
    with pytest.raises(Refused) as refusal:
        builder.apply(make())
    assert refusal.value.code is code
    assert (code is RefusalCode.MALFORMED) == isinstance(refusal.value, MalformedError)
    assert (world.tree.root, builder.used_slots, builder.fees_e6) == (root, 0, 0)
    builder.apply(transfer())  # and the batch goes on


def refused_code(action: Callable[[], object]) -> RefusalCode:
    with pytest.raises(Refused) as refusal:
        action()
    return refusal.value.code


def test_a_full_batch_refuses() -> None:
    builder = World().builder()
    for nonce in range(TINY.slots):
        builder.apply(transfer(nonce=nonce))
    assert refused_code(lambda: builder.apply(transfer(nonce=2))) is RefusalCode.BATCH_FULL


def test_a_fee_for_an_empty_operator_is_refused() -> None:
    builder = World().builder(operator_index=EMPTY)
    assert refused_code(lambda: builder.apply(transfer())) is RefusalCode.UNKNOWN_OPERATOR
    builder.apply(transfer(fee_e6=0))


def test_the_last_nonce_is_never_used() -> None:
    world = World()
    world.tree.set_account(ALICE, replace(world.tree.account(ALICE), nonce=MAX_NONCE))
    action = world.builder().apply
    assert refused_code(lambda: action(transfer(nonce=MAX_NONCE))) is RefusalCode.NONCE_EXHAUSTED


def test_fees_may_not_overflow_the_operator() -> None:
    world = World()
    rich = replace(world.tree.account(OPERATOR), collateral_e6=MAX_BALANCE_E6 - 5)
    world.tree.set_account(OPERATOR, rich)
    builder = world.builder()
    builder.apply(transfer(fee_e6=5))
    action = transfer(fee_e6=1, nonce=1)
    assert refused_code(lambda: builder.apply(action)) is RefusalCode.BALANCE_OVERFLOW
    assert refused_code(lambda: builder.apply(deposit(OPERATOR, 1))) is RefusalCode.BALANCE_OVERFLOW


@pytest.mark.parametrize(
    ("globals_", "transaction"),
    [
        (Globals(message_count=MAX_NONCE), message()),
        (Globals(message_count=MAX_NONCE), withdraw()),
        (Globals(deposit_count=(1 << 64) - 1), deposit(ALICE)),
    ],
    ids=["messages", "withdrawals", "deposits"],
)
def test_counts_end(globals_: Globals, transaction: Transaction) -> None:
    builder = World().builder(globals_=globals_)
    assert refused_code(lambda: builder.apply(transaction)) is RefusalCode.COUNT_EXHAUSTED


@pytest.mark.parametrize(
    "changes",
    [{"timestamp_s": START_S - 1}, {"timestamp_s": 1 << 64}, {"operator_index": TINY.max_accounts}],
    ids=str,
)
def test_a_batch_with_an_impossible_header_is_not_begun(changes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"timestamp|operator"):
        World().builder(**changes)
