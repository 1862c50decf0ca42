"""Withdraw: nothing beyond the constraints of every slot.

It is signed, so account A pays amount and fee; it credits no account of the rollup, so account B
stays. It counts as a message: the contract appends the one that pays the posted amount to the
posted address.
"""

from __future__ import annotations

from circuits.frontend import Builder, Wire
from circuits.rollup.transactions.rule import SlotView


def constrain(b: Builder, enabled: Wire, slot: SlotView) -> None:
    """No further constraint."""
