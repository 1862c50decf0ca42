"""The proof of a message under a root that an oracle on its target holds."""

from __future__ import annotations

from dataclasses import dataclass

from sequencer.errors import ChainDisagreementError, NotProvenError
from sequencer.messages.channel_trees import tree_for_reading, trees_folder
from sequencer.messages.ledger import Ledger, rows
from sequencer.messages.ledger.views import KnownRoot
from sequencer.messages.lookup.find import Found, PostedMessage
from sequencer.messages.lookup.story import covering_roots
from sequencer.messages.proof import MessageProof
from sequencer.messages.watch.facts import MessageAccepted


@dataclass(frozen=True)
class ProvenMessage:
    """A message with a proof that leads to the root that `known` says the target holds."""

    accepted: MessageAccepted
    known: KnownRoot
    proof: MessageProof


def prove_message(
    ledger: Ledger, found: Found, *, root_block: int | None = None, oracle: str | None = None
) -> ProvenMessage:
    """Prove under the newest root that covers the message, or the one of a source block (a batch
    for a rollup), or of one oracle.

    NotProvenError if the target has no such root yet. The proof was checked.
    """
    name = f"message 0x{found.message_hash.hex()}"
    if isinstance(found, PostedMessage):
        raise NotProvenError(f"{name} is in batch {found.batch.number}, which is not proven yet")
    candidates = [
        (known, count)
        for known, count in covering_roots(ledger, found, still_held=True)
        if (root_block is None or known.source_block == root_block)
        and (oracle is None or known.contract == oracle)
    ]
    if not candidates:
        which = "no root" if root_block is None else f"no root of number {root_block}"
        where = "" if oracle is None else f" in {oracle}"
        raise NotProvenError(
            f"{which} that covers {name} is known on chain {found.message.to_chain_id}{where}"
        )
    known, count = candidates[-1]
    return ProvenMessage(found, known, _proof(ledger, found, known, count))


def _proof(ledger: Ledger, accepted: MessageAccepted, known: KnownRoot, count: int) -> MessageProof:
    message = accepted.message
    folder, channel = trees_folder(ledger.database.path), rows.address(message.channel)
    with tree_for_reading(ledger, folder, message.from_chain_id, channel, count) as tree:
        siblings = tuple(tree.prove(message.index, count))
    # A feed ignores the number; the deployed programs give it the message's own block.
    number = accepted.position.block_number if known.source_block is None else known.source_block
    proof = MessageProof(number, message.index, siblings)
    if not proof.leads_to(known.root, accepted.message_hash):
        raise ChainDisagreementError(
            f"the messages in {ledger.database.path} do not give the root 0x{known.root.hex()} "
            f"that {known.contract} holds; `tallystick messages check` verifies the stored trees"
        )
    return proof
