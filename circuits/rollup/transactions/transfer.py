"""Transfer: the constraints beyond those of every slot."""

from __future__ import annotations

from circuits.frontend import Builder, Wire
from circuits.gadgets.compare import is_equal
from circuits.rollup.transactions.rule import SlotView


def constrain(b: Builder, enabled: Wire, slot: SlotView) -> None:
    """If enabled: account B exists and is not account A."""
    b.assert_product(enabled, 1 - slot.receiver_exists, 0)
    b.assert_product(enabled, is_equal(b, slot.data.a_index, slot.data.b_index), 0)
