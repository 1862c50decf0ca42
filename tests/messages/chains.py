"""Two real chains with an endpoint, a relayer and an oracle each; blocks come when a test says so
or with each transaction, and can be taken back.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from eth_account import Account
from eth_account.signers.local import LocalAccount

from sequencer.messages.watch.watchlist import Watchlist
from tests.verifier.anvil import running_anvil
from verifier.chain import Contract, Receipt
from verifier.chain.messaging_deployment import (
    DestinationPrice,
    MessagingAddresses,
    MessagingConfig,
    deploy_messaging,
)
from verifier.chain.rpc import RpcChain
from verifier.contracts import load_artifact

# The public test mnemonic's accounts, which every development node knows and has funded.
OWNER_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
OTHER_KEYS = (
    "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
    "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
    "0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6",
)
OWNER: LocalAccount = Account.from_key(OWNER_KEY)
A_ID, B_ID = 31337, 31338


@dataclass(frozen=True)
class MessagingChain:
    """One chain: its node, where the contracts are, and an application that takes notices."""

    rpc: RpcChain
    addresses: MessagingAddresses
    application: Contract
    start_block: int

    @property
    def url(self) -> str:
        return self.rpc.url

    @property
    def chain_id(self) -> int:
        return self.rpc.chain_id

    @property
    def endpoint(self) -> Contract:
        return Contract(self.rpc, load_artifact("Endpoint"), self.addresses.endpoint)

    @property
    def oracle(self) -> Contract:
        return Contract(self.rpc, load_artifact("Oracle"), self.addresses.oracle)

    @property
    def relayer(self) -> Contract:
        return Contract(self.rpc, load_artifact("Relayer"), self.addresses.relayer)

    def watchlist(self) -> Watchlist:
        """All its contracts."""
        return Watchlist(
            self.chain_id,
            self.start_block,
            self.addresses.endpoint,
            frozenset({self.addresses.relayer}),
            frozenset({self.addresses.oracle}),
        )

    def send(
        self, target: MessagingChain, text: str = "hello", *, gas_limit: int = 200_000
    ) -> Receipt:
        """Send a notice to the target's application, from its owner, with the exact fee."""
        payload = target.application.encode("post", text)
        return self.send_to(target.chain_id, target.application.address, payload, gas_limit)

    def send_to(self, chain_id: int, to: str, payload: bytes, gas_limit: int) -> Receipt:
        """Send any message, with the exact fee."""
        owner, endpoint = OWNER.address, self.endpoint
        fee = endpoint.call("fee", chain_id, owner, gas_limit, payload, b"")
        arguments = (chain_id, to, gas_limit, payload, owner, b"")
        return endpoint.transact("send", *arguments, sender=owner, value=fee)

    # -- blocks --

    def ask(self, method: str, *params: object) -> Any:
        """Any JSON-RPC call; an error reply fails the test."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        reply = requests.post(self.url, json=body, timeout=30).json()
        if "error" in reply:
            raise AssertionError(f"{method}: {reply['error']}")
        return reply["result"]

    def mine(self, count: int = 1) -> None:
        """Add empty blocks."""
        self.ask("anvil_mine", hex(count))

    def head(self) -> int:
        """The newest block's number."""
        return int(self.ask("eth_blockNumber"), 16)

    def reorganise(self, depth: int) -> None:
        """Replace the newest blocks by as many empty ones; their transactions are gone."""
        self.ask("anvil_reorg", depth, [])

    def transaction_count(self) -> int:
        """How many transactions the owner has in the chain."""
        return int(self.ask("eth_getTransactionCount", OWNER.address, "latest"), 16)

    def balance(self, address: str) -> int:
        """Wei of an account."""
        return int(self.ask("eth_getBalance", address, "latest"), 16)


@contextmanager
def messaging_chain(
    chain_id: int, *, targets: tuple[int, ...], arguments: tuple[str, ...] = ()
) -> Iterator[MessagingChain]:
    """A node of one's own with everything deployed and prices set for the targets. `finalized`
    there is two blocks below the head. Skips without node.
    """
    arguments = ("--slots-in-an-epoch", "1", *arguments)
    running = running_anvil(chain_id=chain_id, timestamp_s=int(time.time()), arguments=arguments)
    with running as rpc:
        prices = {target: DestinationPrice() for target in targets}
        addresses, _ = deploy_messaging(rpc, MessagingConfig(OWNER.address, (), prices))
        board = load_artifact("NoticeBoard")
        application, _ = Contract.deploy(rpc, board, addresses.endpoint, sender=OWNER.address)
        yield MessagingChain(rpc, addresses, application, start_block=1)


@contextmanager
def messaging_pair() -> Iterator[tuple[MessagingChain, MessagingChain]]:
    """Two of them, A and B, that can send to each other."""
    with ExitStack() as stack:
        a = stack.enter_context(messaging_chain(A_ID, targets=(B_ID,)))
        b = stack.enter_context(messaging_chain(B_ID, targets=(A_ID,)))
        yield a, b
