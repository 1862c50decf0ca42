"""What the contracts of a chain said, one frozen dataclass an event, each with its place.

Contract addresses are checksummed strings, hashes are 32 bytes. A fact is true only as long as its
block stands: a reorganisation takes it back.
"""

from __future__ import annotations

from dataclasses import dataclass

from sequencer.messages.message import Message
from sequencer.messages.ordered import OrderedMessage


@dataclass(frozen=True)
class Position:
    """Where a fact stands: the chain, its block by number and hash, and the log in it."""

    chain_id: int
    block_number: int
    block_hash: bytes
    tx_hash: bytes
    log_index: int


@dataclass(frozen=True)
class MessageAccepted:
    """A source endpoint, or a rollup by a proven batch, took a message; `root` covers it.

    `root_block` is the number under which an oracle knows the newest root of that moment: the block
    number of an endpoint, the batch number of a rollup. The root of a message that is not the last
    one of its block (or batch) is in no oracle; `Ledger.covering_root` finds the one that is.
    """

    position: Position
    message_hash: bytes
    root: bytes
    root_block: int
    message: Message


@dataclass(frozen=True)
class RelayerAssigned:
    """A relayer contract was paid `fee_wei` for a message, in the transaction that accepted it."""

    position: Position
    contract: str
    message_hash: bytes
    fee_wei: int
    params: bytes


@dataclass(frozen=True)
class OracleAssigned:
    """An oracle contract was paid `fee_wei` for a message, in the transaction that accepted it."""

    position: Position
    contract: str
    message_hash: bytes
    fee_wei: int


@dataclass(frozen=True)
class MessageDispatched:
    """An endpoint delivered a message; `succeeded` is what the application made of it."""

    position: Position
    endpoint: str
    message_hash: bytes
    succeeded: bool


@dataclass(frozen=True)
class MessageRetried:
    """A failed delivery was tried again."""

    position: Position
    endpoint: str
    message_hash: bytes
    succeeded: bool


@dataclass(frozen=True)
class RootImported:
    """An oracle on this chain stored a root of another chain under (source chain, source block)."""

    position: Position
    oracle: str
    source_chain_id: int
    source_block: int
    root: bytes


@dataclass(frozen=True)
class RootAggregated:
    """A SubAPI feed on this chain holds this root as its newest one of a source chain."""

    position: Position
    feed: str
    source_chain_id: int
    count: int
    root: bytes


@dataclass(frozen=True)
class BatchCommitted:
    """A rollup posted a batch: its messages in order, still unproven.

    It may be taken back and posted again with other messages: the newest one is what gets proven.
    """

    position: Position
    rollup: str
    number: int
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class BatchProven:
    """A proof put a batch's message root into the rollup contract, under the batch number."""

    position: Position
    rollup: str
    number: int
    root: bytes


@dataclass(frozen=True)
class MessageHeld:
    """An ordered port holds a message back until `release`."""

    position: Position
    port: str
    message: OrderedMessage


@dataclass(frozen=True)
class PortReceived:
    """An ordered port called the dapp of a message; `done` is whether the message is through."""

    position: Position
    port: str
    message_id: bytes
    done: bool


@dataclass(frozen=True)
class NonceGivenUp:
    """A lane of an ordered port went on without number `nonce`."""

    position: Position
    port: str
    from_chain_id: int
    from_dapp: str
    nonce: int


Fact = (
    MessageAccepted
    | RelayerAssigned
    | OracleAssigned
    | MessageDispatched
    | MessageRetried
    | RootImported
    | RootAggregated
    | BatchCommitted
    | BatchProven
    | MessageHeld
    | PortReceived
    | NonceGivenUp
)
