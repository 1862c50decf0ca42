"""Row 31: value appears from nowhere.

Over random batches, the sum of all collateral rises by the deposits and falls by the withdrawals,
exactly; fees only move. Forced execution finds no way around it that the circuit accepts.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuits.spec.refusal import Refused
from circuits.spec.types import TransactionType
from tests.circuits.rollup.forgery import ForgingBuilder, violation
from tests.circuits.rollup.world import (
    ALICE,
    BOB,
    CAROL,
    EMPTY,
    OPERATOR,
    World,
    deposit,
    message,
    transfer,
    withdraw,
)


def total(world: World) -> int:
    """Σ collateral of all accounts."""
    return sum(account.collateral_e6 for account in world.tree.accounts().values())


def flow(world: World) -> int:
    """Deposits less withdrawals of the last batch, as posted."""
    fields = [slot.fields for slot in world.batches[-1].slots]
    sign = {TransactionType.DEPOSIT: 1, TransactionType.WITHDRAW: -1}
    return sum(sign.get(slot.type, 0) * slot.amount_e6 for slot in fields)


def attempts(world: World, random_: random.Random) -> list[object]:
    """Transactions of every type; many will be refused."""
    sender, receiver = random_.choices([ALICE, BOB, CAROL, OPERATOR, EMPTY], k=2)
    sender = min(sender, OPERATOR)
    amount_e6 = random_.choice([0, 1, 999_997, 10**6, 1 << 62, random_.randrange(10**6)])
    terms = {"nonce": world.nonce(sender), "fee_e6": random_.choice([0, 1, 17, 10**6])}
    return [
        deposit(min(receiver, OPERATOR), amount_e6),
        transfer(sender, receiver, amount_e6=amount_e6, **terms),
        withdraw(sender, amount_e6=amount_e6, **terms),
        message(sender, **terms),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_the_sum_changes_only_by_deposits_and_withdrawals(seed: int) -> None:
    world, random_, accepted = World(), random.Random(seed), 0
    for _ in range(25):
        before, builder = total(world), world.builder()
        while not builder.is_full:
            try:
                builder.apply(random_.choice(attempts(world, random_)))
                accepted += 1
            except Refused:
                continue
        world.seal(builder)
        assert total(world) - before == flow(world)
    assert accepted == 50


@settings(max_examples=40, derandomize=True)
@given(seed=st.integers(0, 1 << 32))
def test_what_the_circuit_accepts_keeps_the_sum(seed: int) -> None:
    """Rules ignored: either the circuit refuses, or nothing was minted."""
    world, random_ = World(), random.Random(seed)
    before, builder = total(world), world.builder(ForgingBuilder)
    for _ in range(world.preset.slots):
        builder.apply(random_.choice(attempts(world, random_)))
    batch = world.seal(builder)
    assert violation(batch) or total(world) - before == flow(world)
