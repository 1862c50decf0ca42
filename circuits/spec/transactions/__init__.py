"""The transactions, one file a type, and the table of all of them."""

from __future__ import annotations

from circuits.spec.transactions.deposit import Deposit
from circuits.spec.transactions.message import Message
from circuits.spec.transactions.noop import Noop
from circuits.spec.transactions.signed import (
    FILLER_SIGNATURE,
    NO_SIGNATURE,
    Signature,
    SignedTransaction,
)
from circuits.spec.transactions.transaction import Transaction
from circuits.spec.transactions.transfer import Transfer
from circuits.spec.transactions.withdraw import Withdraw
from circuits.spec.types import TransactionType

TRANSACTIONS: dict[TransactionType, type[Transaction]] = {
    cls.type: cls for cls in (Noop, Deposit, Transfer, Withdraw, Message)
}
"""Every type; adding a type begins here."""

__all__ = [
    "FILLER_SIGNATURE",
    "NO_SIGNATURE",
    "TRANSACTIONS",
    "Deposit",
    "Message",
    "Noop",
    "Signature",
    "SignedTransaction",
    "Transaction",
    "TransactionType",
    "Transfer",
    "Withdraw",
]
