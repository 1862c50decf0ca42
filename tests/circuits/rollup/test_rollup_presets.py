"""The larger presets: full batches of all types satisfy them, and a slot costs what is promised."""

from __future__ import annotations

import pytest

from circuits.frontend.stats import by_scope
from circuits.spec.params import MAINNET, SMALL, Preset
from circuits.spec.transactions import Deposit, Transaction
from tests.circuits.rollup.forgery import violation
from tests.circuits.rollup.world import (
    ALICE,
    BOB,
    OPERATOR,
    World,
    circuit,
    deposit,
    message,
    public_key,
    transfer,
    withdraw,
)

MAX_CONSTRAINTS_A_SLOT = 25_000


def mixed(preset: Preset) -> list[Transaction]:
    """A transaction of every type, over and over, until the batch is full."""
    last = preset.max_accounts - 1
    some: list[Transaction] = [Deposit(last, public_key(BOB), 70), transfer(BOB, last)]
    for i in range(0, preset.slots, 4):
        some += [
            withdraw(ALICE, nonce=i // 4 * 2),
            message(ALICE, nonce=i // 4 * 2 + 1, payload=bytes(i)),
            deposit(OPERATOR, i),
            transfer(OPERATOR, BOB, nonce=i // 4),
        ]
    return some[: preset.slots]


@pytest.mark.parametrize("preset", [SMALL, MAINNET], ids=lambda preset: preset.name)
def test_a_full_batch(preset: Preset) -> None:
    batch = World(preset).batch(*mixed(preset))
    assert violation(batch) == ""
    forged = batch.named_inputs()
    forged[f"slot[{preset.slots - 1}].root_after"][0] ^= 1
    assert violation(forged, preset).startswith(f"slot[{preset.slots - 1}]")


def test_a_mainnet_slot_is_cheap_enough() -> None:
    """Slots alone, and with their share of the operator's credit and of the public data."""
    whole = by_scope(circuit(MAINNET))
    slots = whole.children["slot"]
    assert slots.count == MAINNET.slots
    assert slots.total < whole.total <= MAINNET.slots * MAX_CONSTRAINTS_A_SLOT
