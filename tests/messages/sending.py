"""A sender over a development node whose mining the test controls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address

from sequencer.messages.transactions import (
    Intent,
    SenderPolicy,
    TransactionNode,
    TransactionSender,
    TransactionStore,
)
from sequencer.messages.watch import ChainView
from sequencer.messages.watch.node import Node, NodeRefused
from tests.verifier.anvil import running_anvil

CHAIN_ID = 31337
GWEI = 10**9
# First account of the public test mnemonic that every development node knows, and has funded.
SIGNER: LocalAccount = Account.from_key(
    "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
)
RECIPIENT = to_checksum_address("0x00000000000000000000000000000000000000aa")


class ScriptedNode(Node):
    """A node between us and the chain that refuses or answers for itself, method by method."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url
        self.sent: list[str] = []
        self.refuse: dict[str, str] = {}
        self.answer: dict[str, Any] = {}

    def request(self, method: str, params: Sequence[object]) -> Any:
        if method == "eth_sendRawTransaction":
            self.sent.append(str(params[0]))
        if method in self.refuse:
            raise NodeRefused(self.name, method, self.refuse[method], None)
        if method in self.answer:
            return self.answer[method]
        return super().request(method, params)

    def ask(self, method: str, *params: object) -> Any:
        """A question of the test's own; not lied to."""
        return super().request(method, params)


@dataclass
class Bench:
    """One node, one database file, and a clock that the test moves."""

    rpc: ScriptedNode
    path: Path
    policy: SenderPolicy
    now_s: float = 1_000.0
    sender: TransactionSender = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> TransactionSender:
        """As after kill -9: nothing is left but the file."""
        store = TransactionStore.open(self.path, CHAIN_ID, SIGNER.address)
        node = TransactionNode(ChainView(CHAIN_ID, [self.rpc]))
        self.store = store
        self.sender = TransactionSender(
            node, store, SIGNER, CHAIN_ID, self.policy, clock=lambda: self.now_s
        )
        return self.sender

    def mine(self, blocks: int = 1) -> None:
        """New blocks on top."""
        self.rpc.ask("anvil_mine", hex(blocks))

    def reorganise(self, depth: int) -> None:
        """Replace the newest blocks by empty ones; their transactions are forgotten."""
        self.rpc.ask("anvil_reorg", depth, [])

    def count(self, block: str = "latest") -> int:
        """Transactions of the sender's account in the chain."""
        return int(self.rpc.ask("eth_getTransactionCount", SIGNER.address, block), 16)

    def waiting(self) -> dict[str, Any]:
        """The node's pool, nonce by nonce."""
        pool = self.rpc.ask("txpool_content")["pending"]
        return dict(next(iter(pool.values()), {}))

    def later(self) -> None:
        """Time enough for an offer to be raised: blocks without our transactions, seconds."""
        held = [entry["hash"] for entry in self.waiting().values()]
        for transaction in held:
            self.rpc.ask("anvil_dropTransaction", transaction)
        self.mine(self.policy.bump_after_blocks)
        self.now_s += self.policy.bump_after_s


def transfer(key: str = "work", *, value: int = 1, gas_limit: int = 21_000) -> Intent:
    """Send a few wei."""
    return Intent(key, RECIPIENT, b"", gas_limit, value)


@contextmanager
def running_bench(path: Path, *, policy: SenderPolicy | None = None) -> Iterator[Bench]:
    """A fresh node that mines only when told."""
    with running_anvil(chain_id=CHAIN_ID, timestamp_s=1_700_000_000) as chain:
        rpc = ScriptedNode(chain.url)
        rpc.ask("evm_setAutomine", False)
        chosen = policy or SenderPolicy(100 * GWEI, confirmations=4)
        yield Bench(rpc, path, chosen)
