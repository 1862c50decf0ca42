"""What the sender asks of a node, typed, over any JSON-RPC client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from native.errors import TallystickError
from sequencer.messages.transactions.replies import Reply, classify
from verifier.chain.abi import decode_revert
from verifier.chain.errors import ChainUnavailable
from verifier.chain.transport import ExecutionReverted


class NodeRefusal(TallystickError):
    """The node answered with an error; `data` is what a reverted call returned, if any."""

    def __init__(self, message: str, data: bytes | None = None) -> None:
        super().__init__(message)
        self.data = data


class JsonRpc(Protocol):
    """A JSON-RPC client. It raises NodeRefusal for an error reply, ChainUnavailable for none."""

    def request(self, method: str, *params: Any) -> Any:
        """The member `result` of the reply."""


@dataclass(frozen=True)
class Head:
    """The newest block; `base_fee` is None before EIP-1559."""

    number: int
    hash: bytes
    base_fee: int | None


@dataclass(frozen=True)
class MinedReceipt:
    """Where a transaction stands and what it cost."""

    block_number: int
    block_hash: bytes
    succeeded: bool
    gas_used: int
    gas_price: int


class TransactionNode:
    """The operations of one node; ChainUnavailable when it is away or talks nonsense."""

    def __init__(self, rpc: JsonRpc) -> None:
        self._rpc = rpc

    def chain_id(self) -> int:
        """The chain's id."""
        return _number(self._ask("eth_chainId"))

    def head(self) -> Head:
        """The newest block."""
        block = _object(self._ask("eth_getBlockByNumber", "latest", False))
        base_fee = block.get("baseFeePerGas")
        return Head(
            _number(block.get("number")),
            _bytes(block.get("hash")),
            None if base_fee is None else _number(base_fee),
        )

    def block_hash(self, number: int) -> bytes | None:
        """The hash of the chain's block with that number."""
        block = self._ask("eth_getBlockByNumber", hex(number), False)
        return None if block is None else _bytes(_object(block).get("hash"))

    def nonce(self, account: str, block: str = "latest") -> int:
        """How many transactions of the account the chain holds ("pending": with the waiting)."""
        return _number(self._ask("eth_getTransactionCount", account, block))

    def receipt(self, transaction_hash: bytes) -> MinedReceipt | None:
        """The receipt of a transaction in the chain, None for one that is not."""
        found = self._ask("eth_getTransactionReceipt", "0x" + transaction_hash.hex())
        if found is None:
            return None
        found = _object(found)
        if _bytes(found.get("transactionHash")) != transaction_hash:
            raise ChainUnavailable("the node gives the receipt of another transaction")
        number, block_hash = _number(found.get("blockNumber")), _bytes(found.get("blockHash"))
        if self.block_hash(number) != block_hash:
            return None  # left over from a block that the chain has dropped
        return MinedReceipt(
            number,
            block_hash,
            _number(found.get("status")) == 1,
            _number(found.get("gasUsed")),
            _number(found.get("effectiveGasPrice", "0x0")),
        )

    def gas_price(self) -> int:
        """What a transaction without tip pays now, wei."""
        return _number(self._ask("eth_gasPrice"))

    def tip(self) -> int | None:
        """The tip that the node recommends, None if it recommends nothing."""
        try:
            return _number(self._rpc.request("eth_maxPriorityFeePerGas"))
        except NodeRefusal:
            return None

    def send(self, raw: bytes) -> tuple[Reply, str]:
        """Hand over a signed transaction: how the node took it, and in its words."""
        try:
            self._rpc.request("eth_sendRawTransaction", "0x" + raw.hex())
        except NodeRefusal as refusal:
            return classify(str(refusal)), str(refusal)
        return Reply.ACCEPTED, ""

    def why_reverted(self, call: dict[str, str], block_number: int) -> str:
        """The contract's error: the transaction run again on the state before its block."""
        try:
            self._rpc.request("eth_call", call, hex(block_number - 1))
        except NodeRefusal as refusal:
            if refusal.data is None:
                return str(refusal)
            return str(decode_revert(ExecutionReverted(refusal.data)))
        return "reverted, but does not when run alone before its block"

    def _ask(self, method: str, *params: Any) -> Any:
        try:
            return self._rpc.request(method, *params)
        except NodeRefusal as refusal:
            raise ChainUnavailable(f"the node refused {method}: {refusal}") from refusal


def _number(value: Any) -> int:
    try:
        return int(value, 16)
    except (TypeError, ValueError):
        raise ChainUnavailable(f"the node gave {value!r} where a number belongs") from None


def _bytes(value: Any) -> bytes:
    if not isinstance(value, str) or not value.startswith("0x"):
        raise ChainUnavailable(f"the node gave {value!r} where bytes belong")
    try:
        return bytes.fromhex(value[2:])
    except ValueError:
        raise ChainUnavailable(f"the node gave {value!r} where bytes belong") from None


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ChainUnavailable(f"the node gave {value!r} where an object belongs")
    return value
