"""The transaction types as constraints, one file a type, and the table of all rules."""

from __future__ import annotations

from circuits.rollup.transactions import deposit, message, noop, transfer, withdraw
from circuits.rollup.transactions.rule import Rule, SlotView
from circuits.spec.types import TransactionType

RULES: dict[TransactionType, Rule] = {
    TransactionType.NOOP: noop.constrain,
    TransactionType.DEPOSIT: deposit.constrain,
    TransactionType.TRANSFER: transfer.constrain,
    TransactionType.WITHDRAW: withdraw.constrain,
    TransactionType.MESSAGE: message.constrain,
}

__all__ = ["RULES", "Rule", "SlotView"]
