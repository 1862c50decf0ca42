"""The public data of one slot: four field elements, every unused bit zero.

    e0   bits   0 …   7  type
         bits   8 …  39  a_index      (sender)
         bits  40 …  71  b_index      (receiver)
         bits  72 … 135  amount_e6    (< 2^63)
         bits 136 … 199  fee_e6       (< 2^63)
    e1   deposit:   key_x, a whole field element
         otherwise: bits   0 … 159  address    bits 160 … 223  chain_id
    e2   deposit:   key_y, a whole field element
         otherwise: bits   0 … 127  hash_hi    bits 128 … 191  gas_limit
    e3   bits   0 … 127  hash_lo

    type      a_index  b_index  amount  fee   e1                     e2                   e3
    noop
    deposit            account  x             key_x                  key_y
    transfer  sender   account  x       x
    withdraw  sender            x       x     address = recipient
    message   sender                    x     address = to,          hash_hi, gas_limit   hash_lo
                                              chain_id = to_chain_id

hash_hi and hash_lo are the halves of keccak256(payload). A field that a type does not use is zero,
so a slot has exactly one encoding.
"""

from __future__ import annotations

from dataclasses import dataclass

from circuits.spec.params import (
    ADDRESS_BITS,
    AMOUNT_BITS,
    CHAIN_ID_BITS,
    GAS_LIMIT_BITS,
    HASH_HALF_BITS,
    INDEX_BITS,
    TYPE_BITS,
    WORD_AMOUNT_BITS,
)
from circuits.spec.types import TransactionType

Words = tuple[int, int, int, int]

A_INDEX_SHIFT = TYPE_BITS
B_INDEX_SHIFT = A_INDEX_SHIFT + INDEX_BITS
AMOUNT_SHIFT = B_INDEX_SHIFT + INDEX_BITS
FEE_SHIFT = AMOUNT_SHIFT + WORD_AMOUNT_BITS
CHAIN_ID_SHIFT = ADDRESS_BITS
GAS_LIMIT_SHIFT = HASH_HALF_BITS

FIELD_BITS = {
    "a_index": INDEX_BITS,
    "b_index": INDEX_BITS,
    "amount_e6": AMOUNT_BITS,
    "fee_e6": AMOUNT_BITS,
    "address": ADDRESS_BITS,
    "chain_id": CHAIN_ID_BITS,
    "hash_hi": HASH_HALF_BITS,
    "gas_limit": GAS_LIMIT_BITS,
    "hash_lo": HASH_HALF_BITS,
}
"""The width of every packed field; key_x and key_y are whole field elements."""


@dataclass(frozen=True)
class SlotFields:
    """The fields of a slot, unpacked."""

    type: TransactionType = TransactionType.NOOP
    a_index: int = 0
    b_index: int = 0
    amount_e6: int = 0
    fee_e6: int = 0
    key_x: int = 0
    key_y: int = 0
    address: int = 0
    chain_id: int = 0
    hash_hi: int = 0
    gas_limit: int = 0
    hash_lo: int = 0

    def words(self) -> Words:
        """The four elements. Key and packed fields never share a slot, so adding them selects."""
        e0 = (
            self.type
            | self.a_index << A_INDEX_SHIFT
            | self.b_index << B_INDEX_SHIFT
            | self.amount_e6 << AMOUNT_SHIFT
            | self.fee_e6 << FEE_SHIFT
        )
        e1 = self.key_x + (self.address | self.chain_id << CHAIN_ID_SHIFT)
        e2 = self.key_y + (self.hash_hi | self.gas_limit << GAS_LIMIT_SHIFT)
        return e0, e1, e2, self.hash_lo


def unpack(words: Words) -> SlotFields | None:
    """The fields behind four elements, or None when no fields pack to them.

    Whether the type uses the fields that are not zero is for the transactions to say.
    """
    e0, e1, e2, e3 = words
    number = _bits(e0, 0, TYPE_BITS)
    if number not in set(TransactionType):
        return None
    is_deposit = number == TransactionType.DEPOSIT
    fields = SlotFields(
        type=TransactionType(number),
        a_index=_bits(e0, A_INDEX_SHIFT, INDEX_BITS),
        b_index=_bits(e0, B_INDEX_SHIFT, INDEX_BITS),
        amount_e6=_bits(e0, AMOUNT_SHIFT, AMOUNT_BITS),
        fee_e6=_bits(e0, FEE_SHIFT, AMOUNT_BITS),
        key_x=e1 if is_deposit else 0,
        key_y=e2 if is_deposit else 0,
        address=0 if is_deposit else _bits(e1, 0, ADDRESS_BITS),
        chain_id=0 if is_deposit else _bits(e1, CHAIN_ID_SHIFT, CHAIN_ID_BITS),
        hash_hi=0 if is_deposit else _bits(e2, 0, HASH_HALF_BITS),
        gas_limit=0 if is_deposit else _bits(e2, GAS_LIMIT_SHIFT, GAS_LIMIT_BITS),
        hash_lo=_bits(e3, 0, HASH_HALF_BITS),
    )
    return fields if fields.words() == words else None


def _bits(word: int, shift: int, width: int) -> int:
    return (word >> shift) & ((1 << width) - 1)
