"""The messages of rollups: read from the batches that they post, believed once a batch is proven.

A batch's bodies come from the call data of its `commitBatch`, and are bound by the hashes in the
event of that call: no node can put others in their place.
"""

from __future__ import annotations

from typing import Any

from eth_abi.exceptions import DecodingError

from circuits.spec.domain import RollupDomain
from sequencer.errors import MessageError
from sequencer.messages.ledger.ledger import Ledger
from sequencer.messages.message import Message
from sequencer.messages.posted import posted_messages
from sequencer.messages.watch.channels import Channels
from sequencer.messages.watch.facts import (
    BatchCommitted,
    BatchProven,
    Fact,
    MessageAccepted,
    RootImported,
)
from sequencer.messages.watch.log import RawLog
from sequencer.messages.watch.view import ChainView
from sequencer.messages.watch.watchlist import Watchlist
from verifier.chain import abi
from verifier.chain.transport import Log
from verifier.contracts import load_artifact

_ABI = load_artifact("Rollup").abi
_COMMIT = abi.functions(_ABI)["commitBatch"]
BATCH_COMMITTED = abi.event_topic(_ABI, "BatchCommitted")
_MAX_BATCH = (1 << 63) - 1  # no chain has so many blocks
_NO_ROOT = bytes(32)  # what a rollup announces as long as it has sent no message
BATCH_PROVEN = abi.event_topic(_ABI, "BatchProven")


class Rollups:
    """The rollups of one settlement chain while a range of blocks is read.

    ValueError tells what does not fit.
    """

    def __init__(self, view: ChainView, ledger: Ledger, watchlist: Watchlist) -> None:
        self._view = view
        self._ledger = ledger
        self._chain_id = watchlist.chain_id
        self._rollups = {rollup.contract: rollup for rollup in watchlist.rollups}
        self._committed: dict[tuple[str, int], BatchCommitted] = {}

    def committed(self, log: RawLog) -> BatchCommitted:
        """The batch behind a BatchCommitted, with its messages; without, if its call data does not
        give them. Nobody proved it yet: an operator may post what never can be proven, and that
        must not keep anybody from reading on.
        """
        args = _arguments(log)
        place, number = log.position(self._chain_id), int(args["number"])
        try:
            messages = self._posted(log.address, log.tx_hash)
        except ValueError:
            messages = ()
        if [message.hash() for message in messages] != list(args["leaves"]):
            messages = ()
        batch = BatchCommitted(place, log.address, number, messages)
        self._committed[log.address, number] = batch
        return batch

    def proven(self, log: RawLog, channels: Channels) -> list[Fact]:
        """What a proof makes true: its messages, and the root in the oracles that serve it."""
        args = _arguments(log)
        place = log.position(self._chain_id)
        proven = BatchProven(place, log.address, int(args["number"]), args["messageRoot"])
        batch = self._committed.get((log.address, proven.number))
        batch = batch or self._ledger.batch(self._chain_id, log.address, proven.number)
        if batch is None:
            raise ValueError(
                f"batch {proven.number} of {log.address} is proven, but was never committed: logs"
                " are missing, or start_block lies after its commitment"
            )
        messages = batch.messages
        if not messages and _root(channels, log.address) != proven.root:
            messages = self._posted(log.address, batch.position.tx_hash)  # now it matters
        facts = [self._accept(proven, message, channels) for message in messages]
        root = _root(channels, log.address)
        if root != proven.root:
            raise ValueError(
                f"batch {proven.number} of {log.address} is proven with the root"
                f" 0x{proven.root.hex()}, its messages give 0x{root.hex()}"
            )
        return [*facts, *self._served(proven)]

    def _accept(self, proven: BatchProven, message: Message, channels: Channels) -> Fact:
        block = proven.position.block_number
        root = channels.append(proven.rollup, message, block)
        return MessageAccepted(proven.position, message.hash(), root, proven.number, message)

    def _served(self, proven: BatchProven) -> list[Fact]:
        rollup = self._rollups[proven.rollup]
        if proven.root == _NO_ROOT:
            return []
        return [
            RootImported(proven.position, oracle, rollup.chain_id, proven.number, proven.root)
            for oracle in sorted(rollup.zk_oracles)
        ]

    def _posted(self, contract: str, tx_hash: bytes) -> tuple[Message, ...]:
        """The messages in the call data that committed a batch."""
        rollup = self._rollups[contract]
        domain = RollupDomain(self._chain_id, int(contract, 16), rollup.chain_id)
        data = self._view.transaction_input(tx_hash)
        try:
            public_data, payloads, _ = _COMMIT.decode_arguments(data)
            return tuple(posted_messages(public_data, payloads, domain))
        except (ValueError, MessageError) as error:
            raise ValueError(
                f"transaction 0x{tx_hash.hex()} commits a batch, but not by a plain call of"
                f" commitBatch: {error}"
            ) from None


def _root(channels: Channels, contract: str) -> bytes:
    """What the rollup announces after the messages so far."""
    tree = channels.tree(contract)
    return tree.root() if tree.count else _NO_ROOT


def _arguments(log: RawLog) -> dict[str, Any]:
    plain = Log(log.address, log.topics, log.data, "0x" + log.tx_hash.hex(), log.block_number)
    where = f"log {log.log_index} of block {log.block_number}"
    try:
        event = abi.decode_event(plain)
    except (DecodingError, OverflowError) as error:
        raise ValueError(f"{where}: {error}") from None
    if event is None:
        raise ValueError(f"{where} is no event of a rollup")
    if event.args["number"] > _MAX_BATCH:
        raise ValueError(f"{where} is about batch {event.args['number']}, which cannot be")
    return event.args
