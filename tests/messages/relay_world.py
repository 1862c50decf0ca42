"""Two development nodes with the messaging contracts, and a relayer between them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from eth_abi.abi import decode
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_hash.auto import keccak

from sequencer.messages import logs
from sequencer.messages.ledger import Database
from sequencer.messages.message import Message
from sequencer.messages.relayer.config import load_relayer_config
from sequencer.messages.relayer.daemon import RelayerDaemon
from sequencer.messages.relayer.status import RouteStatus, route_status
from tests.verifier.anvil import running_anvil
from tests.verifier.doubles import ARTIFACTS
from tests.verifier.world import CLOCK_S
from verifier.chain import (
    Contract,
    DestinationPrice,
    MessagingAddresses,
    MessagingConfig,
    deploy_messaging,
)
from verifier.chain.rpc import RpcChain
from verifier.contracts import load_artifact

ALPHA, BETA = 31337, 31338
KEY_VARIABLE = "RELAYER_TEST_KEY"
# Second account of the public test mnemonic that every development node knows, and has funded.
KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"
RELAYER: LocalAccount = Account.from_key(KEY)
DISPATCHED = keccak(b"MessageDispatched(bytes32,bool)")
GOT = keccak(b"Got(address,uint256,uint256,bytes)")


@dataclass
class Side:
    """One chain with its contracts; account 0 owns them, RELAYER's account may relay."""

    chain: RpcChain
    addresses: MessagingAddresses
    endpoint: Contract
    relayer: Contract
    oracle: Contract
    application: Contract
    start_block: int
    more_oracles: list[str] = field(default_factory=list)

    @property
    def owner(self) -> str:
        return self.chain.accounts[0]

    def ask(self, method: str, *params: object) -> Any:
        """A raw question to the node."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        reply = requests.post(self.chain.url, json=body, timeout=30).json()
        assert "error" not in reply, reply
        return reply["result"]

    def height(self) -> int:
        return int(self.ask("eth_blockNumber"), 16)

    def mine(self, blocks: int = 1) -> None:
        self.ask("anvil_mine", hex(blocks))

    def reorganise(self, depth: int) -> None:
        """Replace the newest blocks by empty ones; their transactions are forgotten."""
        self.ask("anvil_reorg", depth, [])

    def send(
        self,
        to_chain_id: int,
        to: str,
        payload: bytes = b"",
        *,
        gas_limit: int = 100_000,
        sender: str | None = None,
    ) -> Message:
        """Send a message with the fee that is asked for."""
        sender = sender or self.owner
        due = self.endpoint.call("fee", to_chain_id, sender, gas_limit, payload, b"")
        arguments = (to_chain_id, to, gas_limit, payload, sender, b"")
        receipt = self.endpoint.transact("send", *arguments, sender=sender, value=due)
        return message_of(receipt.event("MessageAccepted").args["message"])

    def import_root(self, source: Side, oracle: Contract | None = None) -> bytes:
        """The oracle's owner imports the newest root of the source."""
        root: bytes = source.endpoint.call("root")
        arguments = (source.chain.chain_id, source.height(), root)
        (oracle or self.oracle).transact("importMessageRoot", *arguments, sender=self.owner)
        return root

    def dispatched(self) -> Counter[bytes]:
        """How often the endpoint said that it delivered each message."""
        found = self.chain.logs(self.endpoint.address, [DISPATCHED])
        return Counter(log.topics[1] for log in found)

    def results(self) -> dict[bytes, bool]:
        """What applications made of their messages."""
        found = self.chain.logs(self.endpoint.address, [DISPATCHED])
        return {log.topics[1]: any(log.data) for log in found}

    def received(self) -> Counter[bytes]:
        """How often the recording application saw each message, by the tail of the call."""
        types = ["address", "uint256", "uint256", "bytes"]
        found = self.chain.logs(self.application.address, [GOT])
        return Counter(decode(types, log.data)[3][-84:-52] for log in found)


def message_of(fields: tuple[Any, ...]) -> Message:
    """The message in an event."""
    channel, index, source, sender, target, to, gas_limit, encoded = fields
    return Message(
        int(channel, 16), index, source, int(sender, 16), target, int(to, 16), gas_limit, encoded
    )


@dataclass
class RelayWorld:
    """Alpha and beta, both ways; `relayer` is made by `start`."""

    alpha: Side
    beta: Side
    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)
    urls: dict[int, str] = field(default_factory=dict)
    route: str = ""
    rollup: str = ""
    more_routes: str = ""
    targets: dict[int, str] = field(default_factory=dict)

    def send(self, payload: bytes = b"", **options: Any) -> Message:
        """From alpha to the recording application on beta."""
        to = options.pop("to", self.beta.application.address)
        return self.alpha.send(BETA, to, payload, **options)

    def config_path(self) -> Path:
        """The configuration as it is now, in a file."""
        path = self.folder / "relayer.toml"
        path.write_text(self._document(), encoding="utf-8")
        return path

    @contextmanager
    def relayer(self, log: Any = None) -> Iterator[RelayerDaemon]:
        """A daemon in this process."""
        daemon = RelayerDaemon(load_relayer_config(self.config_path()), log or logs.logger())
        try:
            yield daemon
        finally:
            daemon.close()

    def relay(self) -> RelayerDaemon:
        """One life: everything that can be delivered is. The daemon is closed then."""
        with self.relayer() as daemon:
            assert daemon.run_once(timeout_s=600)
        return daemon

    def status(self) -> RouteStatus:
        """The queue from alpha to beta."""
        config = load_relayer_config(self.config_path())
        route = next(c.routes[0] for c in config.couriers if c.target.chain_id == BETA)
        with closing(Database.open(config.daemon.ledger_path)) as database:
            return route_status(database, route)

    def reasons(self) -> dict[int, str]:
        """Why messages from alpha wait, by index."""
        return {waits.index: waits.reason for waits in self.status().postponed}

    def sent(self) -> int:
        """Transactions that the relayer has in beta's chain."""
        return int(self.beta.ask("eth_getTransactionCount", RELAYER.address, "latest"), 16)

    def _document(self) -> str:
        parts = [f'data_dir = "{self.folder / "data"}"\nlog_level = "warning"\n']
        parts.append(f'[key]\nenvironment = "{KEY_VARIABLE}"\n')
        parts.append("[relayer]\n" + _lines({"first_pause_s": 0, **self.settings}))
        for side, name in ((self.alpha, "alpha"), (self.beta, "beta")):
            parts.append(self._chain(side, name) + (self.rollup if side is self.alpha else ""))
            contract = side.relayer.address
            more = self.targets.get(side.chain.chain_id, "")
            parts.append(
                f'[[target]]\nchain_id = {side.chain.chain_id}\nrelayer = "{contract}"\n{more}'
            )
        for source, target in ((ALPHA, BETA), (BETA, ALPHA)):
            parts.append(
                f"[[route]]\nsource_chain_id = {source}\ntarget_chain_id = {target}\n{self.route}"
            )
        return "\n".join([*parts, self.more_routes])

    def _chain(self, side: Side, name: str) -> str:
        url = self.urls.get(side.chain.chain_id, side.chain.url)
        return f"""[[chain]]
id = {side.chain.chain_id}
name = "{name}"
urls = ["{url}"]
finality = {{ confirmations = 0 }}
start_block = {side.start_block}
endpoint = "{side.endpoint.address}"
relayers = ["{side.relayer.address}"]
oracles = {json.dumps([side.oracle.address, *side.more_oracles])}
poll_interval_s = 0.05
timeout_s = 30
confirmations = 64
"""


def _lines(values: Mapping[str, Any]) -> str:
    shown = {True: "true", False: "false"}
    return "".join(
        f"{key} = {shown[value] if isinstance(value, bool) else value}\n"
        for key, value in values.items()
    )


def deploy_side(chain: RpcChain, other_chain_id: int) -> Side:
    """The messaging contracts and the recording application."""
    start_block = int(chain._web3.eth.block_number)
    owner = chain.accounts[0]
    prices = {other_chain_id: DestinationPrice(gas_price_wei=20 * 10**9)}
    config = MessagingConfig(owner, (RELAYER.address,), prices)
    addresses, _ = deploy_messaging(chain, config)
    artifact = load_artifact("RecordingApplication", ARTIFACTS)
    application, _ = Contract.deploy(chain, artifact, sender=owner)

    def contract(name: str, address: str) -> Contract:
        return Contract(chain, load_artifact(name), address)

    return Side(
        chain,
        addresses,
        contract("Endpoint", addresses.endpoint),
        contract("Relayer", addresses.relayer),
        contract("Oracle", addresses.oracle),
        application,
        start_block,
    )


@contextmanager
def running_world(folder: Path) -> Iterator[RelayWorld]:
    """Fresh nodes that mine each transaction at once."""
    with ExitStack() as stack:
        chains = [
            stack.enter_context(running_anvil(chain_id=chain_id, timestamp_s=CLOCK_S))
            for chain_id in (ALPHA, BETA)
        ]
        alpha, beta = deploy_side(chains[0], BETA), deploy_side(chains[1], ALPHA)
        yield RelayWorld(alpha, beta, folder)
