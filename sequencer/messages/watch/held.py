"""What ordered ports must hold at the end of a range of blocks if its logs are true."""

from __future__ import annotations

from collections.abc import Sequence

from sequencer.messages.ledger.held import HeldMessages
from sequencer.messages.ledger.ledger import Ledger
from sequencer.messages.ordered import OrderedMessage
from sequencer.messages.watch.facts import Fact, MessageHeld, NonceGivenUp, PortReceived

Number = tuple[str, int, str, int]
"""Port, source chain, sending dapp, number in its lane."""
_NOTHING = bytes(32)


def held_after(facts: Sequence[Fact], ledger: Ledger, chain_id: int) -> dict[Number, bytes]:
    """The hash that `heldOf` has for every number that the facts are about, zero for none."""
    known: dict[tuple[str, bytes], OrderedMessage] = {}
    hashes: dict[Number, bytes] = {}
    for fact in facts:
        match fact:
            case MessageHeld(_, port, message):
                known[port, message.id] = message
                hashes[_number(port, message)] = message.hash()
            case PortReceived(_, port, message_id, done) if done:
                before = HeldMessages(ledger.database, chain_id, port)
                held = known.get((port, message_id)) or before.by_id(message_id)
                if held is not None:
                    hashes[_number(port, held)] = _NOTHING
            case NonceGivenUp(_, port, source, dapp, nonce):
                hashes[port, source, dapp, nonce] = _NOTHING
    return hashes


def _number(port: str, message: OrderedMessage) -> Number:
    return port, message.from_chain_id, message.from_dapp, message.nonce
