"""Withdraw: collateral leaves account A for an address on the settlement chain.

It leaves as an ORMP message of the rollup contract to itself, which pays the address when the
message is delivered, or when somebody proves it to the contract.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from circuits.spec.params import ADDRESS_BITS, AMOUNT_BITS
from circuits.spec.slot_data import SlotFields
from circuits.spec.transactions.signed import NO_SIGNATURE, Signature, SignedTransaction
from circuits.spec.types import TransactionType


@dataclass(frozen=True)
class Withdraw(SignedTransaction):
    """Pay `amount_e6` to `recipient` (an address as an integer) once the batch is proved."""

    type: ClassVar[TransactionType] = TransactionType.WITHDRAW
    used: ClassVar[frozenset[str]] = frozenset({"a_index", "amount_e6", "fee_e6", "address"})
    bits: ClassVar[dict[str, int]] = SignedTransaction.bits | {
        "recipient": ADDRESS_BITS,
        "amount_e6": AMOUNT_BITS,
    }
    sends_message: ClassVar[bool] = True

    recipient: int
    amount_e6: int
    signature: Signature = NO_SIGNATURE

    def fields(self) -> SlotFields:
        """The public part."""
        return SlotFields(
            self.type,
            a_index=self.sender_index,
            amount_e6=self.amount_e6,
            fee_e6=self.fee_e6,
            address=self.recipient,
        )
