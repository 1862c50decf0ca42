"""Row 7: a signed transaction counts twice.

Refused by the specification and unsatisfiable in the circuit: in one batch, across batches, from
another account of the same key, and as another type.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from circuits.spec.refusal import RefusalCode, Refused
from circuits.spec.transactions import Deposit, SignedTransaction, Transaction, Withdraw
from tests.circuits.rollup.forgery import forced
from tests.circuits.rollup.world import (
    ALICE,
    BOB,
    EMPTY,
    World,
    message,
    public_key,
    transfer,
    withdraw,
)

SIGNED = [transfer(), withdraw(), message()]
NAMES = ["transfer", "withdraw", "message"]
SIGNATURE_SCOPE = "slot[{}]/authorization/assert_valid"


def refusal(world: World, *transactions: Transaction) -> RefusalCode:
    """Why the last transaction is refused; the others are accepted."""
    builder = world.builder()
    *before, last = transactions
    for transaction in before:
        builder.apply(transaction)
    with pytest.raises(Refused) as refused:
        builder.apply(last)
    return refused.value.code


@pytest.mark.parametrize("transaction", SIGNED, ids=NAMES)
def test_twice_in_one_batch(transaction: SignedTransaction) -> None:
    assert refusal(World(), transaction, transaction) is RefusalCode.WRONG_NONCE
    assert forced(World(), transaction, transaction).startswith(SIGNATURE_SCOPE.format(1))


@pytest.mark.parametrize("transaction", SIGNED, ids=NAMES)
def test_in_two_batches(transaction: SignedTransaction) -> None:
    world = World()
    world.batch(transaction)
    assert refusal(world, transaction) is RefusalCode.WRONG_NONCE
    assert forced(world, transaction).startswith(SIGNATURE_SCOPE.format(0))


def test_from_another_account_of_the_same_key() -> None:
    world = World()
    world.batch(Deposit(EMPTY, public_key(ALICE), 1000))
    replayed = replace(transfer(), sender_index=EMPTY)
    assert refusal(world, replayed) is RefusalCode.BAD_SIGNATURE
    assert forced(world, replayed).startswith(SIGNATURE_SCOPE.format(0))


def test_as_another_type() -> None:
    """A transfer's signature on a withdrawal with equal fields."""
    signature = transfer(receiver=BOB).authorization
    members = {"sender_index": ALICE, "fee_e6": 3, "nonce": 0, "expiry_s": transfer().expiry_s}
    replayed = Withdraw(**members, recipient=BOB, amount_e6=100, signature=signature)
    assert refusal(World(), replayed) is RefusalCode.BAD_SIGNATURE
    assert forced(World(), replayed).startswith(SIGNATURE_SCOPE.format(0))
