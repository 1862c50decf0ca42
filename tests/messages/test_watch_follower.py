"""Following a chain: what is read, rolled back and refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from sequencer.messages.ledger import Ledger
from sequencer.messages.watch.finality import Finality
from sequencer.messages.watch.follower import Follower, Progress
from sequencer.messages.watch.view import ChainView
from sequencer.messages.watch.watchlist import Watchlist
from tests.messages.fake_chain import ENDPOINT, ORACLE, RELAYER, FakeChain


def watchlist(chain: FakeChain, start_block: int = 1) -> Watchlist:
    relayers, oracles = frozenset({RELAYER}), frozenset({ORACLE})
    return Watchlist(chain.chain_id, start_block, ENDPOINT, relayers, oracles)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.open(tmp_path / "ledger.sqlite")


def follower(chain: FakeChain, ledger: Ledger, finality: Finality | None = None) -> Follower:
    view = ChainView(chain.chain_id, [chain], finality or Finality.after(3))  # type: ignore[list-item]
    return Follower(view, ledger, watchlist(chain))


def catch_up(following: Follower) -> Progress:
    for _ in range(100):
        progress = following.step()
        if progress.is_caught_up:
            return progress
    raise AssertionError("never caught up")


def test_messages_and_their_assignments_are_read(ledger: Ledger) -> None:
    chain = FakeChain()
    chain.mine(2)
    first = chain.accept(b"one")
    chain.mine()
    second, third = chain.accept(b"two"), chain.accept(b"three")
    chain.mine(5)
    progress = catch_up(follower(chain, ledger))
    assert (progress.head, progress.cursor, progress.finalized) == (8, 8, 5)
    assert ledger.leaves(1, ENDPOINT, 0) == [m.hash() for m in (first, second, third)]
    pending = ledger.pending(1, ENDPOINT, 2, relayers=[RELAYER])
    assert [entry.accepted.message for entry in pending] == [first, second, third]
    assert [entry.assigned.fee_wei for entry in pending] == [7, 7, 7]
    assert [a.fee_wei for a in ledger.oracle_assignments(second.hash())] == [5]


@pytest.mark.parametrize("depth", [1, 2, 31, 32, 64])
def test_a_reorganisation_is_rolled_back_and_the_new_branch_followed(
    ledger: Ledger, depth: int
) -> None:
    chain = FakeChain()
    chain.mine(80)
    chain.accept(b"stays")
    chain.mine(depth)
    lost = chain.accept(b"goes")
    following = follower(chain, ledger)
    catch_up(following)
    assert ledger.message(lost.hash()) is not None
    chain.reorganise(depth)
    new = chain.accept(b"comes")
    chain.mine()
    assert following.step().reorg_depth == depth
    catch_up(following)
    assert ledger.message(lost.hash()) is None
    assert ledger.message_at(1, ENDPOINT, 1).message == new  # type: ignore[union-attr]
    assert ledger.message_count(1, ENDPOINT) == 2
