"""Transfer: collateral from account A to another account B that exists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from circuits.spec.account import Account
from circuits.spec.params import AMOUNT_BITS, INDEX_BITS
from circuits.spec.refusal import RefusalCode, Refused
from circuits.spec.slot_data import SlotFields
from circuits.spec.transactions.signed import NO_SIGNATURE, Signature, SignedTransaction
from circuits.spec.types import TransactionType


@dataclass(frozen=True)
class Transfer(SignedTransaction):
    """Move `amount_e6` from `sender_index` to `receiver_index`."""

    type: ClassVar[TransactionType] = TransactionType.TRANSFER
    used: ClassVar[frozenset[str]] = frozenset({"a_index", "b_index", "amount_e6", "fee_e6"})
    bits: ClassVar[dict[str, int]] = SignedTransaction.bits | {
        "receiver_index": INDEX_BITS,
        "amount_e6": AMOUNT_BITS,
    }
    credits_receiver: ClassVar[bool] = True

    receiver_index: int
    amount_e6: int
    signature: Signature = NO_SIGNATURE

    def fields(self) -> SlotFields:
        """The public part."""
        return SlotFields(
            self.type,
            a_index=self.sender_index,
            b_index=self.receiver_index,
            amount_e6=self.amount_e6,
            fee_e6=self.fee_e6,
        )

    def check(self) -> None:
        """Sender and receiver differ."""
        if self.sender_index == self.receiver_index:
            raise Refused(RefusalCode.SELF_TRANSFER, f"account {self.sender_index} to itself")

    def receiver_after(self, account: Account) -> Account:
        """The receiver with the amount."""
        if account.is_empty:
            raise Refused(RefusalCode.UNKNOWN_ACCOUNT, f"account {self.receiver_index} is empty")
        return account.credited(self.amount_e6)
