"""What a transaction type may add to the statement that all slots share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from circuits.frontend import Builder, Wire
from circuits.rollup.account import AccountWires
from circuits.rollup.slot_data import SlotDataWires


@dataclass(frozen=True)
class SlotView:
    """What a rule sees of a slot. `receiver` is account B before the slot (after account A's)."""

    data: SlotDataWires
    receiver: AccountWires
    receiver_exists: Wire


Rule = Callable[[Builder, Wire, SlotView], None]
"""rule(b, enabled, slot): constraints that hold if `enabled`, the type's flag, is 1."""
