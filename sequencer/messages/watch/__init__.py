"""Following chains: checked JSON-RPC, blocks and reorganisations, decoded ORMP events."""

from __future__ import annotations

from sequencer.messages.watch.errors import (
    ChainStopped,
    NodeDisagreement,
    NodeUnavailable,
    WatchError,
)
from sequencer.messages.watch.facts import (
    BatchCommitted,
    BatchProven,
    Fact,
    MessageAccepted,
    MessageDispatched,
    MessageRetried,
    OracleAssigned,
    Position,
    RelayerAssigned,
    RootAggregated,
    RootImported,
)
from sequencer.messages.watch.header import Header
from sequencer.messages.watch.view import ChainView
from sequencer.messages.watch.watchlist import WatchedRollup, Watchlist

__all__ = [
    "BatchCommitted",
    "BatchProven",
    "ChainStopped",
    "ChainView",
    "Fact",
    "Header",
    "MessageAccepted",
    "MessageDispatched",
    "MessageRetried",
    "NodeDisagreement",
    "NodeUnavailable",
    "OracleAssigned",
    "Position",
    "RelayerAssigned",
    "RootAggregated",
    "RootImported",
    "WatchError",
    "WatchedRollup",
    "Watchlist",
]
