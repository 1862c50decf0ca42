"""The public fields of a slot as wires: widths, unused fields, packing.

The packed words are drawn in `circuits.spec.slot_data`; shifts and widths come from there.
"""

from __future__ import annotations

from dataclasses import dataclass

from circuits.frontend import Builder, Wire
from circuits.gadgets.range_check import assert_in_range
from circuits.rollup.types import any_of, type_number, types_that_use
from circuits.spec.slot_data import (
    A_INDEX_SHIFT,
    AMOUNT_SHIFT,
    B_INDEX_SHIFT,
    CHAIN_ID_SHIFT,
    FEE_SHIFT,
    FIELD_BITS,
    GAS_LIMIT_SHIFT,
)


@dataclass(frozen=True)
class SlotDataWires:
    """As `circuits.spec.slot_data.SlotFields`; `type` holds a flag for each type."""

    type: list[Wire]
    a_index: Wire
    b_index: Wire
    amount_e6: Wire
    fee_e6: Wire
    key_x: Wire
    key_y: Wire
    address: Wire
    chain_id: Wire
    hash_hi: Wire
    gas_limit: Wire
    hash_lo: Wire


INDEX_FIELDS = ("a_index", "b_index")
KEY_FIELDS = ("key_x", "key_y")


def assert_unique_encoding(b: Builder, data: SlotDataWires) -> None:
    """Every packed field has its width, and every field that the type does not use is zero.

    Preconditions: the type flags are constrained; indices are sums of constrained path bits, of
    which there are at most 32, so they need no range check. Keys are whole field elements.
    """
    for name, bits in FIELD_BITS.items():
        if name not in INDEX_FIELDS:
            assert_in_range(b, getattr(data, name), bits)
    for name in (*FIELD_BITS, *KEY_FIELDS):
        is_used = any_of(b, data.type, types_that_use(name))
        b.assert_product(1 - is_used, getattr(data, name), 0)


def words(b: Builder, data: SlotDataWires) -> list[Wire]:
    """The four public elements e0 … e3. Free.

    Key and packed fields share e1 and e2; one of them is zero whatever the type.
    """
    e0 = b.linear(
        [1, 1 << A_INDEX_SHIFT, 1 << B_INDEX_SHIFT, 1 << AMOUNT_SHIFT, 1 << FEE_SHIFT],
        [type_number(b, data.type), data.a_index, data.b_index, data.amount_e6, data.fee_e6],
    )
    e1 = b.linear([1, 1, 1 << CHAIN_ID_SHIFT], [data.key_x, data.address, data.chain_id])
    e2 = b.linear([1, 1, 1 << GAS_LIMIT_SHIFT], [data.key_y, data.hash_hi, data.gas_limit])
    return [e0, e1, e2, data.hash_lo]
