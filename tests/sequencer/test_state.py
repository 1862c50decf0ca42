"""The LMDB tree against the specification's in-memory tree; atomic commits; going back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuits.spec.account import EMPTY_ACCOUNT, Account
from circuits.spec.tree import MemoryTree
from sequencer.errors import SequencerError
from sequencer.state import Head, StateDatabase

GENESIS = Head(0, 0, 0, 0, 17, 0, "00")
DEPTH = 2
WORDS = st.integers(0, 2**253)
ACCOUNTS = st.builds(
    Account,
    st.tuples(WORDS, WORDS),
    st.integers(0, 2**32 - 1),
    st.integers(-(2**63), 2**63 - 1),
    WORDS,
    WORDS,
)
CHANGES = st.lists(st.tuples(st.integers(0, 15), ACCOUNTS), max_size=4)


def opened(path: Path) -> StateDatabase:
    return StateDatabase(path / "state", DEPTH, GENESIS)


def head(number: int) -> Head:
    return replace(GENESIS, batch_number=number, state_root=number + 2**250)


@settings(max_examples=6)
@given(st.lists(CHANGES, max_size=3))
def test_the_tree_equals_the_specification(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[tuple[int, Account]]]
) -> None:
    database, twin = opened(tmp_path_factory.mktemp("tree")), MemoryTree(DEPTH)
    for number, changes in enumerate(batches, start=1):
        for index, account in changes:
            database.tree.set_account(index, account)
            twin.set_account(index, account)
            assert database.tree.root == twin.root
        database.commit(head(number))
    assert database.tree.root == twin.root
    for index in range(16):
        assert database.tree.account(index) == twin.account(index)
        assert database.tree.path(index) == twin.path(index)


def account(key: int) -> Account:
    return replace(EMPTY_ACCOUNT, public_key=(key, key + 1), collateral_e6=key)


def test_waiting_changes_are_seen_but_not_stored(tmp_path: Path) -> None:
    database = opened(tmp_path)
    empty_root = database.tree.root
    database.tree.set_account(3, account(9))
    assert database.tree.account(3) == account(9)
    assert database.tree.index_of((9, 10)) == 3
    assert database.tree.account_count == 4
    database.close()
    database = opened(tmp_path)
    assert database.tree.root == empty_root
    assert database.tree.index_of((9, 10)) is None
    assert database.tree.account_count == 0
    assert database.head() == GENESIS


def test_a_commit_survives_reopening(tmp_path: Path) -> None:
    database = opened(tmp_path)
    database.tree.set_account(3, account(9))
    root = database.tree.root
    database.commit(head(1))
    database.close()
    database = opened(tmp_path)
    assert (database.tree.root, database.head()) == (root, head(1))
    assert database.tree.index_of((9, 10)) == 3


@settings(max_examples=6)
@given(st.lists(CHANGES, min_size=1, max_size=4), st.data())
def test_rollback_restores_every_key(
    tmp_path_factory: pytest.TempPathFactory,
    batches: list[list[tuple[int, Account]]],
    data: st.DataObject,
) -> None:
    database = opened(tmp_path_factory.mktemp("rollback"))
    snapshots = [_everything(database)]
    for number, changes in enumerate(batches, start=1):
        for index, new in changes:
            database.tree.set_account(index, new)
        database.commit(head(number))
        snapshots.append(_everything(database))
    target = data.draw(st.integers(0, len(batches)))
    database.tree.set_account(0, account(5))
    database.rollback(target)
    assert _everything(database) == snapshots[target]
    assert database.tree.changes() == {}


def _everything(database: StateDatabase) -> dict[bytes, bytes]:
    with database._environment.begin() as transaction:
        return dict(transaction.cursor())


def test_a_settled_batch_cannot_be_taken_back(tmp_path: Path) -> None:
    database = opened(tmp_path)
    for number in (1, 2, 3):
        database.tree.set_account(number, account(number))
        database.commit(head(number))
    before = _everything(database)
    database.prune(2)
    assert len(_everything(database)) == len(before) - 2
    database.rollback(2)
    with pytest.raises(SequencerError, match="batch 2 is settled"):
        database.rollback(1)
    assert database.head() == head(2)
    with pytest.raises(SequencerError, match="cannot roll back to batch 3"):
        database.rollback(3)


def test_batches_are_committed_in_order(tmp_path: Path) -> None:
    with pytest.raises(SequencerError, match="batch 2 does not follow batch 0"):
        opened(tmp_path).commit(head(2))


def test_clear_gives_the_empty_tree(tmp_path: Path) -> None:
    database = opened(tmp_path)
    empty_root = database.tree.root
    database.tree.set_account(3, account(9))
    database.commit(head(1))
    database.clear()
    assert (database.tree.root, database.head()) == (empty_root, GENESIS)


def test_an_index_outside_the_tree(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="account 16 is outside 0 … 15"):
        opened(tmp_path).tree.account(16)
