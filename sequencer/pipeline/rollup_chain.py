"""`SettlementChain` over the verifier's `RollupClient`: a deployed rollup on any transport."""

from __future__ import annotations

from circuits.rollup.inputs import BatchInputs
from sequencer.messages import Message
from sequencer.pipeline.protocols import QueuedDeposit, SentTransaction
from verifier.chain import Receipt, RollupClient
from verifier.proof import Proof


class RollupChain:
    """Every answer comes from the chain; nothing is remembered here."""

    def __init__(self, client: RollupClient) -> None:
        self._client = client

    def deposits_from(self, first: int, confirmations: int) -> list[QueuedDeposit]:
        """The queue's entries from index `first` on, with so many blocks on top of theirs."""
        last_block = self._client.transport.block_number() - confirmations
        found = self._client.deposits(first, self._client.deposit_count())
        return [
            QueuedDeposit(deposit.index, deposit.public_key, deposit.amount_e6)
            for deposit in found
            if deposit.block_number <= last_block
        ]

    def committed_batches(self) -> int:
        """The number of the last committed batch."""
        return self._client.committed_batches()

    def settled_batches(self) -> int:
        """The number of the last proven batch."""
        return self._client.proven_batches()

    def committed_state_root(self) -> int:
        """The state root that the last committed batch claims."""
        number = self._client.committed_batches()
        if number == 0:
            return self._client.genesis_root
        return self._client.committed(number)[0].state_root

    def settled_state_root(self) -> int:
        """The proven state root."""
        return self._client.state_root()

    def commit(self, inputs: BatchInputs) -> SentTransaction:
        """Send commitBatch."""
        receipt = self._client.commit_batch(inputs.public_data, inputs.payloads, inputs.commitment)
        return _sent(receipt)

    def prove(self, batch_number: int, proof: Proof) -> SentTransaction:
        """Send proveBatch."""
        return _sent(self._client.prove_batch(batch_number, proof))

    def message_root(self, batch_number: int) -> bytes:
        """The message root under a batch number; zero where there is none."""
        return self._client.message_root(batch_number)

    def relay(self, message: Message, proof: bytes) -> SentTransaction:
        """Send the message to the endpoint's recv."""
        return _sent(self._client.relay(message, proof))


def _sent(receipt: Receipt) -> SentTransaction:
    return SentTransaction(receipt.transaction_id, receipt.gas_used)
