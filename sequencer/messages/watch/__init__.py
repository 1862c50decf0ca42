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
    MessageHeld,
    MessageRetried,
    NonceGivenUp,
    OracleAssigned,
    PortReceived,
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
    "MessageHeld",
    "MessageRetried",
    "NodeDisagreement",
    "NodeUnavailable",
    "NonceGivenUp",
    "OracleAssigned",
    "PortReceived",
    "Position",
    "RelayerAssigned",
    "RootAggregated",
    "RootImported",
    "WatchError",
    "WatchedRollup",
    "Watchlist",
]
