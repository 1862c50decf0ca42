"""The database: rows come back, transitions are guarded, versions are checked."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from sequencer.errors import SequencerError, StoreVersionError, UnknownBatchError
from sequencer.store import BatchRow, ChainActionRow, MessageRow, Stage, Store, TransactionRow

BIG = 2**253 + 1
BATCH = BatchRow(1, Stage.SEALED, 1000, BIG, BIG + 1, BIG + 2, (1, BIG), '{"a": "1"}', 0, 1, 2, 7)
TRANSACTION = TransactionRow(5, "123", 1, 0, "{}", "{}")
MESSAGE = MessageRow(0, 1, b"\x01" * 32, "{}")


def opened(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store.sqlite")


def test_rows_come_back_after_reopening(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.insert_sealed(BATCH, [TRANSACTION], [MESSAGE])
    store.record_chain_action(ChainActionRow(1, "commit", "0xab", 21000))
    store.close()
    store = opened(tmp_path)
    assert store.batch(1) == store.last_batch() == store.first_unsettled() == BATCH
    assert store.transaction("123") == TRANSACTION
    assert store.transactions(1) == [TRANSACTION]
    assert store.message(0) == MESSAGE
    assert store.message_leaves() == [MESSAGE.leaf]
    assert store.chain_actions(1) == [ChainActionRow(1, "commit", "0xab", 21000)]


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    store = opened(tmp_path)
    assert store.last_batch() is store.first_unsettled() is store.transaction("1") is None
    assert store.message(0) is store.proof(1) is None
    with pytest.raises(UnknownBatchError, match="batch 3"):
        store.batch(3)


def test_a_batch_goes_through_its_stages_in_order_only(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.insert_sealed(BATCH, [], [])
    with pytest.raises(SequencerError, match="batch 1 is sealed, not proved"):
        store.move(1, Stage.PROVED, Stage.COMMITTED)
    store.begin_proving(1, Stage.SEALED)
    store.store_proof(1, "proof")
    store.move(1, Stage.PROVED, Stage.COMMITTED)
    store.move(1, Stage.COMMITTED, Stage.SETTLED)
    assert store.batch(1).stage is Stage.SETTLED
    assert store.batch(1).proving_attempts == 1
    assert store.first_unsettled() is None


def test_proof_and_stage_are_stored_together(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.insert_sealed(BATCH, [], [])
    with pytest.raises(SequencerError, match="not proving"):
        store.store_proof(1, "proof")
    assert store.proof(1) is None


def test_sealing_again_keeps_the_stage_and_refuses_another_content(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.insert_sealed(BATCH, [TRANSACTION], [MESSAGE])
    store.begin_proving(1, Stage.SEALED)
    store.insert_sealed(BATCH, [TRANSACTION], [MESSAGE])
    assert store.batch(1).stage is Stage.PROVING
    with pytest.raises(SequencerError, match="another content"):
        store.insert_sealed(replace(BATCH, new_state_root=5), [], [])


def test_a_failed_insert_leaves_nothing(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with pytest.raises(sqlite3.IntegrityError):
        store.insert_sealed(BATCH, [TRANSACTION, TRANSACTION], [MESSAGE])
    assert store.last_batch() is None


def test_another_schema_version_is_refused(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with sqlite3.connect(tmp_path / "store.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreVersionError, match="schema version 99, this program writes 1"):
        opened(tmp_path)
