"""A node that answers nonsense to whoever sends transactions: declared errors, and nothing signed
that was not meant.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from native.errors import TallystickError
from sequencer.messages.relayer.settings import Target
from sequencer.messages.relayer.target_chain import TargetChain
from sequencer.messages.transactions import TransactionNode
from sequencer.messages.watch import ChainView
from sequencer.messages.watch.node import NodeRefused
from tests.messages.fake_chain import ENDPOINT, ORACLE, RELAYER, FakeChain
from tests.messages.mutations import JUNK, mutated
from verifier.chain.errors import ChainRevert

ZERO_WORD = "0x" + "00" * 32
ACCOUNT = "0x" + "ac" * 20


class Market(FakeChain):
    """A chain with the answers that senders ask for."""

    def eth_getBlockByNumber(self, name: str, full: bool) -> dict[str, str] | None:
        block = super().eth_getBlockByNumber(name, full)
        return block and block | {"baseFeePerGas": "0x3b9aca00", "gasLimit": "0x1c9c380"}

    def eth_getTransactionCount(self, *_: object) -> str:
        return "0x5"

    def eth_getTransactionReceipt(self, transaction_hash: str) -> dict[str, str]:
        block = self.blocks[1]
        return {
            "transactionHash": transaction_hash,
            "blockNumber": hex(block.number),
            "blockHash": "0x" + block.hash.hex(),
            "status": "0x1",
            "gasUsed": "0x5208",
            "effectiveGasPrice": "0x1",
        }

    def eth_gasPrice(self) -> str:
        return "0x1"

    def eth_maxPriorityFeePerGas(self) -> str:
        return "0x1"

    def eth_sendRawTransaction(self, raw: str) -> str:
        return ZERO_WORD

    def eth_estimateGas(self, *_: object) -> str:
        return "0x5208"

    def eth_getBalance(self, *_: object) -> str:
        return "0x1"

    def eth_call(self, request: dict[str, str], where: Any) -> str:
        return ZERO_WORD + "00" * 32


def questions(view: ChainView) -> dict[str, Callable[[], object]]:
    """Everything that the senders ask, by name."""
    node = TransactionNode(view)
    target = TargetChain(view, Target(1, ENDPOINT, RELAYER, frozenset({ORACLE})), ACCOUNT)
    call = {"to": ENDPOINT, "data": "0x"}
    return {
        "head": node.head,
        "block_hash": lambda: node.block_hash(1),
        "nonce": lambda: node.nonce(ACCOUNT),
        "receipt": lambda: node.receipt(bytes(32)),
        "gas_price": node.gas_price,
        "tip": node.tip,
        "send": lambda: node.send(b"\x01"),
        "why_reverted": lambda: node.why_reverted(call, 1),
        "balance": lambda: view.balance(ACCOUNT),
        "app_config": lambda: target.app_config(ENDPOINT),
        "merkle_root": lambda: target.merkle_root(ORACLE, 1, 2),
        "newest": target.newest,
        "try_out": lambda: target.try_out(ENDPOINT, b"", 100_000),
        "estimate": lambda: target.estimate(ENDPOINT, b""),
    }


NAMES = sorted(questions(ChainView(1, [])))


@pytest.mark.parametrize("name", NAMES)
def test_the_truth_is_understood(name: str) -> None:
    chain: Any = Market()
    chain.mine(3)
    questions(ChainView(1, [chain]))[name]()


@pytest.mark.parametrize("name", NAMES)
def test_nonsense_is_answered_by_declared_errors_only(name: str) -> None:
    for seed in range(150):
        chain: Any = Market()
        chain.mine(3)
        chain.lie = _liar(random.Random(seed))
        with suppress(TallystickError, ChainRevert):
            questions(ChainView(1, [chain]))[name]()


def _liar(rng: random.Random) -> Callable[[str, list[Any], Any], Any]:
    def lie(method: str, params: list[Any], answer: Any) -> Any:
        if method == "eth_chainId":
            return answer
        if rng.random() < 0.3:
            words = rng.choice(["execution reverted", "out of gas", "no", "", "nonce too low"])
            data = rng.choice([*JUNK, {"data": rng.choice(JUNK)}])
            raise NodeRefused("node", method, words, data)
        return mutated(rng, answer)

    return lie
