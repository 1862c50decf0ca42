"""Following a real node: messages, finality, reorganisations of real blocks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sequencer.messages.ledger import Ledger
from sequencer.messages.watch.finality import Finality
from sequencer.messages.watch.follower import Follower
from sequencer.messages.watch.node import Node
from sequencer.messages.watch.view import ChainView
from tests.messages.chains import A_ID, B_ID, MessagingChain, messaging_pair
from tests.messages.test_watch_follower import catch_up

pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[MessagingChain, MessagingChain]]:
    with messaging_pair() as pair:
        yield pair


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.open(tmp_path / "ledger.sqlite")


def follower(chain: MessagingChain, ledger: Ledger, finality: Finality | None = None) -> Follower:
    view = ChainView(chain.chain_id, [Node(chain.url)], finality or Finality.after(3))
    return Follower(view, ledger, chain.watchlist())


def test_messages_of_a_real_endpoint(
    pair: tuple[MessagingChain, MessagingChain], ledger: Ledger
) -> None:
    a, b = pair
    before = a.endpoint.call("messageCount")
    receipts = [a.send(b, text) for text in ("one", "two", "three")]
    a.mine(3)
    following = follower(a, ledger)
    progress = catch_up(following)
    assert (progress.cursor, progress.finalized) == (a.head(), a.head() - 3)
    channel = a.addresses.endpoint
    hashes = [receipt.event("MessageAccepted").args["msgHash"] for receipt in receipts]
    assert ledger.leaves(A_ID, channel, before) == hashes
    pending = ledger.pending(A_ID, channel, B_ID, relayers=[a.addresses.relayer])
    assert [entry.accepted.message_hash for entry in pending][-3:] == hashes
    assert all(entry.assigned.fee_wei > 0 for entry in pending)
    assert all(ledger.oracle_assignments(found) for found in hashes)


@pytest.mark.parametrize("tag", ["finalized", "safe"])
def test_the_node_s_own_finality(
    pair: tuple[MessagingChain, MessagingChain], ledger: Ledger, tag: str
) -> None:
    a, _ = pair
    a.mine(5)
    progress = catch_up(follower(a, ledger, Finality(tag)))
    stated = int(a.ask("eth_getBlockByNumber", tag, False)["number"], 16)
    assert progress.finalized == stated


@pytest.mark.parametrize("depth", [1, 32])
def test_a_reorganised_message_goes_and_another_comes(
    pair: tuple[MessagingChain, MessagingChain], ledger: Ledger, depth: int
) -> None:
    a, b = pair
    lost = a.send(b, "lost").event("MessageAccepted").args["msgHash"]
    a.mine(depth - 1)
    following = follower(a, ledger)
    catch_up(following)
    assert ledger.message(lost) is not None
    a.reorganise(depth)
    a.mine()
    new = a.send(b, "new").event("MessageAccepted").args
    progress = following.step()
    assert progress.reorg_depth == depth
    catch_up(following)
    assert ledger.message(lost) is None
    found = ledger.message(new["msgHash"])
    assert found is not None and found.root == new["root"]
    assert ledger.message_count(A_ID, a.addresses.endpoint) == a.endpoint.call("messageCount")
