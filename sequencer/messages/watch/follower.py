"""Follows one chain into the ledger: blocks, reorganisations, facts, the message tree."""

from __future__ import annotations

from dataclasses import dataclass

from sequencer.messages.ledger.ledger import KEPT_BLOCKS, ChainState, Ledger
from sequencer.messages.watch.errors import ChainStopped, NodeDisagreement, NodeUnavailable
from sequencer.messages.watch.header import Header
from sequencer.messages.watch.node import NodeRefused
from sequencer.messages.watch.range_reader import RangeReader
from sequencer.messages.watch.view import ChainView
from sequencer.messages.watch.watchlist import Watchlist

MAX_RANGE = 1_000
LIVE_RANGE = 64
"""Blocks of one step that are not final yet: each one's header is fetched."""
MAX_DISAGREEMENTS = 5
"""After that many steps in a row that found a contradiction, the chain is stopped."""


@dataclass(frozen=True)
class Progress:
    """What one step did: where the chain stands, and whether there is more to read at once.

    `reorg_depth` counts the blocks that were taken back, 0 without a reorganisation.
    `disagreement` says what did not fit; the range is read again by the next step.
    """

    head: int
    cursor: int
    finalized: int
    reorg_depth: int = 0
    disagreement: str | None = None

    @property
    def is_caught_up(self) -> bool:
        """Whether nothing is left to read for now."""
        return self.cursor >= self.head and self.disagreement is None


class Follower:
    """One chain. Call `step` again and again from one thread; the ledger tells what it found."""

    def __init__(self, view: ChainView, ledger: Ledger, watchlist: Watchlist) -> None:
        self.view = view
        self.ledger = ledger
        self.watchlist = watchlist
        self._reader = RangeReader(view, ledger, watchlist)
        self._range = MAX_RANGE
        self._disagreements = 0
        self._state = ledger.add_chain(watchlist.chain_id, watchlist.start_block)

    def step(self) -> Progress:
        """Read on: at most one range of blocks, committed together with the cursor.

        NodeUnavailable when no node answers: nothing changed, call again later. ChainStopped when
        the nodes keep contradicting themselves or a reorganisation is too deep: a person has to
        look.
        """
        try:
            progress = self._step()
        except NodeDisagreement as error:
            return self._resynchronise(error)
        self._disagreements = 0
        return progress

    # -- one step --

    def _step(self) -> Progress:
        head = self.view.head()
        finalized = self.view.finalized(head)
        depth = self._undo_reorganisation(head)
        state = self._chain()
        if state.cursor < head.number:
            self._read_range(state, head, finalized)
        else:
            self.ledger.set_finalized(state.chain_id, finalized)
        if head.number < state.cursor:
            self.view.switch()  # this node lags; another one may not
        state = self._chain()
        return Progress(head.number, state.cursor, state.finalized, depth)

    def _read_range(self, state: ChainState, head: Header, finalized: int) -> None:
        first = state.cursor + 1
        is_final = finalized >= first
        if is_final:
            last = min(finalized, first + self._range - 1)
        else:
            last = min(head.number, first + min(self._range, LIVE_RANGE) - 1)
        kept = self.ledger.kept_headers(state.chain_id)
        previous = kept[0] if kept else None
        try:
            blocks = self._reader.read(first, last, previous, is_final=is_final)
        except (NodeRefused, NodeUnavailable) as error:
            if self._range == 1:
                raise NodeUnavailable(f"chain {state.chain_id}, block {first}: {error}") from None
            self._range = max(1, min(self._range, last - first + 1) // 2)
            raise NodeUnavailable(
                f"chain {state.chain_id}, blocks {first} … {last}: {error};"
                f" ranges of {self._range} blocks from now on"
            ) from None
        self.ledger.commit(
            state.chain_id,
            blocks.headers,
            blocks.facts,
            frontiers=blocks.frontiers,
            finalized=finalized,
        )
        self._range = min(MAX_RANGE, 2 * self._range)

    def _chain(self) -> ChainState:
        state = self.ledger.chain(self.watchlist.chain_id)
        return self._state if state is None else state

    # -- reorganisations --

    def _undo_reorganisation(self, head: Header) -> int:
        """Roll back to the newest kept block that the node still has; the blocks undone."""
        kept = self.ledger.kept_headers(self.watchlist.chain_id)
        if not kept or self._stands(kept[0], head):
            return 0
        cursor = kept[0].number
        ancestor = next((known.number for known in kept[1:] if self._stands(known, head)), None)
        if ancestor is None:
            ancestor = self._before_all(kept)
        state = self._chain()
        if self.view.finality.tag is not None and ancestor < state.finalized:
            raise self.view.disagreement(
                f"block {ancestor + 1} changed, though the node called block {state.finalized}"
                f" {self.view.finality}"
            )
        self.ledger.roll_back(self.watchlist.chain_id, ancestor)
        return cursor - ancestor

    def _stands(self, known: Header, head: Header) -> bool:
        """Whether the node has this block, or has not come as far (a node that lags)."""
        if known.number > head.number:
            return self._kept_agrees_with(head)
        if known.number == head.number:
            return known.hash == head.hash
        found = self.view.header(known.number)
        return found is not None and found.hash == known.hash

    def _kept_agrees_with(self, head: Header) -> bool:
        """Whether a head below the cursor is the block known here, as far as can be told."""
        kept = self.ledger.kept_headers(self.watchlist.chain_id)
        return all(known.hash == head.hash for known in kept if known.number == head.number)

    def _before_all(self, kept: list[Header]) -> int:
        """Where to begin again when no kept block stands: before the start, if nothing was ever
        dropped; otherwise the reorganisation is too deep.
        """
        lowest, state = kept[-1].number, self._chain()
        if lowest == state.start_block:
            return state.start_block - 1
        raise ChainStopped(
            f"chain {state.chain_id}, node {self.view.node_name}: a reorganisation goes below block"
            f" {lowest}, deeper than the {KEPT_BLOCKS} blocks that are kept; check the node, then"
            " move the ledger away to read the chain again from its start block"
        )

    # -- contradictions --

    def _resynchronise(self, error: NodeDisagreement) -> Progress:
        """Have the next step read again, from the next node; give up when that never helps."""
        self._disagreements += 1
        if self._disagreements >= MAX_DISAGREEMENTS:
            raise ChainStopped(
                f"{error}. Read {self._disagreements} times with the same outcome; nothing of it"
                " was stored. Check the chain's nodes and URLs, then start again"
            ) from None
        self.view.switch()
        state = self._chain()
        return Progress(state.cursor, state.cursor, state.finalized, disagreement=str(error))
