"""A read-only, checked view of one EVM chain over JSON-RPC, through one or several nodes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sequencer.messages.watch import fields
from sequencer.messages.watch.errors import NodeDisagreement, NodeUnavailable
from sequencer.messages.watch.finality import Finality
from sequencer.messages.watch.header import Header
from sequencer.messages.watch.log import RawLog
from sequencer.messages.watch.node import Node, NodeRefused
from verifier.chain.transport import ExecutionReverted

CHAIN_ID_CHECK_INTERVAL_S = 60.0
_T = TypeVar("_T")


class ChainView:
    """Every answer is checked before it is believed.

    Addresses are checksummed strings. All methods raise NodeUnavailable when no node answers (after
    bounded retries) and NodeDisagreement for an answer that cannot be true. One node is asked as
    long as it answers; `switch` moves on to the next.
    """

    def __init__(
        self,
        chain_id: int,
        nodes: Sequence[Node],
        finality: Finality = Finality(),  # noqa: B008 (frozen)
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.chain_id = chain_id
        self.finality = finality
        self._nodes = list(nodes)
        self._clock = clock
        self._checked_at: dict[str, float] = {}

    @property
    def node_name(self) -> str:
        """The node that is asked first."""
        return self._nodes[0].name

    def switch(self) -> None:
        """Ask the next node from now on, and check the chain id of whoever it is."""
        self._nodes.append(self._nodes.pop(0))
        self._checked_at.clear()

    def close(self) -> None:
        """Close the connections."""
        for node in self._nodes:
            node.close()

    # -- blocks --

    def head(self) -> Header:
        """The newest block."""
        found = self._block("latest")
        if found is None:
            raise NodeUnavailable(f"{self.node_name} knows no newest block")
        return found

    def header(self, number: int) -> Header | None:
        """The block with this number, None beyond the head."""
        found = self._block(hex(number))
        if found is not None and found.number != number:
            raise self.disagreement(f"block {found.number} was given for block {number}")
        return found

    def finalized(self, head: Header) -> int:
        """The number of the newest block that is final by the configured rule, -1 if there is
        none.
        """
        if self.finality.tag is None:
            return max(-1, head.number - self.finality.confirmations)
        found = self._block(self.finality.tag)
        if found is not None and found.number > head.number:
            raise self.disagreement(
                f"its {self.finality.tag} block {found.number} lies above its head {head.number}"
            )
        return -1 if found is None else found.number

    # -- logs --

    def logs(
        self, first: int, last: int, addresses: Sequence[str], topics: Sequence[bytes]
    ) -> list[RawLog]:
        """The logs of a range, from these contracts and with one of these first topics, in order.

        NodeRefused when the node does not serve a range this long.
        """
        query = {
            "fromBlock": hex(first),
            "toBlock": hex(last),
            "address": sorted(addresses),
            "topics": [sorted("0x" + topic.hex() for topic in topics)],
        }
        found = self._ask("eth_getLogs", [query], fields.logs)
        for log in found:
            self._check_log(log, first, last, addresses, topics)
        places = [(log.block_number, log.log_index) for log in found]
        if len(set(places)) != len(places):
            raise self.disagreement(f"a log of blocks {first} … {last} is there twice")
        return sorted(found, key=lambda log: (log.block_number, log.log_index))

    def receipt_logs(self, tx_hash: bytes) -> list[RawLog]:
        """All logs of a transaction, from its receipt."""
        return self._ask("eth_getTransactionReceipt", ["0x" + tx_hash.hex()], fields.receipt_logs)

    def block_logs(self, block_hash: bytes) -> list[RawLog]:
        """All logs of a block, from its receipts. NodeRefused where a node has no such method."""
        return self._ask("eth_getBlockReceipts", ["0x" + block_hash.hex()], fields.block_logs)

    # -- state and transactions --

    def call(self, to: str, data: bytes, *, block_hash: bytes | None = None) -> bytes:
        """eth_call on a block, or on the newest one. ExecutionReverted when the code reverts."""
        request = {"to": to, "data": "0x" + data.hex()}
        block: object = "latest"
        if block_hash is not None:
            block = {"blockHash": "0x" + block_hash.hex()}
        try:
            return self._ask("eth_call", [request, block], lambda v: fields.data(v, "result"))
        except NodeRefused as refused:
            raise reverted_by(refused) or refused from None

    def balance(self, address: str) -> int:
        """The newest balance, wei."""
        return self._ask(
            "eth_getBalance", [address, "latest"], lambda v: fields.quantity(v, "balance")
        )

    def transaction_input(self, tx_hash: bytes) -> bytes:
        """The input data of a transaction that is in a block."""
        return self._ask("eth_getTransactionByHash", ["0x" + tx_hash.hex()], _input)

    def request(self, method: str, *params: object) -> Any:
        """Any other call, its result unchecked. NodeRefused for a JSON-RPC error."""
        return self._ask(method, params, lambda value: value)

    def disagreement(self, what: str) -> NodeDisagreement:
        """The error that blames the node asked last."""
        return NodeDisagreement(f"chain {self.chain_id}, node {self.node_name}: {what}")

    # -- internals --

    def _block(self, name: str) -> Header | None:
        def read(value: Any) -> Header | None:
            return None if value is None else fields.header(value)

        try:
            return self._ask("eth_getBlockByNumber", [name, False], read)
        except NodeRefused as refused:
            raise NodeUnavailable(f"chain {self.chain_id}: {refused}") from None

    def _ask(self, method: str, params: Sequence[object], read: Callable[[Any], _T]) -> _T:
        """Ask the nodes in turn until one answers."""
        reasons = []
        for _ in self._nodes:
            try:
                self._check_chain_id()
                answer = self._nodes[0].request(method, params)
            except NodeUnavailable as error:
                reasons.append(str(error))
                self.switch()
                continue
            try:
                return read(answer)
            except ValueError as error:
                raise self.disagreement(f"the answer to {method} is malformed: {error}") from None
        raise NodeUnavailable(f"chain {self.chain_id}: " + "; ".join(reasons))

    def _check_chain_id(self) -> None:
        node, now = self._nodes[0], self._clock()
        checked_at = self._checked_at.get(node.name)
        if checked_at is not None and now - checked_at < CHAIN_ID_CHECK_INTERVAL_S:
            return
        answer = node.request("eth_chainId", [])
        try:
            found = fields.quantity(answer, "chain id")
        except ValueError as error:
            raise self.disagreement(str(error)) from None
        if found != self.chain_id:
            raise self.disagreement(
                f"it serves chain {found}: correct the chain's id or its URLs in the configuration"
            )
        self._checked_at[node.name] = now

    def _check_log(
        self,
        log: RawLog,
        first: int,
        last: int,
        addresses: Sequence[str],
        topics: Sequence[bytes],
    ) -> None:
        where = f"log {log.log_index} of block {log.block_number}"
        if not first <= log.block_number <= last:
            raise self.disagreement(f"{where} does not lie in {first} … {last}, as was asked")
        if log.address not in addresses:
            raise self.disagreement(f"{where} is from {log.address}, which was not asked for")
        if not log.topics or log.topics[0] not in topics:
            raise self.disagreement(f"{where} has a topic that was not asked for")


def reverted_by(refused: NodeRefused) -> ExecutionReverted | None:
    """Nodes report a revert as an error with the returned data; None for another refusal."""
    data = refused.data
    if isinstance(data, dict):
        data = data.get("data")
    if isinstance(data, str) and data.startswith("0x"):
        return ExecutionReverted(_returned(data))
    text = refused.message.lower()
    if "out of gas" in text or "outofgas" in text or "intrinsic gas" in text:
        return ExecutionReverted(b"", out_of_gas=True)
    return ExecutionReverted(b"") if "revert" in text else None


def _returned(text: str) -> bytes:
    """What a reverted call returned; nothing if the node garbles it: it reverted all the same."""
    try:
        return fields.data(text, "returned data")
    except ValueError:
        return b""


def _input(value: Any) -> bytes:
    if not isinstance(value, dict):
        raise ValueError(f"transaction is {str(value)[:80]!r}")
    return fields.data(value.get("input"), "transaction input")
