"""A batch on plain integers: effects, refusals, and a state untouched by a refusal."""

from __future__ import annotations

import json

from circuits.rollup.inputs import BatchInputs
from circuits.spec.account import Account
from circuits.spec.globals import genesis_state_root
from circuits.spec.params import TINY
from tests.circuits.rollup.world import (
    ALICE,
    FUNDS_E6,
    OPERATOR,
    World,
    deposit,
    message,
    public_key,
    transfer,
    withdraw,
)


def test_a_fee_reaches_the_operator_at_the_end() -> None:
    world = World(funded=False)
    one = world.batch(deposit(ALICE, 100), deposit(OPERATOR, 0))
    two = world.batch(transfer(ALICE, OPERATOR, amount_e6=30, fee_e6=2))
    assert one.old_root == genesis_state_root(TINY.tree_depth)
    assert two.old_root == one.new_root != two.new_root
    balances = [world.tree.account(index).collateral_e6 for index in (ALICE, OPERATOR)]
    assert balances == [68, 32]
    assert BatchInputs.from_json(json.loads(json.dumps(two.to_json()))) == two


def test_everything_can_be_spent() -> None:
    world = World()
    world.batch(withdraw(amount_e6=FUNDS_E6 - 3, fee_e6=3))
    assert world.tree.account(ALICE) == Account(public_key(ALICE), nonce=1, collateral_e6=0)


def test_payloads_come_in_the_order_of_their_slots() -> None:
    batch = World().batch(message(payload=b"one"), message(nonce=1, payload=b"two"))
    assert batch.payloads == (b"one", b"two")
    assert World().batch(transfer()).payloads == ()
