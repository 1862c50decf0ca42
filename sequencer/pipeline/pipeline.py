"""Drives sealed batches to settlement: a state machine that can be cut short anywhere and resumed.

    sealed ──▶ proving ──▶ proved ──▶ committed ──▶ settled

A stage is persisted before its side effect where losing the trace of an attempt matters (proving),
and after it where the effect can be looked up (the chain). So a restart finds either the stage or
the effect, and never repeats a step that succeeded: a batch with a stored proof is not proved
again, and a batch that the chain holds is not posted again. A stored proof that turns out to be
damaged sends its batch back to sealed. One batch moves at a time, the oldest first, because each
contract call needs the one before it.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from circuits.rollup.inputs import BatchInputs
from native.errors import MalformedError
from sequencer.errors import ChainDisagreementError
from sequencer.pipeline.protocols import BatchProver, SentTransaction, SettlementChain
from sequencer.store import BatchRow, ChainActionRow, Stage, Store
from verifier.chain import ChainRevert
from verifier.proof import Proof

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Transition:
    """A batch went from one stage to another."""

    batch_number: int
    source: Stage
    target: Stage


class Pipeline:
    """Moves the batches of a store forward, as far as a prover and a chain are at hand."""

    def __init__(
        self,
        store: Store,
        prover: BatchProver | None,
        chain: SettlementChain | None,
        on_settled: Callable[[int], None],
    ) -> None:
        self._store = store
        self._prover = prover
        self._chain = chain
        self._on_settled = on_settled
        self._lock = threading.Lock()

    def advance(self) -> Iterator[Transition]:
        """Yield each transition after it is persisted, until nothing more can move."""
        while (transition := self.step()) is not None:
            yield transition

    def step(self) -> Transition | None:
        """Make one transition of the oldest unsettled batch; None if there is nothing to do.

        Threads take turns, so that no batch is worked on twice at a time.
        """
        with self._lock:
            batch = self._store.first_unsettled()
            return None if batch is None else self._advance(batch)

    def _advance(self, batch: BatchRow) -> Transition | None:
        if batch.stage in (Stage.SEALED, Stage.PROVING):
            return None if self._prover is None else self._prove(batch, self._prover)
        if self._chain is None:
            return None
        if batch.stage is Stage.PROVED:
            return self._commit(batch, self._chain)
        return self._settle(batch, self._chain)

    def _prove(self, batch: BatchRow, prover: BatchProver) -> Transition:
        if batch.stage is Stage.PROVING:
            _log.warning("batch %d: proving was interrupted and starts over", batch.number)
        self._store.begin_proving(batch.number, batch.stage)
        proof = prover.prove(batch_inputs(batch))
        self._store.store_proof(batch.number, proof.to_json())
        return Transition(batch.number, batch.stage, Stage.PROVED)

    def _commit(self, batch: BatchRow, chain: SettlementChain) -> Transition:
        """Post the batch, unless an attempt that was cut short has put it on the chain already."""
        committed = chain.committed_batches()
        if committed < batch.number - 1:
            raise ChainDisagreementError(
                f"batch {batch.number} is next, but the chain ends at batch {committed}"
            )
        if committed < batch.number:
            self._record(batch.number, "commit", chain.commit(batch_inputs(batch)))
        self._check_on_chain(batch, chain)
        return self._move(batch, Stage.COMMITTED)

    def _settle(self, batch: BatchRow, chain: SettlementChain) -> Transition:
        """Submit the proof, unless the chain has it; go back if the chain lost the batch."""
        if chain.committed_batches() < batch.number:
            _log.warning("batch %d left the chain and will be posted again", batch.number)
            return self._move(batch, Stage.PROVED)
        self._check_on_chain(batch, chain)
        if chain.settled_batches() < batch.number:
            proof = self._valid_proof(batch)
            if proof is None:
                _log.warning("batch %d: its stored proof is no good; proving again", batch.number)
                self._store.discard_proof(batch.number, batch.stage)
                return Transition(batch.number, batch.stage, Stage.SEALED)
            self._submit(batch.number, proof, chain)
        self._on_settled(batch.number)
        return self._move(batch, Stage.SETTLED)

    def _submit(self, number: int, proof: Proof, chain: SettlementChain) -> None:
        """Send the proof. Anybody may: when somebody else was faster, the batch is settled too."""
        try:
            sent = chain.prove(number, proof)
        except ChainRevert:
            if chain.settled_batches() < number:
                raise
            _log.info("batch %d was settled by somebody else", number)
        else:
            self._record(number, "prove", sent)

    def _valid_proof(self, batch: BatchRow) -> Proof | None:
        """The stored proof, unless it is missing, malformed or wrong."""
        text = self._store.proof(batch.number)
        if text is None:
            return None
        try:
            proof = Proof.from_json(text, f"proof of batch {batch.number}")
        except MalformedError as error:
            _log.warning("%s", error)
            return None
        if self._prover is None:
            return proof
        return proof if self._prover.verify(batch_inputs(batch).public_inputs, proof) else None

    def _check_on_chain(self, batch: BatchRow, chain: SettlementChain) -> None:
        """The batch that the chain holds under this number, if it is its last, is this one."""
        if chain.committed_batches() > batch.number:
            return
        on_chain = chain.committed_state_root()
        if on_chain != batch.new_state_root:
            raise ChainDisagreementError(
                f"batch {batch.number} leads to state root {on_chain} on chain and to "
                f"{batch.new_state_root} here"
            )

    def _record(self, number: int, action: str, sent: SentTransaction) -> None:
        row = ChainActionRow(number, action, sent.transaction_hash, sent.gas_used)
        self._store.record_chain_action(row)

    def _move(self, batch: BatchRow, target: Stage) -> Transition:
        self._store.move(batch.number, batch.stage, target)
        return Transition(batch.number, batch.stage, target)


def batch_inputs(batch: BatchRow) -> BatchInputs:
    """The prover's inputs of a stored batch."""
    return BatchInputs.from_json(json.loads(batch.inputs_json), f"batch {batch.number}")
