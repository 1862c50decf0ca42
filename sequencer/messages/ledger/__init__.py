"""The SQLite database of what the followed chains said, and of the work that came of it."""

from __future__ import annotations

from sequencer.messages.ledger.database import Database
from sequencer.messages.ledger.held import HeldMessages, Lane
from sequencer.messages.ledger.ledger import ChainState, Ledger
from sequencer.messages.ledger.views import CoveringRoot, KnownRoot, PendingMessage

__all__ = [
    "ChainState",
    "CoveringRoot",
    "Database",
    "HeldMessages",
    "KnownRoot",
    "Lane",
    "Ledger",
    "PendingMessage",
]
