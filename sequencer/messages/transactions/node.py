"""What the sender asks of a node, typed, over the checked view of its chain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sequencer.messages.transactions.replies import Reply, classify
from sequencer.messages.watch import ChainView, NodeUnavailable, fields
from sequencer.messages.watch.node import NodeRefused
from sequencer.messages.watch.view import reverted_by
from verifier.chain.abi import decode_revert

_T = TypeVar("_T")


@dataclass(frozen=True)
class Head:
    """The newest block; `base_fee` is None before EIP-1559."""

    number: int
    hash: bytes
    base_fee: int | None
    gas_limit: int


@dataclass(frozen=True)
class MinedReceipt:
    """Where a transaction stands and what it cost."""

    block_number: int
    block_hash: bytes
    succeeded: bool
    gas_used: int
    gas_price: int


class TransactionNode:
    """One chain as the sender sees it. NodeUnavailable when no node answers or serves a question,
    NodeDisagreement for an answer that cannot be true.
    """

    def __init__(self, view: ChainView) -> None:
        self._view = view

    def head(self) -> Head:
        """The newest block."""
        return self._ask("eth_getBlockByNumber", ["latest", False], _head)

    def block_hash(self, number: int) -> bytes | None:
        """The hash of the chain's block with that number."""
        header = self._view.header(number)
        return None if header is None else header.hash

    def nonce(self, account: str, block: str = "latest") -> int:
        """How many transactions of the account the chain holds ("pending": with the waiting)."""
        return self._ask("eth_getTransactionCount", [account, block], _number("nonce"))

    def receipt(self, transaction_hash: bytes) -> MinedReceipt | None:
        """The receipt of a transaction in the chain, None for one that is not."""

        def read(value: Any) -> MinedReceipt | None:
            return None if value is None else _receipt(value, transaction_hash)

        found = self._ask("eth_getTransactionReceipt", ["0x" + transaction_hash.hex()], read)
        if found is None or self.block_hash(found.block_number) == found.block_hash:
            return found
        return None  # left over from a block that the chain has dropped

    def gas_price(self) -> int:
        """What a transaction without tip pays now, wei."""
        return self._ask("eth_gasPrice", [], _number("gas price"))

    def tip(self) -> int | None:
        """The tip that the node recommends, None if it recommends nothing."""
        try:
            return fields.quantity(self._view.request("eth_maxPriorityFeePerGas"), "tip")
        except (NodeRefused, ValueError):
            return None

    def send(self, raw: bytes) -> tuple[Reply, str]:
        """Hand over a signed transaction: how the node took it, and in its words."""
        try:
            self._view.request("eth_sendRawTransaction", "0x" + raw.hex())
        except NodeRefused as refused:
            return classify(refused.message), refused.message
        return Reply.ACCEPTED, ""

    def why_reverted(self, call: dict[str, str], block_number: int) -> str:
        """The contract's error: the transaction run again on the state before its block."""
        try:
            self._view.request("eth_call", call, hex(block_number - 1))
        except NodeRefused as refused:
            reverted = reverted_by(refused)
            return refused.message if reverted is None else str(decode_revert(reverted))
        return "reverted, but does not when run alone before its block"

    def _ask(self, method: str, params: list[Any], read: Callable[[Any], _T]) -> _T:
        try:
            answer = self._view.request(method, *params)
        except NodeRefused as refused:
            raise NodeUnavailable(str(refused)) from None
        try:
            return read(answer)
        except ValueError as error:
            raise self._view.disagreement(f"the answer to {method} is malformed: {error}") from None


def _number(name: str) -> Callable[[Any], int]:
    return lambda value: fields.number(value, name)


def _head(value: Any) -> Head:
    header = fields.header(value)
    base_fee = value.get("baseFeePerGas")
    return Head(
        header.number,
        header.hash,
        None if base_fee is None else fields.quantity(base_fee, "base fee"),
        fields.number(value.get("gasLimit"), "gas limit"),
    )


def _receipt(value: Any, transaction_hash: bytes) -> MinedReceipt:
    if not isinstance(value, dict):
        raise ValueError(f"receipt is {str(value)[:80]!r}, not an object")
    if fields.data(value.get("transactionHash"), "transaction hash", 32) != transaction_hash:
        raise ValueError("the receipt of another transaction")
    return MinedReceipt(
        fields.number(value.get("blockNumber"), "block number"),
        fields.data(value.get("blockHash"), "block hash", 32),
        fields.number(value.get("status"), "status") == 1,
        fields.number(value.get("gasUsed"), "gas used"),
        fields.quantity(value.get("effectiveGasPrice", "0x0"), "gas price"),
    )
