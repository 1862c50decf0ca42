"""Row 33, sequencer: a refused proof leaves nothing behind; a valid one still lands."""

from __future__ import annotations

from pathlib import Path

import pytest

from circuits.rollup.inputs import BatchInputs
from native.errors import UnsatisfiedError
from sequencer.store import Stage
from tests.sequencer.settled_world import SIMULATOR, SettledWorld, SimulatingProver
from verifier.chain import ChainRevert
from verifier.proof import Proof


class FailingOnce(SimulatingProver):
    """Raises on the first request, like a prover that ran out of memory."""

    def prove(self, inputs: BatchInputs) -> Proof:
        if not self.proved:
            self.proved.append(0)
            raise UnsatisfiedError("no proof this time")
        return super().prove(inputs)


class WrongOnce(SimulatingProver):
    """Hands out a proof of another statement first, and vouches for it."""

    def prove(self, inputs: BatchInputs) -> Proof:
        proof = super().prove(inputs)
        return SIMULATOR.prove([1, 2, 3]) if len(self.proved) == 1 else proof

    def verify(self, public_inputs: object, proof: Proof) -> bool:
        return True


def test_a_prover_that_failed_is_asked_again(tmp_path: Path) -> None:
    world = SettledWorld(tmp_path, prover=FailingOnce())
    with pytest.raises(UnsatisfiedError):
        list(world.sequencer.advance())
    assert world.sequencer.batch(1).stage is Stage.PROVING
    list(world.reopen().advance())
    assert world.client.proven_batches() == 2
    assert world.sequencer.batch(1).proving_attempts == 2


def test_a_proof_that_the_chain_refused_is_replaced(tmp_path: Path) -> None:
    world = SettledWorld(tmp_path, prover=WrongOnce())
    with pytest.raises(ChainRevert, match="ProofInvalid"):
        list(world.sequencer.advance())
    assert world.sequencer.batch(1).stage is Stage.COMMITTED
    assert world.client.proven_batches() == 0
    world.prover = SimulatingProver()
    list(world.reopen().advance())
    assert world.client.proven_batches() == 2
    assert world.client.state_root() == world.sequencer.status().state_root


def test_a_refused_proof_from_somebody_else_changes_nothing(tmp_path: Path) -> None:
    world = SettledWorld(tmp_path)
    moves = world.sequencer.advance()
    assert [next(moves).target, next(moves).target] == [Stage.PROVED, Stage.COMMITTED]
    with pytest.raises(ChainRevert, match="ProofInvalid"):
        world.client.prove_batch(1, SIMULATOR.prove([1, 2, 3]))
    list(moves)
    assert world.client.proven_batches() == 2
