"""Follows one chain into the ledger: blocks, reorganisations, facts, the message tree."""

from __future__ import annotations

from dataclasses import dataclass

from sequencer.messages.ledger import Ledger
from sequencer.messages.watch.view import ChainView
from sequencer.messages.watch.watchlist import Watchlist


@dataclass(frozen=True)
class Progress:
    """What one step did: where the chain stands, and whether there is more to read at once.

    `reorg_depth` counts the blocks that were taken back, 0 without a reorganisation.
    """

    head: int
    cursor: int
    finalized: int
    reorg_depth: int
    is_caught_up: bool


class Follower:
    """One chain. Call `step` again and again from one thread; the ledger tells what it found."""

    def __init__(self, view: ChainView, ledger: Ledger, watchlist: Watchlist) -> None:
        self.view = view
        self.ledger = ledger
        self.watchlist = watchlist

    def start(self) -> None:
        """Check the chain id and the start block. ChainStopped when they are wrong."""
        raise NotImplementedError

    def step(self) -> Progress:
        """Read on: at most one range of blocks, committed together with the cursor.

        NodeUnavailable when no node answers: nothing changed, call again later. ChainStopped when
        the nodes contradict themselves or a reorganisation is too deep: a person has to look.
        """
        raise NotImplementedError
