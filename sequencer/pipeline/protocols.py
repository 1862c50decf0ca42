"""What the pipeline needs of the outside: a prover and a chain. Tests may put doubles here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from circuits.rollup.inputs import BatchInputs
from sequencer.messages import Message
from verifier.proof import Proof


@dataclass(frozen=True)
class QueuedDeposit:
    """A deposit waiting in the contract's queue; `queue_index` counts from 0 without gaps."""

    queue_index: int
    public_key: tuple[int, int]
    amount_e6: int


@dataclass(frozen=True)
class SentTransaction:
    """A transaction that the chain accepted."""

    transaction_hash: str
    gas_used: int


class DepositSource(Protocol):
    """Where deposits come from. Polling a chain and serving a list look the same from here."""

    def deposits_from(self, first: int, confirmations: int) -> Sequence[QueuedDeposit]:
        """The deposits of the queue from index `first` on, in order.

        Only those with so many blocks on top of theirs: a deposit that the chain drops after a
        batch has consumed it would make the batch unprovable.
        """


class BatchProver(Protocol):
    """Proves batches. A proof that it returns has been verified."""

    def prove(self, inputs: BatchInputs) -> Proof:
        """The proof of the batch."""

    def verify(self, public_inputs: Sequence[int], proof: Proof) -> bool:
        """Whether a stored proof is a proof for these public inputs (C, z, y)."""


class SettlementChain(DepositSource, Protocol):
    """The rollup contract and the message endpoint, as far as the sequencer uses them."""

    def committed_batches(self) -> int:
        """The number of the last batch whose data is posted."""

    def settled_batches(self) -> int:
        """The number of the last batch that is proved on chain."""

    def committed_state_root(self) -> int:
        """The new state root of the last committed batch."""

    def settled_state_root(self) -> int:
        """The new state root of the last settled batch; the genesis root before the first."""

    def commit(self, inputs: BatchInputs) -> SentTransaction:
        """Post the public data of the next batch."""

    def prove(self, batch_number: int, proof: Proof) -> SentTransaction:
        """Submit the proof of the oldest batch that is committed but not settled."""

    def message_root(self, batch_number: int) -> bytes:
        """The message root stored for a settled batch; 32 zero bytes where there is none."""

    def relay(self, message: Message, proof: bytes) -> SentTransaction:
        """Deliver a message through the endpoint."""
