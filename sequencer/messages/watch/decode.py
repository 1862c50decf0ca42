"""From logs to facts: which events of which contracts count, and what they say.

Topics and layouts are those of ORMP version 1. The contracts of the watchlist are trusted to emit
what their code emits; a log that does not decode is a node's lie or another contract's event.
"""

from __future__ import annotations

from typing import Any

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_hash.auto import keccak
from eth_utils.address import to_checksum_address

from sequencer.errors import MessageError
from sequencer.messages.message import Message
from sequencer.messages.ordered import ORDERED_MESSAGE, OrderedMessage
from sequencer.messages.watch.facts import (
    Fact,
    MessageAccepted,
    MessageDispatched,
    MessageHeld,
    MessageRetried,
    NonceGivenUp,
    OracleAssigned,
    PortReceived,
    RelayerAssigned,
    RootAggregated,
    RootImported,
)
from sequencer.messages.watch.log import RawLog
from sequencer.messages.watch.rollups import BATCH_COMMITTED, BATCH_PROVEN
from sequencer.messages.watch.watchlist import Watchlist

_MESSAGE = "(address,uint256,uint256,address,uint256,address,uint256,bytes)"
ACCEPTED = keccak(f"MessageAccepted(bytes32,bytes32,{_MESSAGE})".encode())
DISPATCHED = keccak(b"MessageDispatched(bytes32,bool)")
RETRIED = keccak(b"MessageRetried(bytes32,bool)")
RELAYER_ASSIGNED = keccak(b"Assigned(bytes32,uint256,bytes,bytes32[32])")
ORACLE_ASSIGNED = keccak(b"Assigned(bytes32,uint256)")
IMPORTED = keccak(b"ImportedMessageRoot(uint256,uint256,bytes32)")
AGGREGATED = keccak(b"AggregatedORMPData(uint256,(uint256,bytes32))")
HELD = keccak(f"MessageHeld(bytes32,uint256,address,{ORDERED_MESSAGE})".encode())
RECEIVED = keccak(b"MessageRecv(bytes32,bool,bytes)")
GIVEN_UP = keccak(b"NonceGivenUp(uint256,address,uint64)")

_ENDPOINT_TOPICS = (ACCEPTED, DISPATCHED, RETRIED)
_ORACLE_TOPICS = (ORACLE_ASSIGNED, IMPORTED)
_ROLLUP_TOPICS = (BATCH_COMMITTED, BATCH_PROVEN)
_PORT_TOPICS = (HELD, RECEIVED, GIVEN_UP)


def topics_by_contract(watchlist: Watchlist) -> dict[str, frozenset[bytes]]:
    """Which events of which contract count."""
    wanted: dict[str, set[bytes]] = {}
    if watchlist.endpoint is not None:
        wanted.setdefault(watchlist.endpoint, set()).update(_ENDPOINT_TOPICS)
    for relayer in watchlist.relayers:
        wanted.setdefault(relayer, set()).add(RELAYER_ASSIGNED)
    for oracle in watchlist.oracles:
        wanted.setdefault(oracle, set()).update(_ORACLE_TOPICS)
    for feed in watchlist.feeds:
        wanted.setdefault(feed, set()).add(AGGREGATED)
    for rollup in watchlist.rollups:
        wanted.setdefault(rollup.contract, set()).update(_ROLLUP_TOPICS)
    for port in watchlist.ordered_ports:
        wanted.setdefault(port, set()).update(_PORT_TOPICS)
    return {contract: frozenset(topics) for contract, topics in wanted.items()}


def decode_log(log: RawLog, chain_id: int) -> Fact:
    """The fact behind a log with one of the topics above. ValueError when it does not decode."""
    try:
        return _DECODERS[log.topics[0]](log, chain_id)
    except (DecodingError, MessageError, IndexError, OverflowError) as error:
        raise ValueError(f"log {log.log_index} of block {log.block_number}: {error}") from None


def _accepted(log: RawLog, chain_id: int) -> Fact:
    root, fields = decode(["bytes32", _MESSAGE], log.data)
    message = _message(fields)
    message_hash = log.topics[1]
    if message.hash() != message_hash:
        raise ValueError(f"message 0x{message_hash.hex()} does not have the hash of its fields")
    return MessageAccepted(log.position(chain_id), message_hash, root, log.block_number, message)


def _message(fields: tuple[Any, ...]) -> Message:
    channel, index, from_chain, sender, to_chain, to, gas_limit, encoded = fields
    return Message(
        int(channel, 16),
        index,
        from_chain,
        int(sender, 16),
        to_chain,
        int(to, 16),
        gas_limit,
        encoded,
    )


def _dispatched(log: RawLog, chain_id: int) -> Fact:
    (succeeded,) = decode(["bool"], log.data)
    return MessageDispatched(log.position(chain_id), log.address, log.topics[1], succeeded)


def _retried(log: RawLog, chain_id: int) -> Fact:
    (succeeded,) = decode(["bool"], log.data)
    return MessageRetried(log.position(chain_id), log.address, log.topics[1], succeeded)


def _relayer_assigned(log: RawLog, chain_id: int) -> Fact:
    fee_wei, params, _ = decode(["uint256", "bytes", "bytes32[32]"], log.data)
    place = log.position(chain_id)
    return RelayerAssigned(place, log.address, log.topics[1], fee_wei, params)


def _oracle_assigned(log: RawLog, chain_id: int) -> Fact:
    (fee_wei,) = decode(["uint256"], log.data)
    return OracleAssigned(log.position(chain_id), log.address, log.topics[1], fee_wei)


def _imported(log: RawLog, chain_id: int) -> Fact:
    (root,) = decode(["bytes32"], log.data)
    source, block = _integer(log.topics[1]), _integer(log.topics[2])
    return RootImported(log.position(chain_id), log.address, source, block, root)


def _aggregated(log: RawLog, chain_id: int) -> Fact:
    ((count, root),) = decode(["(uint256,bytes32)"], log.data)
    place = log.position(chain_id)
    return RootAggregated(place, log.address, _integer(log.topics[1]), count, root)


def _held(log: RawLog, chain_id: int) -> Fact:
    (fields,) = decode([ORDERED_MESSAGE], log.data)
    message = OrderedMessage.from_fields(fields)
    lane = _integer(log.topics[2]), _address(log.topics[3])
    if (log.topics[1], *lane) != (message.id, message.from_chain_id, message.from_dapp):
        raise ValueError(f"log {log.log_index} of block {log.block_number} holds another message")
    return MessageHeld(log.position(chain_id), log.address, message)


def _received(log: RawLog, chain_id: int) -> Fact:
    done, _ = decode(["bool", "bytes"], log.data)
    return PortReceived(log.position(chain_id), log.address, log.topics[1], done)


def _given_up(log: RawLog, chain_id: int) -> Fact:
    (nonce,) = decode(["uint64"], log.data)
    lane = _integer(log.topics[1]), _address(log.topics[2])
    return NonceGivenUp(log.position(chain_id), log.address, *lane, nonce)


def _address(topic: bytes) -> str:
    return to_checksum_address(topic[12:])


def _integer(topic: bytes) -> int:
    return int.from_bytes(topic, "big")


_DECODERS = {
    ACCEPTED: _accepted,
    DISPATCHED: _dispatched,
    RETRIED: _retried,
    RELAYER_ASSIGNED: _relayer_assigned,
    ORACLE_ASSIGNED: _oracle_assigned,
    IMPORTED: _imported,
    AGGREGATED: _aggregated,
    HELD: _held,
    RECEIVED: _received,
    GIVEN_UP: _given_up,
}
