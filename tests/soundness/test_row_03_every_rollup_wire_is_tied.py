"""Row 3: something is assigned but not constrained.

Every wire of valid TINY batches is changed, one at a time, and every hint is lied about with all
that follows recomputed: some constraint notices, whatever the types of the slots.
"""

from __future__ import annotations

import pytest

from circuits.frontend.check import check
from circuits.frontend.check_hints import check_hints
from circuits.spec.transactions import Noop, Transaction
from native.api import fr_to_ints
from tests.circuits.rollup.world import BOB, World, circuit, deposit, message, transfer, withdraw

BATCHES: list[list[Transaction]] = [
    [transfer(), message(nonce=1)],
    [withdraw(), deposit(BOB)],
    [withdraw(), message(nonce=1)],
    [Noop(), deposit(BOB, 0)],
]


@pytest.mark.parametrize(
    "transactions",
    BATCHES,
    ids=["transfer-message", "withdraw-deposit", "withdraw-message", "noop"],
)
def test_no_wire_is_loose(transactions: list[Transaction]) -> None:
    inputs = World().batch(*transactions).named_inputs()
    witness = circuit().witness(circuit().assign(inputs))
    assert check(circuit(), witness) == []
    assert check_hints(circuit(), fr_to_ints(witness), per_place=2) == []
