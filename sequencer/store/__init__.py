"""The SQLite database of batches, proofs, transactions and messages."""

from __future__ import annotations

from sequencer.store.rows import BatchRow, ChainActionRow, MessageRow, Stage, TransactionRow
from sequencer.store.store import Store

__all__ = ["BatchRow", "ChainActionRow", "MessageRow", "Stage", "Store", "TransactionRow"]
