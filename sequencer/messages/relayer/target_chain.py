"""What the relayer asks of the chain it delivers to. Answers are remembered for one round."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sequencer.messages.relayer import calls
from sequencer.messages.relayer.settings import Target
from sequencer.messages.transactions import TransactionNode
from sequencer.messages.watch import ChainView, NodeUnavailable, fields
from sequencer.messages.watch.node import NodeRefused
from sequencer.messages.watch.view import reverted_by
from verifier.chain.abi import decode_revert
from verifier.chain.errors import ChainRevert
from verifier.chain.transport import ExecutionReverted

CONFIG_AGE_S = 10.0
_T = TypeVar("_T")


@dataclass(frozen=True)
class Newest:
    """The newest block: its number, the price of a unit of gas in wei, how much of it it holds."""

    number: int
    price: int
    block_limit: int


class TargetChain:
    """Reads and trial runs, as the account that will send. NodeUnavailable when no node answers,
    NodeDisagreement for nonsense, ChainRevert when a contract refuses.
    """

    def __init__(
        self,
        view: ChainView,
        target: Target,
        account: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.view = view
        self.target = target
        self.account = account
        self._node = TransactionNode(view)
        self._clock = clock
        self._configs: dict[str, tuple[str, str]] = {}
        self._configs_since = clock()
        self._roots: dict[tuple[str, int, int], bytes] = {}
        self._newest: Newest | None = None

    def new_round(self) -> None:
        """Forget what was answered; what applications chose, only after a while: a trial run
        notices a change.
        """
        if self._clock() - self._configs_since > CONFIG_AGE_S:
            self._configs.clear()
            self._configs_since = self._clock()
        self._roots.clear()
        self._newest = None

    def app_config(self, application: str) -> tuple[str, str]:
        """The oracle and the relayer in charge of messages to an application."""
        if application not in self._configs:
            answer = self._read(self.target.endpoint, calls.get_app_config(application))
            self._configs[application] = self._understood(answer, calls.app_config)
        return self._configs[application]

    def merkle_root(self, oracle: str, source_chain_id: int, block_number: int) -> bytes:
        """The root that an oracle holds, 32 zero bytes for none."""
        key = (oracle, source_chain_id, block_number)
        if key not in self._roots:
            answer = self._read(oracle, calls.merkle_root(source_chain_id, block_number))
            self._roots[key] = self._understood(answer, _word)
        return self._roots[key]

    def done_of(self, port: str, source_chain_id: int, dapp: str) -> int:
        """How many numbers of a lane of an ordered port are done."""
        return self._understood(self._read(port, calls.done_of(source_chain_id, dapp)), calls.done)

    def newest(self) -> Newest:
        """The newest block."""
        if self._newest is None:
            head = self._node.head()
            price = self._node.gas_price() if head.base_fee is None else self._priced(head.base_fee)
            self._newest = Newest(head.number, price, head.gas_limit)
        return self._newest

    def try_out(self, to: str, data: bytes, gas: int) -> bytes:
        """eth_call as our account; what the call returns."""
        answer = self._run("eth_call", {"to": to, "data": _hex(data), "gas": hex(gas)}, "latest")
        return self._understood(answer, lambda value: fields.data(value, "result"))

    def estimate(self, to: str, data: bytes) -> int:
        """eth_estimateGas as our account: it leaves every application its full gas limit."""
        answer = self._run("eth_estimateGas", {"to": to, "data": _hex(data)}, "latest")
        return self._understood(answer, lambda value: fields.number(value, "gas"))

    def _priced(self, base_fee: int) -> int:
        return base_fee + (self._node.tip() or 0)

    def _read(self, to: str, data: bytes) -> bytes:
        try:
            return self.view.call(to, data)
        except ExecutionReverted as reverted:
            raise decode_revert(reverted) from None
        except NodeRefused as refused:
            raise NodeUnavailable(str(refused)) from None

    def _run(self, method: str, request: dict[str, str], block: str) -> Any:
        try:
            return self.view.request(method, {"from": self.account, **request}, block)
        except NodeRefused as refused:
            reverted = reverted_by(refused)
            if reverted is None:
                raise ChainRevert("Refused", (refused.message,)) from None
            raise decode_revert(reverted) from None

    def _understood(self, answer: Any, read: Callable[[Any], _T]) -> _T:
        try:
            return read(answer)
        except ValueError as error:
            raise self.view.disagreement(str(error)) from None


def _word(answer: bytes) -> bytes:
    """An oracle without code answers nothing: it holds no root."""
    return answer[:32] if len(answer) >= 32 else bytes(32)


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
