"""The rollup state on disk: the account tree and how far it was computed."""

from __future__ import annotations

from sequencer.state.database import StateDatabase
from sequencer.state.head import Head, genesis_head
from sequencer.state.tree import LmdbTree

__all__ = ["Head", "LmdbTree", "StateDatabase", "genesis_head"]
