"""An account is empty only if both coordinates of its key are zero.

Nobody signs for a key with one zero coordinate, but its account is taken: it keeps its key when
somebody else deposits, and it may receive.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from circuits.spec.account import PublicKey
from circuits.spec.transactions import Deposit
from tests.circuits.rollup.forgery import forced
from tests.circuits.rollup.world import ALICE, EMPTY, World, public_key, transfer

HALF_ZERO = [(0, 5), (5, 0)]


def world_with_key(key: PublicKey) -> World:
    world = World()
    account = replace(world.tree.account(EMPTY), public_key=key, collateral_e6=1)
    world.tree.set_account(EMPTY, account)
    return world


@pytest.mark.parametrize("key", HALF_ZERO, ids=str)
def test_it_can_be_opened_by_a_deposit(key: PublicKey) -> None:
    assert forced(World(), Deposit(EMPTY, key, 1)) == ""
    assert forced(world_with_key(key), Deposit(EMPTY, key, 1)) == ""


@pytest.mark.parametrize("key", HALF_ZERO, ids=str)
def test_it_is_not_taken_over_by_another_deposit(key: PublicKey) -> None:
    taken = forced(world_with_key(key), Deposit(EMPTY, public_key(ALICE), 1))
    assert taken == "slot[0]/rules/deposit"


@pytest.mark.parametrize("key", HALF_ZERO, ids=str)
def test_it_receives_transfers_and_fees(key: PublicKey) -> None:
    assert forced(world_with_key(key), transfer(ALICE, EMPTY)) == ""
    assert forced(world_with_key(key), transfer(), operator_index=EMPTY) == ""
