"""The stored trees follow the ledger, through reorganisations and another program's death."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sequencer.errors import LeafStoreError, LockedError, MessageError
from sequencer.messages import MessageTree
from sequencer.messages.channel_trees import ChannelTrees, tree_for_reading, trees_folder
from sequencer.messages.leaf_store import LeafStore
from sequencer.messages.ledger import Ledger
from tests.messages.fake_chain import ENDPOINT, FakeChain
from tests.messages.test_watch_follower import catch_up, follower

KEY = (1, ENDPOINT)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.open(tmp_path / "ledger.sqlite")


@pytest.fixture
def trees(ledger: Ledger, tmp_path: Path) -> Iterator[ChannelTrees]:
    with ChannelTrees(ledger, trees_folder(tmp_path / "ledger.sqlite")) as made:
        yield made


def grow(chain: FakeChain, ledger: Ledger, *groups: int) -> None:
    """A block with so many messages, for each group, read into the ledger."""
    for group in groups:
        chain.mine()
        for i in range(group):
            chain.accept(b"%d" % i)
    catch_up(follower(chain, ledger))


def same(trees: ChannelTrees, chain: FakeChain) -> None:
    expected = MessageTree(chain.blocks[-1].leaves)
    stored = trees.tree(*KEY)
    assert stored.count == expected.count
    assert stored.root() == expected.root()
    for index in range(expected.count):
        assert stored.prove(index) == expected.prove(index)


def test_the_tree_grows_with_the_ledger(trees: ChannelTrees, ledger: Ledger) -> None:
    chain = FakeChain()
    grow(chain, ledger)
    same(trees, chain)
    for groups in [(1,), (3, 0, 2), (7,)]:
        grow(chain, ledger, *groups)
        same(trees, chain)


@pytest.mark.parametrize("depth", [1, 2, 4, 5])
@pytest.mark.parametrize("after", [(), (1,), (2, 2), (1, 1, 1, 1)])
def test_a_reorganisation_replaces_the_end_of_the_tree(
    trees: ChannelTrees, ledger: Ledger, depth: int, after: tuple[int, ...]
) -> None:
    chain = FakeChain()
    grow(chain, ledger, 2, 1, 3, 1, 2)
    same(trees, chain)
    chain.reorganise(depth)
    grow(chain, ledger, *after)
    same(trees, chain)


def test_only_the_leaves_that_changed_are_written(
    trees: ChannelTrees, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = FakeChain()
    grow(chain, ledger, *[1] * 20)
    trees.tree(*KEY)
    chain.reorganise(3)
    grow(chain, ledger, 1)
    kept: list[int] = []
    truncate = LeafStore.truncate
    monkeypatch.setattr(
        LeafStore, "truncate", lambda store, count: kept.append(count) or truncate(store, count)
    )
    trees.tree(*KEY)
    assert kept == [17]


def test_a_tree_that_was_ahead_of_a_lost_ledger_is_taken_back(tmp_path: Path) -> None:
    chain, folder = FakeChain(), tmp_path / "trees"
    first = Ledger.open(tmp_path / "first.sqlite")
    grow(chain, first, 2, 2, 2)
    with ChannelTrees(first, folder) as trees:
        trees.tree(*KEY)
    second = Ledger.open(tmp_path / "second.sqlite")
    del chain.blocks[-1:]
    grow(chain, second)
    with ChannelTrees(second, folder) as trees:
        same(trees, chain)


def test_leaves_that_do_not_give_the_ledgers_root_are_refused(
    trees: ChannelTrees, ledger: Ledger
) -> None:
    chain = FakeChain()
    grow(chain, ledger, 3)
    ledger.database.execute(
        "UPDATE messages SET message_hash = ? WHERE message_index = 1", b"x" * 32
    )
    with pytest.raises(MessageError, match="do not give its root"):
        trees.tree(*KEY)


def test_two_processes_do_not_keep_the_same_trees(trees: ChannelTrees, ledger: Ledger) -> None:
    grow(FakeChain(), ledger, 1)
    trees.tree(*KEY)
    with ChannelTrees(ledger, trees_folder(ledger.database.path)) as others:
        with pytest.raises(LockedError):
            others.tree(*KEY)
        others.close()


@pytest.mark.parametrize("state", ["no file", "behind", "up to date", "another branch"])
def test_reading__gives_the_tree_whatever_is_stored(
    ledger: Ledger, tmp_path: Path, state: str
) -> None:
    chain, folder = FakeChain(), tmp_path / "trees"
    grow(chain, ledger, 2, 3)
    if state != "no file":
        with ChannelTrees(ledger, folder) as trees:
            trees.tree(*KEY)
    if state == "another branch":
        chain.reorganise(1)
        grow(chain, ledger, 4)
    if state == "behind":
        grow(chain, ledger, 4)
    expected = MessageTree(chain.blocks[-1].leaves)
    before = {path: path.read_bytes() for path in folder.glob("*")}
    with tree_for_reading(ledger, folder, *KEY, expected.count) as tree:
        assert isinstance(tree, LeafStore) is (state == "up to date")
        assert tree.root(expected.count) == expected.root()
        assert tree.prove(1, expected.count) == expected.prove(1)
    assert {path: path.read_bytes() for path in folder.glob("*")} == before


def test_reading__an_error_of_the_caller_passes_through(ledger: Ledger, tmp_path: Path) -> None:
    grow(FakeChain(), ledger, 2)
    with ChannelTrees(ledger, tmp_path) as trees:
        trees.tree(*KEY)
    with (
        pytest.raises(LeafStoreError, match="mine"),
        tree_for_reading(ledger, tmp_path, *KEY, 2),
    ):
        raise LeafStoreError("mine", "", "")
