"""Deposit: an entry of the contract's queue, credited to an account of the depositor's key.

Nobody signs: the contract checks the posted deposits against its queue. The sequencer chooses the
account, which must be empty (it then takes the key) or hold that key already.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from circuits.spec.account import NO_KEY, Account, PublicKey
from circuits.spec.params import AMOUNT_BITS, INDEX_BITS
from circuits.spec.refusal import MalformedTransactionError, RefusalCode, Refused
from circuits.spec.slot_data import SlotFields
from circuits.spec.transactions.transaction import Transaction, check_field_elements
from circuits.spec.types import TransactionType


@dataclass(frozen=True)
class Deposit(Transaction):
    """Credit `amount_e6` to `account_index`, the account of `public_key`."""

    type: ClassVar[TransactionType] = TransactionType.DEPOSIT
    used: ClassVar[frozenset[str]] = frozenset({"b_index", "amount_e6", "key_x", "key_y"})
    bits: ClassVar[dict[str, int]] = {"account_index": INDEX_BITS, "amount_e6": AMOUNT_BITS}
    credits_receiver: ClassVar[bool] = True

    account_index: int
    public_key: PublicKey
    amount_e6: int

    def fields(self) -> SlotFields:
        """The public part."""
        key_x, key_y = self.public_key
        return SlotFields(
            self.type,
            b_index=self.account_index,
            amount_e6=self.amount_e6,
            key_x=key_x,
            key_y=key_y,
        )

    def validate(self) -> None:
        """Refuse (MALFORMED) any field outside its width, and the key (0, 0) of empty accounts."""
        super().validate()
        check_field_elements("public_key", self.public_key, len(NO_KEY))
        if self.public_key == NO_KEY:
            raise MalformedTransactionError("public_key", "(0, 0) marks an empty account")

    def receiver_after(self, account: Account) -> Account:
        """The account with the key and the amount."""
        if not account.is_empty and account.public_key != self.public_key:
            raise Refused(RefusalCode.KEY_MISMATCH, f"account {self.account_index} has another key")
        return replace(account, public_key=self.public_key).credited(self.amount_e6)
