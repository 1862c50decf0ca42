"""Any node that speaks JSON-RPC, through web3."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from eth_account import Account
from eth_account.signers.local import LocalAccount
from hexbytes import HexBytes
from requests.exceptions import RequestException
from web3 import Web3
from web3.exceptions import ContractLogicError, Web3Exception, Web3RPCError
from web3.types import TxParams

from verifier.chain.errors import ChainUnavailable
from verifier.chain.transport import ExecutionReverted, Log, TransactionResult

RECEIPT_TIMEOUT_S = 120
_T = TypeVar("_T")


class RpcChain:
    """A node at `url`. Transactions are signed with `keys`; without any, the node signs.

    Events are looked up from block `from_block` on: the deployment's, on a chain with history.
    """

    def __init__(self, url: str, *, keys: Sequence[str | bytes] = (), from_block: int = 0) -> None:
        self.url = url
        self._web3 = Web3(Web3.HTTPProvider(url, request_kwargs={"timeout": 30}))
        self._from_block = from_block
        self._signers: dict[str, LocalAccount] = {}
        for key in keys:
            signer = Account.from_key(key)
            self._signers[signer.address] = signer
        self._chain_id = _reach(lambda: self._web3.eth.chain_id)
        # Public nodes sign for nobody and may not even answer the question.
        nobody: Sequence[str] = ()
        self._node_accounts = nobody if keys else tuple(_reach(lambda: self._web3.eth.accounts))

    @property
    def chain_id(self) -> int:
        """The chain's id."""
        return self._chain_id

    @property
    def accounts(self) -> Sequence[str]:
        """Addresses of the given keys; without any, those that the node signs for."""
        return (*self._signers, *self._node_accounts)

    def transact(
        self,
        to: str | None,
        data: bytes,
        *,
        sender: str,
        value: int = 0,
        gas_limit: int | None = None,
    ) -> TransactionResult:
        """Send a transaction and wait for its block; gas is estimated unless given."""
        request = _request(to, data, sender, value)
        request["gas"] = gas_limit or _execute(lambda: self._web3.eth.estimate_gas(request))
        sent = _execute(lambda: self._send(request, sender))
        receipt = _reach(
            lambda: self._web3.eth.wait_for_transaction_receipt(sent, timeout=RECEIPT_TIMEOUT_S)
        )
        if receipt["status"] != 1:
            raise self._why_failed(request, receipt)
        logs = tuple(_log(entry) for entry in receipt["logs"])
        return TransactionResult(
            "0x" + bytes(sent).hex(),
            receipt["gasUsed"],
            receipt["blockNumber"],
            logs,
            receipt["contractAddress"],
        )

    def call(self, to: str, data: bytes, *, sender: str | None = None) -> bytes:
        """eth_call on the newest state."""
        request = _request(to, data, sender or self.accounts[0], 0)
        return bytes(_execute(lambda: self._web3.eth.call(request)))

    def logs(self, address: str, topics: Sequence[bytes | None]) -> list[Log]:
        """eth_getLogs from `from_block` to the newest block."""
        wanted = [None if topic is None else "0x" + topic.hex() for topic in topics]
        query: Any = {"address": address, "topics": wanted, "fromBlock": self._from_block}
        return [_log(entry) for entry in _reach(lambda: self._web3.eth.get_logs(query))]

    def transaction_data(self, transaction_id: str) -> bytes:
        """Input data of a past transaction."""
        found = _reach(lambda: self._web3.eth.get_transaction(transaction_id))  # type: ignore[arg-type]
        return bytes(found["input"])

    def block_number(self) -> int:
        """The newest block's number."""
        return int(_reach(lambda: self._web3.eth.block_number))

    def block_timestamp(self) -> int:
        """The newest block's time."""
        return _reach(lambda: self._web3.eth.get_block("latest"))["timestamp"]

    def _send(self, request: TxParams, sender: str) -> HexBytes:
        eth = self._web3.eth
        signer = self._signers.get(sender)
        if signer is None:
            return eth.send_transaction(request)
        full: Any = {**request, "chainId": self._chain_id}
        full["nonce"] = eth.get_transaction_count(signer.address, "pending")
        full["gasPrice"] = eth.gas_price
        return eth.send_raw_transaction(signer.sign_transaction(full).raw_transaction)

    def _why_failed(self, request: TxParams, receipt: Any) -> ExecutionReverted:
        """A receipt has no reason: run the transaction again on the block before."""
        if receipt["gasUsed"] >= request["gas"]:
            return ExecutionReverted(b"", out_of_gas=True)
        try:
            self._web3.eth.call(request, receipt["blockNumber"] - 1)
        except Web3Exception as error:
            return _reverted(error) or ExecutionReverted(b"")
        return ExecutionReverted(b"")


def _request(to: str | None, data: bytes, sender: str, value: int) -> TxParams:
    request: Any = {"from": sender, "data": "0x" + data.hex(), "value": value}
    if to is not None:
        request["to"] = to
    return request  # type: ignore[no-any-return]


def _log(entry: Any) -> Log:
    return Log(
        entry["address"],
        tuple(bytes(topic) for topic in entry["topics"]),
        bytes(entry["data"]),
        "0x" + bytes(entry["transactionHash"]).hex(),
        entry["blockNumber"],
    )


def _reach(action: Callable[[], _T]) -> _T:
    """Run a query; whatever goes wrong is the connection's fault."""
    try:
        return action()
    except (Web3Exception, RequestException, OSError) as error:
        raise ChainUnavailable(f"the node does not serve this: {error}") from error


def _execute(action: Callable[[], _T]) -> _T:
    """Run something that executes code, and tell reverts from a node that cannot be reached."""
    try:
        return action()
    except Web3Exception as error:
        reverted = _reverted(error)
        if reverted is None:
            raise ChainUnavailable(f"the node refused: {error}") from error
        raise reverted from None
    except (RequestException, OSError) as error:
        raise ChainUnavailable(f"the node cannot be reached: {error}") from error


def _reverted(error: Web3Exception) -> ExecutionReverted | None:
    """Nodes report a revert with its data, and exhausted gas in words."""
    data = getattr(error, "data", None)
    if isinstance(data, str) and data.startswith("0x"):
        return ExecutionReverted(bytes.fromhex(data[2:]))
    text = str(error).lower()
    if "out of gas" in text or "outofgas" in text or "intrinsic gas" in text:
        return ExecutionReverted(b"", out_of_gas=True)
    if isinstance(error, ContractLogicError):
        return ExecutionReverted(b"")
    if isinstance(error, Web3RPCError) and "revert" in text:
        return ExecutionReverted(b"")
    return None
