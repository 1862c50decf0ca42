"""Forged batches that keep every rule but one: a single kind of constraint refuses each."""

from __future__ import annotations

from circuits.spec.transactions import SignedTransaction
from circuits.spec.types import TransactionType
from native.api import eddsa_sign, poseidon
from native.constants import FR_MODULUS
from tests.circuits.rollup.forgery import Inputs, forced, rebind
from tests.circuits.rollup.world import (
    ALICE,
    KEYS,
    ROLLUP_ID,
    World,
    circuit,
    message,
    transfer,
    withdraw,
)
from tests.dishonest_prover import violations


def broken(inputs: Inputs) -> list[str]:
    compiled = circuit()
    return violations(compiled, compiled.witness(compiled.assign(inputs)))


def signature_over_type(transaction: SignedTransaction, kind: TransactionType) -> list[int]:
    """Alice signs the words of her transaction with another type number in them."""
    e0, e1, e2, e3 = transaction.slot_data()
    e0 += kind - transaction.type
    terms = transaction.nonce | transaction.expiry_s << 32
    return list(eddsa_sign(KEYS[ALICE], poseidon(ROLLUP_ID, e0, terms, e1, e2, e3)))


def test_a_blend_of_types_is_refused_by_the_flags_being_bits() -> None:
    """Two withdrawals less a message make the type number of a transfer, with the recipient of a
    withdrawal in it, and count as one message. All sums over the flags are bits again."""
    world = World()
    world.batch(message())
    posted = withdraw(amount_e6=0, nonce=1)
    inputs = world.batch(posted).named_inputs()
    assert inputs["slot[0].type"] == [0, 0, 0, 1, 0]
    assert broken(inputs) == []
    inputs["slot[0].type"] = [0, 0, 0, 2, FR_MODULUS - 1]
    inputs["slot[0].signature"] = signature_over_type(posted, TransactionType.TRANSFER)
    assert broken(rebind(inputs)) == ["slot[0]/data"] * 2


def test_an_expiry_just_above_its_width_is_refused_by_its_range_alone() -> None:
    """The time left, 2^64 - now, is still in range."""
    assert forced(World(), transfer(expiry_s=(1 << 64) - 1)) == ""
    inputs = forged_expiry()
    [scope] = broken(inputs)
    assert scope.startswith("slot[0]/authorization/assert_in_range")


def forged_expiry() -> Inputs:
    world = World()
    late = transfer(expiry_s=1 << 64)
    inputs = world.batch(transfer()).named_inputs()
    inputs["slot[0].expiry_s"] = [late.expiry_s]
    inputs["slot[0].signature"] = list(late.authorization)
    return rebind(inputs)
