"""Deposit: the constraints beyond those of every slot.

A deposit that changed a key would hand an account to somebody else; a deposit with the key (0, 0)
would credit an account that counts as empty, for the next depositor to take.
"""

from __future__ import annotations

from circuits.frontend import Builder, Wire
from circuits.gadgets.is_zero import is_zero
from circuits.rollup.account import AccountWires
from circuits.rollup.slot_data import SlotDataWires
from circuits.rollup.transactions.rule import SlotView


def constrain(b: Builder, enabled: Wire, slot: SlotView) -> None:
    """If enabled: the key is not (0, 0), and account B is empty or has that key."""
    key_is_zero = is_zero(b, slot.data.key_x) * is_zero(b, slot.data.key_y)
    b.assert_product(enabled, key_is_zero, 0)
    must_match = enabled * slot.receiver_exists
    b.assert_product(must_match, slot.data.key_x - slot.receiver.key_x, 0)
    b.assert_product(must_match, slot.data.key_y - slot.receiver.key_y, 0)


def key_after(
    b: Builder, enabled: Wire, data: SlotDataWires, receiver: AccountWires
) -> tuple[Wire, Wire]:
    """Account B's key after the slot: the depositor's if enabled, else as before."""
    return (
        receiver.key_x + enabled * (data.key_x - receiver.key_x),
        receiver.key_y + enabled * (data.key_y - receiver.key_y),
    )
