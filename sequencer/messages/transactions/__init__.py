"""A persistent sender of transactions: one key, one chain, each piece of work at most once."""

from __future__ import annotations

from sequencer.messages.transactions.fees import Fees
from sequencer.messages.transactions.node import TransactionNode
from sequencer.messages.transactions.records import Intent, Outcome, State, Tracked
from sequencer.messages.transactions.sender import SenderPolicy, TransactionSender
from sequencer.messages.transactions.store import TransactionStore

__all__ = [
    "Fees",
    "Intent",
    "Outcome",
    "SenderPolicy",
    "State",
    "Tracked",
    "TransactionNode",
    "TransactionSender",
    "TransactionStore",
]
