"""Noop: nothing beyond the constraints of every slot.

It uses no field, so all are zero; it is not signed and credits nobody, so both accounts stay.
"""

from __future__ import annotations

from circuits.frontend import Builder, Wire
from circuits.rollup.transactions.rule import SlotView


def constrain(b: Builder, enabled: Wire, slot: SlotView) -> None:
    """No further constraint."""
