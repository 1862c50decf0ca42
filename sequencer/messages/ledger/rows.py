"""Facts as rows of the ledger's tables, and back."""

from __future__ import annotations

import json
from typing import Any

from eth_utils.address import to_checksum_address

from sequencer.messages.ledger.database import Database
from sequencer.messages.ledger.views import KnownRoot
from sequencer.messages.message import Message
from sequencer.messages.ordered import OrderedMessage
from sequencer.messages.watch.facts import (
    BatchCommitted,
    BatchProven,
    Fact,
    MessageAccepted,
    MessageDispatched,
    MessageHeld,
    MessageRetried,
    NonceGivenUp,
    OracleAssigned,
    PortReceived,
    Position,
    RelayerAssigned,
    RootAggregated,
    RootImported,
)

PLACE = "chain, block_number, block_hash, tx_hash, log_index"
MESSAGE = (
    "source_chain, channel, message_index, message_hash, root, root_block, sender, target_chain,"
    f" target, gas_limit, encoded, {PLACE}"
)
ASSIGNMENT = f"message_hash, role, contract, fee_wei, params, {PLACE}"
DISPATCH = f"message_hash, endpoint, succeeded, is_retry, {PLACE}"
ROOT = f"contract, source_chain, source_block, root, {PLACE}"
HELD = "message_id, from_chain, from_dapp, nonce, to_dapp, gas_limit, payload"
BATCH = f"rollup, number, messages, {PLACE}"


def insert(database: Database, fact: Fact) -> None:
    """Store one fact, inside the caller's transaction."""
    place = _place(fact.position)
    match fact:
        case MessageAccepted():
            database.insert("messages", (*_message_values(fact), *place))
        case RelayerAssigned(_, contract, message_hash, fee, params):
            _assign(database, message_hash, "relayer", contract, fee, params, place)
        case OracleAssigned(_, contract, message_hash, fee):
            _assign(database, message_hash, "oracle", contract, fee, b"", place)
        case MessageDispatched(_, endpoint, message_hash, succeeded):
            database.insert("dispatches", (message_hash, endpoint, int(succeeded), 0, *place))
        case MessageRetried(_, endpoint, message_hash, succeeded):
            database.insert("dispatches", (message_hash, endpoint, int(succeeded), 1, *place))
        case RootImported(_, oracle, source, source_block, root):
            database.insert("roots", (oracle, str(source), str(source_block), root, *place))
        case RootAggregated(_, feed, source, _, root):
            database.insert("roots", (feed, str(source), None, root, *place))
        case BatchCommitted(_, rollup, number, messages):
            bodies = json.dumps([message.to_json() for message in messages])
            database.insert("batches", (rollup, number, bodies, *place))
        case BatchProven():  # the follower turned it into its messages and roots
            pass
        case MessageHeld(_, port, held):
            lane = str(held.from_chain_id), held.from_dapp, str(held.nonce)
            what = held.to_dapp, str(held.gas_limit), held.payload
            database.insert("held", (port, held.id, *lane, *what, *place))
        case PortReceived(_, port, message_id, done):
            if done:  # otherwise the port holds it, and says so
                database.insert("lane_steps", (port, message_id, None, None, None, *place))
        case NonceGivenUp(_, port, source, dapp, nonce):
            database.insert("lane_steps", (port, None, str(source), dapp, str(nonce), *place))


def accepted(row: tuple[Any, ...]) -> MessageAccepted:
    """A row of MESSAGE columns."""
    source, channel, index, message_hash, root, root_block, sender, chain, to, gas, *rest = row
    message = Message(
        int(channel, 16),
        index,
        int(source),
        int(sender, 16),
        int(chain),
        int(to, 16),
        int(gas),
        rest[0],
    )
    return MessageAccepted(Position(*rest[1:]), message_hash, root, root_block, message)


def relayer_assigned(row: tuple[Any, ...]) -> RelayerAssigned:
    """A row of ASSIGNMENT columns with the role relayer."""
    message_hash, _, contract, fee, params, *place = row
    return RelayerAssigned(Position(*place), contract, message_hash, int(fee), params)


def oracle_assigned(row: tuple[Any, ...]) -> OracleAssigned:
    """A row of ASSIGNMENT columns with the role oracle."""
    message_hash, _, contract, fee, _, *place = row
    return OracleAssigned(Position(*place), contract, message_hash, int(fee))


def dispatched(row: tuple[Any, ...]) -> MessageDispatched | MessageRetried:
    """A row of DISPATCH columns."""
    message_hash, endpoint, succeeded, is_retry, *place = row
    kind = MessageRetried if is_retry else MessageDispatched
    return kind(Position(*place), endpoint, message_hash, bool(succeeded))


def known_root(row: tuple[Any, ...]) -> KnownRoot:
    """A row of ROOT columns."""
    contract, source, source_block, root, *place = row
    number = None if source_block is None else int(source_block)
    return KnownRoot(Position(*place), contract, int(source), number, root)


def batch(row: tuple[Any, ...]) -> BatchCommitted:
    """A row of BATCH columns."""
    rollup, number, bodies, *place = row
    messages = tuple(Message.from_json(body) for body in json.loads(bodies))
    return BatchCommitted(Position(*place), rollup, number, messages)


def held(row: tuple[Any, ...]) -> OrderedMessage:
    """A row of HELD columns."""
    message_id, source, dapp, nonce, to, gas_limit, payload = row
    return OrderedMessage(message_id, int(source), dapp, int(nonce), to, int(gas_limit), payload)


def address(value: int) -> str:
    """A checksummed address."""
    return to_checksum_address(value.to_bytes(20, "big"))


def _place(position: Position) -> tuple[object, ...]:
    return (
        position.chain_id,
        position.block_number,
        position.block_hash,
        position.tx_hash,
        position.log_index,
    )


def _message_values(fact: MessageAccepted) -> tuple[object, ...]:
    message = fact.message
    return (
        str(message.from_chain_id),
        address(message.channel),
        message.index,
        fact.message_hash,
        fact.root,
        fact.root_block,
        address(message.sender),
        str(message.to_chain_id),
        address(message.to),
        str(message.gas_limit),
        message.encoded,
    )


def _assign(
    database: Database,
    message_hash: bytes,
    role: str,
    contract: str,
    fee_wei: int,
    params: bytes,
    place: tuple[object, ...],
) -> None:
    """The first assignment of a message counts; another one in its transaction changes nothing."""
    values = (message_hash, role, contract, str(fee_wei), params, *place)
    marks = ",".join("?" * len(values))
    database.execute(f"INSERT OR IGNORE INTO assignments VALUES ({marks})", *values)
