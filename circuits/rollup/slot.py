"""One slot: any transaction between two account roots.

    root_before ──[account A: sender]──> middle_root ──[account B: receiver]──> root_after

All types share one statement, and the type's flag switches what differs:

* the fields that the type uses say what is zero                     (spec: Transaction.used)
* a signed type authorizes with A's key and debits A amount + fee    (spec: Transaction.is_signed)
* a crediting type credits B the amount                       (spec: Transaction.credits_receiver)
* a sending type takes the next message index                    (spec: Transaction.sends_message)
* each type's own rule                                               (transactions/<type>.py)

A half that the type does not use still proves the path of an account (index 0, as unused indices
are zero) and leaves the account as it is, so its root does not move. Nothing is switched off there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from circuits.frontend import Builder, Wire, template
from circuits.gadgets.bits import from_bits
from circuits.gadgets.range_check import assert_in_range
from circuits.rollup.account import (
    AccountWires,
    OpeningWires,
    assert_update,
    exists,
    private_opening,
)
from circuits.rollup.inputs import PACKED_FIELDS
from circuits.rollup.slot_data import SlotDataWires, assert_unique_encoding, words
from circuits.rollup.transactions import RULES, SlotView, deposit
from circuits.rollup.transactions.signed import (
    AuthorizationWires,
    assert_authorized,
    sender_after,
)
from circuits.rollup.types import (
    any_of,
    assert_one_type,
    crediting_types,
    sending_types,
    signed_types,
)
from circuits.spec.params import AMOUNT_BITS, Preset
from circuits.spec.types import TransactionType


@dataclass(frozen=True)
class SlotInputs:
    """The private inputs of one slot; `packed` follows `circuits.rollup.inputs.PACKED_FIELDS`."""

    type: list[Wire]
    packed: list[Wire]
    authorization: AuthorizationWires
    sender: OpeningWires
    receiver: OpeningWires
    middle_root: Wire
    root_after: Wire


@dataclass(frozen=True)
class SlotResult:
    """What the batch needs of a slot."""

    words: list[Wire]
    fee_e6: Wire
    sends_message: Wire
    is_deposit: Wire


def private_slot(b: Builder, name: str, preset: Preset) -> SlotInputs:
    """Declare the inputs of one slot, in the order of `BatchInputs.named_inputs`."""
    return SlotInputs(
        type=b.private_inputs(f"{name}.type", len(TransactionType)),
        packed=[b.private_input(f"{name}.{field}") for field in PACKED_FIELDS],
        authorization=AuthorizationWires(
            b.private_input(f"{name}.expiry_s"), *b.private_inputs(f"{name}.signature", 3)
        ),
        sender=private_opening(b, f"{name}.sender", preset.tree_depth),
        receiver=private_opening(b, f"{name}.receiver", preset.tree_depth),
        middle_root=b.private_input(f"{name}.middle_root"),
        root_after=b.private_input(f"{name}.root_after"),
    )


@template
def slot(
    b: Builder, rollup_id: Wire, timestamp_s: Wire, root_before: Wire, inputs: SlotInputs
) -> SlotResult:
    """`inputs` is one transaction that leads from `root_before` to `inputs.root_after`.

    Preconditions: timestamp_s has 64 bits; rollup_id is public.
    """
    flags = inputs.type
    with b.scope("data"):
        assert_one_type(b, flags)
        data = _data(b, inputs)
        assert_unique_encoding(b, data)
        slot_words = words(b, data)
    is_signed = any_of(b, flags, signed_types())
    with b.scope("authorization"):
        assert_authorized(
            b,
            is_signed,
            inputs.sender.account,
            slot_words,
            inputs.authorization,
            rollup_id,
            timestamp_s,
        )
    with b.scope("sender"):
        debit_e6 = is_signed * (data.amount_e6 + data.fee_e6)
        after = sender_after(b, is_signed, inputs.sender.account, debit_e6)
        assert_update(b, inputs.sender, after, root_before, inputs.middle_root)
    with b.scope("receiver"):
        after = _receiver_after(b, data, inputs.receiver.account)
        assert_update(b, inputs.receiver, after, inputs.middle_root, inputs.root_after)
    with b.scope("rules"):
        receiver = inputs.receiver.account
        view = SlotView(data, receiver, exists(b, receiver))
        for kind, rule in RULES.items():
            with b.scope(kind.name.lower()):
                rule(b, flags[kind], view)
    sends_message = any_of(b, flags, sending_types())
    return SlotResult(slot_words, data.fee_e6, sends_message, flags[TransactionType.DEPOSIT])


def _data(b: Builder, inputs: SlotInputs) -> SlotDataWires:
    """The public fields. The indices are those of the openings: no second copy to compare."""
    indices = {
        "a_index": from_bits(b, inputs.sender.index_bits),
        "b_index": from_bits(b, inputs.receiver.index_bits),
    }
    packed = dict(zip(PACKED_FIELDS, inputs.packed, strict=True))
    return SlotDataWires(type=inputs.type, **indices, **packed)


def _receiver_after(b: Builder, data: SlotDataWires, receiver: AccountWires) -> AccountWires:
    """Account B after the slot; its balance must stay in range."""
    is_credited = any_of(b, data.type, crediting_types())
    key_x, key_y = deposit.key_after(b, data.type[TransactionType.DEPOSIT], data, receiver)
    balance_e6 = receiver.collateral_e6 + is_credited * data.amount_e6
    assert_in_range(b, balance_e6, AMOUNT_BITS)
    return replace(receiver, key_x=key_x, key_y=key_y, collateral_e6=balance_e6)
