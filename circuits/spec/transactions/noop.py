"""Noop: an unused slot. It changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from circuits.spec.slot_data import SlotFields
from circuits.spec.transactions.transaction import Transaction
from circuits.spec.types import TransactionType


@dataclass(frozen=True)
class Noop(Transaction):
    """Fills a batch."""

    type: ClassVar[TransactionType] = TransactionType.NOOP

    def fields(self) -> SlotFields:
        """All zero."""
        return SlotFields()
