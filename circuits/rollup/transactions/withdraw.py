"""Withdraw: nothing beyond the constraints of every slot.

It is signed, so account A pays amount and fee; it credits no account of the rollup, so account B
stays, and the contract lets the posted address claim the posted amount.
"""

from __future__ import annotations

from circuits.frontend import Builder, Wire
from circuits.rollup.transactions.rule import SlotView


def constrain(b: Builder, enabled: Wire, slot: SlotView) -> None:
    """No further constraint."""
