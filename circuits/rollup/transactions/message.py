"""Message: nothing beyond the constraints of every slot.

It is signed and has no amount, so account A pays the fee; the contract checks the payload against
the two posted halves of its hash and appends the message that the posted fields describe.
"""

from __future__ import annotations

from circuits.frontend import Builder, Wire
from circuits.rollup.transactions.rule import SlotView


def constrain(b: Builder, enabled: Wire, slot: SlotView) -> None:
    """No further constraint."""
