"""A dishonest prover who edits the inputs of a valid batch, and makes C, z and y fit again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from circuits.spec.transactions import Noop, Transaction
from native.constants import FR_MODULUS
from tests.circuits.rollup.forgery import (
    Inputs,
    both,
    bump,
    edited,
    forced_builder,
    put,
    rebind,
    violation,
)
from tests.circuits.rollup.world import (
    ALICE,
    BOB,
    START_S,
    World,
    deposit,
    message,
    transfer,
    withdraw,
)

MAX_COUNT = (1 << 32) - 1


def test_an_edit_that_changes_nothing_is_accepted() -> None:
    assert edited(put("slot[0].expiry_s", START_S + 60)) == ""


def test_the_operator_gets_the_fees_and_not_more() -> None:
    builder = forced_builder(World(), transfer())
    builder.fees_e6 += 1
    assert violation(builder.seal()) == "operator"


@pytest.mark.parametrize(
    "claim",
    [
        {"message_count_after": 0},
        {"message_count_after": 2},
        {"deposit_count_after": 4},
        {"deposit_count_after": 6},
        {"message_count_before": 1, "message_count_after": 2},
        {"batch_number": 4},
        {"timestamp_s": START_S + 1},
        {"operator_index": BOB},
        {"old_state_root": 1},
        {"new_state_root": 1},
    ],
    ids=str,
)
def test_a_header_that_claims_something_else(claim: dict[str, int]) -> None:
    """C, z and y are those of the claim; the circuit computes its own header."""
    batch = World().batch(message(), deposit(ALICE))
    assert batch.header.message_count_after == 1
    assert (batch.header.deposit_count_before, batch.header.deposit_count_after) == (4, 5)
    claimed = replace(batch, header=replace(batch.header, **claim))
    public = zip(("commitment", "challenge", "evaluation"), claimed.public_inputs, strict=True)
    inputs = batch.named_inputs() | {name: [value] for name, value in public}
    assert violation(inputs) == "public_data/commitment"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_withdrawal_counts_as_a_message_no_more_and_no_less(count: int) -> None:
    """A leaf that the header leaves out would strand the money, one too many would mint it."""
    batch = World().batch(withdraw(), message(nonce=1))
    assert (batch.header.message_count_before, batch.header.message_count_after) == (0, 2)
    assert violation(batch) == ""
    claimed = replace(batch, header=replace(batch.header, message_count_after=count))
    public = zip(("commitment", "challenge", "evaluation"), claimed.public_inputs, strict=True)
    inputs = batch.named_inputs() | {name: [value] for name, value in public}
    assert violation(inputs) == "public_data/commitment"


@pytest.mark.parametrize("miscounted", [-1, 1, 2])
def test_a_state_root_over_another_count_is_refused(miscounted: int) -> None:
    """The count of the header is also the one of the state that the batch reaches."""
    builder = forced_builder(World(), withdraw())
    builder.message_count += miscounted
    assert violation(builder.seal()) == "public_data/commitment"


EDITS: dict[str, tuple[str, Callable[[Inputs], None]]] = {
    "root before": ("slot[0]/sender", bump("account_root_before")),
    "middle root": ("slot[0]/sender", bump("slot[0].middle_root")),
    "root between slots": ("slot[0]/receiver", bump("slot[0].root_after")),
    "root after the last slot": ("slot[1]/receiver", bump("slot[1].root_after")),
    "root after the operator": ("operator", bump("account_root_after")),
    "sibling of the sender": ("slot[0]/sender", bump("slot[0].sender.siblings", 2)),
    "sibling of the receiver": ("slot[0]/receiver", bump("slot[0].receiver.siblings", 4)),
    "sibling of the operator": ("operator", bump("operator.siblings")),
    "sender's balance": ("slot[0]/sender", bump("slot[0].sender.account", 3)),
    "receiver's balance": ("slot[0]/receiver", bump("slot[0].receiver.account", 3)),
    "receiver's positions": ("slot[0]/receiver", bump("slot[0].receiver.account", 4)),
    "receiver's orders": ("slot[0]/receiver", bump("slot[0].receiver.account", 5)),
    "operator's balance": ("operator", bump("operator.account", 3)),
    "operator's index": ("operator", put("operator.index_bits", 0)),
    "no type": ("slot[0]/data", put("slot[0].type", 0, 2)),
    "two types": ("slot[0]/data", put("slot[0].type", 1, 3)),
    "type flags 2 and -1": (
        "slot[0]/data",
        both(put("slot[0].type", 2, 2), put("slot[0].type", -1, 3)),
    ),
    "timestamps decrease": (
        "globals/assert_less_or_equal",
        put("previous_timestamp_s", START_S + 1),
    ),
    "timestamp of 65 bits": (
        "public_data/assert_in_range",
        put("timestamp_s", 1 << 64),
    ),
    "message count of 33 bits": (
        "public_data/assert_in_range",
        put("message_count_before", MAX_COUNT),
    ),
}


UNTIMED = {"timestamp of 65 bits": (Noop(), Noop())}  # no expiry that would fail first


@pytest.mark.parametrize("name", EDITS)
def test_edited_input(name: str) -> None:
    scope, edit = EDITS[name]
    assert edited(edit, *UNTIMED.get(name, ())).startswith(scope)


def test_an_index_bit_is_a_bit() -> None:
    """Among equal siblings a blend of positions gives the same root, and 2 - 2 is index 0 too."""
    inputs = World(funded=False).batch().named_inputs()
    both(put("slot[0].receiver.index_bits", 2), put("slot[0].receiver.index_bits", -1, 1))(inputs)
    assert violation(rebind(inputs)) == "slot[0]/receiver"


def test_a_type_flag_is_a_bit() -> None:
    """Noop + withdraw - message: signed by nobody, with the recipient of a withdrawal."""
    flags = zip((1, 0, 0, 1, -1), range(5), strict=True)
    edit = both(*(put("slot[1].type", flag, place) for flag, place in flags))
    assert edited(edit, message(), Noop()) == "slot[1]/data"


def test_a_slot_has_one_type() -> None:
    assert edited(put("slot[0].type", 1, 0), transfer()) == "slot[0]/data"
    assert edited(put("slot[0].type", 0, 0), Noop()) == "slot[0]/data"


def test_an_expiry_that_nobody_signed_has_its_width_too() -> None:
    edit = put("slot[1].expiry_s", 1 << 64)
    assert edited(edit, transfer(), Noop()).startswith("slot[1]/authorization/assert_in_range")


NOOP_FIELDS = ("amount_e6", "fee_e6", "key_x", "key_y", "address", "chain_id", "hash_hi")


@pytest.mark.parametrize("field", [*NOOP_FIELDS, "gas_limit", "hash_lo"])
def test_a_noop_has_no_field(field: str) -> None:
    assert edited(bump(f"slot[1].{field}"), transfer(), Noop()).startswith("slot[1]/data")


UNUSED = [
    (deposit(ALICE), ("fee_e6", "address", "chain_id", "hash_hi", "gas_limit", "hash_lo")),
    (transfer(), ("key_x", "key_y", "address", "chain_id", "hash_hi", "gas_limit", "hash_lo")),
    (withdraw(), ("key_x", "key_y", "chain_id", "hash_hi", "gas_limit", "hash_lo")),
    (message(), ("amount_e6", "key_x", "key_y")),
]


@pytest.mark.parametrize(
    ("transaction", "field"),
    [(transaction, field) for transaction, fields in UNUSED for field in fields],
    ids=lambda value: value if isinstance(value, str) else value.type.name.lower(),
)
def test_an_unused_field_is_zero(transaction: Transaction, field: str) -> None:
    assert edited(bump(f"slot[0].{field}"), transaction).startswith("slot[0]/data")


WIDTHS = {
    "amount_e6": 63,
    "fee_e6": 63,
    "address": 160,
    "chain_id": 64,
    "hash_hi": 128,
    "gas_limit": 64,
    "hash_lo": 128,
}


@pytest.mark.parametrize("field", WIDTHS)
@pytest.mark.parametrize("value", ["2^width", "r - 1"])
def test_a_packed_field_has_its_width(field: str, value: str) -> None:
    number = 1 << WIDTHS[field] if value == "2^width" else FR_MODULUS - 1
    scope = edited(put(f"slot[0].{field}", number), message())
    assert scope.startswith("slot[0]/data/assert_in_range"), scope


def test_an_unused_index_is_zero() -> None:
    """A withdrawal that also names (and leaves unchanged) account BOB."""
    world = World()
    batch = world.batch(withdraw())
    honest = batch.slots[0]
    after = world.tree
    moved = replace(
        honest,
        fields=replace(honest.fields, b_index=BOB),
        receiver=replace(
            honest.receiver, index=BOB, account=after.account(BOB), path=after.path(BOB)
        ),
    )
    forged = replace(batch, slots=(moved, batch.slots[1]))
    assert violation(rebind(forged.named_inputs())) == "slot[0]/data"
