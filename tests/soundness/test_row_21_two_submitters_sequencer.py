"""Row 21, sequencer: two submitters of one batch make one advance; the slower one goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from sequencer.pipeline.pipeline import batch_inputs
from sequencer.store import Stage
from tests.sequencer.settled_world import SIMULATOR, SettledWorld
from verifier.chain import ChainRevert
from verifier.proof import Proof


def committed(world: SettledWorld) -> Proof:
    """Batch 1 is on chain unproven; the proof that another submitter has of it."""
    moves = world.sequencer.advance()
    assert [next(moves).target, next(moves).target] == [Stage.PROVED, Stage.COMMITTED]
    inputs = batch_inputs(world.sequencer.batch(1))
    return SIMULATOR.prove(inputs.public_inputs, seed=99)


def test_the_other_was_faster(tmp_path: Path) -> None:
    world = SettledWorld(tmp_path)
    proof = committed(world)
    world.client.prove_batch(1, proof, sender=world.transport.accounts[7])
    list(world.sequencer.advance())
    assert world.client.proven_batches() == 2
    assert world.client.state_root() == world.sequencer.status().state_root
    assert [a.action for a in world.sequencer.chain_actions(1)] == ["commit"]


def test_the_other_was_faster_by_a_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The race proper: our check sees an open batch, our transaction meets a settled one."""
    world = SettledWorld(tmp_path)
    proof = committed(world)
    ours = world.chain.prove

    def beaten(batch_number: int, own: Proof) -> object:
        world.client.prove_batch(1, proof, sender=world.transport.accounts[7])
        monkeypatch.undo()
        return ours(batch_number, own)

    monkeypatch.setattr(world.chain, "prove", beaten)
    list(world.sequencer.advance())
    assert set(world.sequencer.status().stages.values()) == {Stage.SETTLED}
    assert world.client.proven_batches() == 2


def test_the_slower_one_reverts(tmp_path: Path) -> None:
    world = SettledWorld(tmp_path)
    proof = committed(world)
    list(world.sequencer.advance())
    root = world.client.state_root()
    with pytest.raises(ChainRevert):
        world.client.prove_batch(1, proof, sender=world.transport.accounts[7])
    assert world.client.state_root() == root
