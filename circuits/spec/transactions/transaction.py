"""What every transaction type has; a type's own file says the rest."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from circuits.spec.account import Account
from circuits.spec.refusal import MalformedTransactionError
from circuits.spec.slot_data import SlotFields, Words
from circuits.spec.types import TransactionType
from native.constants import FR_MODULUS

MAX_PAYLOAD_BYTES = 1 << 16


@dataclass(frozen=True)
class Transaction(ABC):
    """One transaction of a batch.

    type             the number in the slot data
    used             the slot fields that may differ from zero
    bits             the width of every integer field of the dataclass
    is_signed        account A signs, pays amount + fee, and its nonce advances
    credits_receiver account B receives the amount
    sends_message    it leaves the rollup as an ORMP message and takes the next index
    """

    type: ClassVar[TransactionType]
    used: ClassVar[frozenset[str]] = frozenset()
    bits: ClassVar[dict[str, int]] = {}
    is_signed: ClassVar[bool] = False
    credits_receiver: ClassVar[bool] = False
    sends_message: ClassVar[bool] = False

    @abstractmethod
    def fields(self) -> SlotFields:
        """The public part."""

    def slot_data(self) -> Words:
        """The four elements that the batch posts for this transaction."""
        return self.fields().words()

    def check(self) -> None:  # noqa: B027 - most types have no such rule
        """What the type demands without looking at the state; raises Refused."""

    def receiver_after(self, account: Account) -> Account:
        """Account B after this transaction; raises Refused."""
        return account

    def validate(self) -> None:
        """Refuse (MALFORMED) any field outside its width."""
        for name, width in self.bits.items():
            check_integer(name, getattr(self, name), 1 << width)


def check_integer(name: str, value: object, bound: int) -> None:
    """Refuse (MALFORMED) what is no integer in [0, bound)."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise MalformedTransactionError(name, f"an integer is due, found {type(value).__name__}")
    if not 0 <= value < bound:
        raise MalformedTransactionError(name, f"{value} is outside [0, {bound})")


def check_field_elements(name: str, values: object, length: int) -> None:
    """Refuse (MALFORMED) what is no tuple of `length` canonical field elements."""
    if not isinstance(values, tuple) or len(values) != length:
        raise MalformedTransactionError(name, f"a tuple of {length} field elements is due")
    for value in values:
        check_integer(name, value, FR_MODULUS)
