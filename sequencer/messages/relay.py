"""Delivers a message through the ORMP endpoint with a proof against the root of a settled batch."""

from __future__ import annotations

from sequencer.errors import ChainDisagreementError, NotProvenError, UnknownMessageError
from sequencer.messages.message import Message
from sequencer.messages.proof import MessageProof
from sequencer.messages.tree import MessageTree
from sequencer.pipeline.protocols import SentTransaction, SettlementChain
from sequencer.store import Stage, Store


def relay_message(
    index: int, store: Store, tree: MessageTree, chain: SettlementChain
) -> SentTransaction:
    """Send message `index` to the endpoint.

    Raises UnknownMessageError if no sealed batch holds it, NotProvenError while its batch is not
    settled, ChainDisagreementError if the chain's message root is not the one computed here.
    """
    message, proof = prove_message(index, store, tree, chain)
    return chain.relay(message, proof.encode())


def prove_message(
    index: int, store: Store, tree: MessageTree, chain: SettlementChain
) -> tuple[Message, MessageProof]:
    """The message and its proof against the root that the chain stores for its batch."""
    row = store.message(index)
    if row is None:
        raise UnknownMessageError(f"no sealed batch holds message {index}")
    batch = store.batch(row.batch)
    if batch.stage is not Stage.SETTLED:
        raise NotProvenError(
            f"batch {batch.number} of message {index} is {batch.stage}, not settled"
        )
    root = chain.message_root(batch.number)
    if not any(root):
        raise NotProvenError(f"the chain stores no message root for batch {batch.number}")
    siblings = tuple(tree.prove(index, batch.message_count))
    proof = MessageProof(batch.number, index, siblings)
    message = Message.from_json(row.body)
    if not proof.leads_to(root, message.hash()):
        raise ChainDisagreementError(
            f"message {index} does not stand under the message root 0x{root.hex()} of batch "
            f"{batch.number} on chain"
        )
    return message, proof
