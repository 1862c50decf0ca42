"""The pipeline: every step can be cut short before or after its effect, and is resumed, not
repeated.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from circuits.rollup.inputs import BatchInputs
from sequencer.errors import ChainDisagreementError, JournalBehindError, StateMismatchError
from sequencer.sequencer import Sequencer
from sequencer.store import Stage
from tests.sequencer.doubles import NOW_S, PUBLIC_KEYS, CountingProver, FileChain, config
from verifier.chain import ChainRevert
from verifier.proof import Proof


class Cut(Exception):
    """The process is cut short here."""


class CutProver(CountingProver):
    """Fails once, after the work was done and before it is handed over."""

    def __init__(self) -> None:
        super().__init__()
        self.cuts = 1

    def prove(self, inputs: BatchInputs) -> Proof:
        proof = super().prove(inputs)
        if self.cuts:
            self.cuts -= 1
            raise Cut
        return proof


class CutChain(FileChain):
    """Fails once in one method, before or after its effect."""

    def __init__(self, path: Path, method: str, when: str) -> None:
        super().__init__(path)
        self._armed = True
        self._method, self._when = method, when

    def commit(self, inputs: BatchInputs) -> Any:
        return self._cut("commit", lambda: FileChain.commit(self, inputs))

    def prove(self, batch_number: int, proof: Proof) -> Any:
        return self._cut("prove", lambda: FileChain.prove(self, batch_number, proof))

    def _cut(self, method: str, act: Any) -> Any:
        hit = self._armed and method == self._method
        if hit:
            self._armed = False
        if hit and self._when == "before":
            raise Cut
        result = act()
        if hit:
            raise Cut
        return result


def sealed(folder: Path, chain: FileChain, prover: CountingProver) -> Sequencer:
    """A sequencer with one sealed batch."""
    chain.add_deposit(PUBLIC_KEYS[0], 1000)
    sequencer = Sequencer.open(config(folder), chain, prover, clock=lambda: NOW_S)
    sequencer.ingest_deposits()
    sequencer.seal()
    return sequencer


def opened(folder: Path, chain: FileChain, prover: CountingProver) -> Sequencer:
    return Sequencer.open(config(folder), chain, prover, clock=lambda: NOW_S)


def targets(moves: Iterator[Any]) -> list[Stage]:
    return [move.target for move in moves]


def test_cut_while_proving__proved_again_after_a_restart(tmp_path: Path) -> None:
    chain, prover = FileChain(tmp_path / "chain"), CutProver()
    sequencer = sealed(tmp_path, chain, prover)
    with pytest.raises(Cut):
        list(sequencer.advance())
    assert sequencer.batch(1).stage is Stage.PROVING
    sequencer.close()
    sequencer = opened(tmp_path, chain, prover)
    assert targets(sequencer.advance()) == [Stage.PROVED, Stage.COMMITTED, Stage.SETTLED]
    assert sequencer.batch(1).proving_attempts == 2


@pytest.mark.parametrize("method", ["commit", "prove"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_cut_around_a_chain_call__done_once(tmp_path: Path, method: str, when: str) -> None:
    chain, prover = CutChain(tmp_path / "chain", method, when), CountingProver()
    sequencer = sealed(tmp_path, chain, prover)
    with pytest.raises(Cut):
        list(sequencer.advance())
    sequencer.close()
    sequencer = opened(tmp_path, chain, prover)
    list(sequencer.advance())
    assert sequencer.batch(1).stage is Stage.SETTLED
    assert prover.proved == [1]
    assert (chain.committed_batches(), chain.settled_batches()) == (1, 1)


def test_a_batch_that_left_the_chain_is_posted_again(tmp_path: Path) -> None:
    chain, prover = CutChain(tmp_path / "chain", "prove", "before"), CountingProver()
    sequencer = sealed(tmp_path, chain, prover)
    with pytest.raises(Cut):
        list(sequencer.advance())
    chain.drop_last_batch()
    assert targets(sequencer.advance()) == [Stage.PROVED, Stage.COMMITTED, Stage.SETTLED]
    assert prover.proved == [1]


def test_every_chain_transaction_is_noted(tmp_path: Path) -> None:
    sequencer = sealed(tmp_path, FileChain(tmp_path / "chain"), CountingProver())
    list(sequencer.advance())
    actions = sequencer._store.chain_actions(1)
    assert [(a.action, a.gas_used) for a in actions] == [("commit", 100_000), ("prove", 250_000)]


def test_the_batches_of_another_sequencer_are_noticed(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    chain = FileChain(tmp_path / "chain")
    chain.add_deposit(PUBLIC_KEYS[1], 5)
    other = opened(tmp_path / "other", chain, CountingProver())
    other.ingest_deposits()
    other.seal()
    list(other.advance())
    with pytest.raises(
        ChainDisagreementError, match="the chain holds 1 batches, this journal only 0"
    ):
        opened(tmp_path, chain, CountingProver())
    ours = Sequencer.open(config(tmp_path), clock=lambda: NOW_S)
    ours._ledger.deposit(PUBLIC_KEYS[2], 6, NOW_S)
    ours.seal()
    ours.close()
    with pytest.raises(ChainDisagreementError, match="the last committed batch, 1, leads to"):
        opened(tmp_path, chain, CountingProver())


def test_a_settled_batch_that_the_chain_lost_is_noticed(tmp_path: Path) -> None:
    chain = FileChain(tmp_path / "chain")
    sequencer = sealed(tmp_path, chain, CountingProver())
    list(sequencer.advance())
    sequencer.close()
    chain.drop_last_batch()
    with pytest.raises(ChainDisagreementError, match="batch 1 was settled, but the chain's last"):
        opened(tmp_path, chain, CountingProver())


def test_a_batch_posted_by_somebody_meanwhile_is_not_ours(tmp_path: Path) -> None:
    chain = FileChain(tmp_path / "chain")
    sequencer = sealed(tmp_path, chain, CountingProver())
    (tmp_path / "other").mkdir()
    chain.add_deposit(PUBLIC_KEYS[1], 5)
    other = opened(tmp_path / "other", chain, CountingProver())
    other.ingest_deposits()
    other.seal()
    list(other.advance())
    with pytest.raises(ChainDisagreementError, match="batch 1 leads to state root"):
        list(sequencer.advance())


@pytest.mark.parametrize("damage", ["{", CountingProver.OTHER.to_json()])
def test_a_damaged_stored_proof_is_replaced(tmp_path: Path, damage: str) -> None:
    chain, prover = CutChain(tmp_path / "chain", "prove", "before"), CountingProver()
    sequencer = sealed(tmp_path, chain, prover)
    with pytest.raises(Cut):
        list(sequencer.advance())
    sequencer.close()
    with sqlite3.connect(tmp_path / "data" / "sequencer.sqlite") as connection:
        connection.execute("UPDATE proofs SET proof = ?", (damage,))
    sequencer = opened(tmp_path, chain, prover)
    moves = targets(sequencer.advance())
    assert moves == [Stage.SEALED, Stage.PROVED, Stage.COMMITTED, Stage.SETTLED]
    assert (prover.proved, chain.committed_batches()) == ([1, 1], 1)


def test_a_proof_that_somebody_else_submits_first_settles_the_batch(tmp_path: Path) -> None:
    chain = FileChain(tmp_path / "chain")
    sequencer = sealed(tmp_path, chain, CountingProver())

    def beaten(batch_number: int, proof: Proof) -> Any:
        FileChain.prove(chain, batch_number, proof)
        raise ChainRevert("BatchNotPending", (batch_number,))

    chain.prove = beaten  # type: ignore[method-assign]
    assert targets(sequencer.advance())[-1] is Stage.SETTLED
    assert [a.action for a in sequencer._store.chain_actions(1)] == ["commit"]


def test_a_lost_database_is_filled_from_the_journal(tmp_path: Path) -> None:
    chain, prover = FileChain(tmp_path / "chain"), CountingProver()
    sequencer = sealed(tmp_path, chain, prover)
    list(sequencer.advance())
    batch = sequencer.batch(1)
    sequencer.close()
    for path in (tmp_path / "data").glob("sequencer.sqlite*"):
        path.unlink()
    sequencer = opened(tmp_path, chain, prover)
    assert sequencer.batch(1).public_data == batch.public_data
    assert targets(sequencer.advance()) == [Stage.PROVED, Stage.COMMITTED, Stage.SETTLED]
    assert chain.committed_batches() == 1


def test_a_lost_state_is_filled_from_the_journal(tmp_path: Path) -> None:
    chain, prover = FileChain(tmp_path / "chain"), CountingProver()
    sequencer = sealed(tmp_path, chain, prover)
    before = sequencer.status()
    sequencer.close()
    for path in (tmp_path / "data" / "state").iterdir():
        path.unlink()
    assert opened(tmp_path, chain, prover).status() == before


def test_a_journal_that_lost_acknowledged_records_is_refused(tmp_path: Path) -> None:
    chain, prover = FileChain(tmp_path / "chain"), CountingProver()
    sealed(tmp_path, chain, prover).close()
    journal = tmp_path / "data" / "journal"
    os.truncate(journal, journal.stat().st_size - 1)
    with pytest.raises(JournalBehindError, match=r"holds 2 records, but .* computed from 3"):
        opened(tmp_path, chain, prover)


def test_settled_batches_leave_no_undo_records(tmp_path: Path) -> None:
    """Row 30, light: what is kept to go back does not grow with the number of settled batches."""
    sequencer = sealed(tmp_path, FileChain(tmp_path / "chain"), CountingProver())
    database = sequencer._state
    assert database.undo_records() == 1
    list(sequencer.advance())
    assert database.undo_records() == 0


def test_a_state_that_was_rolled_back_is_computed_again(tmp_path: Path) -> None:
    chain, prover = FileChain(tmp_path / "chain"), CountingProver()
    sequencer = sealed(tmp_path, chain, prover)
    before = sequencer.status()
    sequencer._state.rollback(0)
    assert sequencer.status().state_root != before.state_root
    sequencer.close()
    assert opened(tmp_path, chain, prover).status() == before


def test_a_state_of_another_journal_is_refused(tmp_path: Path) -> None:
    chain, prover = FileChain(tmp_path / "chain"), CountingProver()
    sealed(tmp_path, chain, prover).close()
    other = tmp_path / "other"
    other.mkdir()
    with Sequencer.open(config(other), clock=lambda: NOW_S + 1) as sequencer:
        sequencer._ledger.deposit(PUBLIC_KEYS[2], 6, NOW_S + 1)
        sequencer.seal()
    shutil.rmtree(tmp_path / "data" / "state")
    shutil.copytree(other / "data" / "state", tmp_path / "data" / "state")
    with pytest.raises(StateMismatchError, match="journal record 2 is not the one"):
        opened(tmp_path, chain, prover)
