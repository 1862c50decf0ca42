"""Two chains with endpoint, relayer and oracle each, and an application that records calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sequencer.messages.compact_proof import encode_compact
from sequencer.messages.message import Message
from sequencer.messages.proof import MessageProof
from sequencer.messages.tree import MessageTree
from tests.verifier.doubles import deploy_double
from verifier.chain import (
    Contract,
    DestinationPrice,
    EmbeddedChain,
    MessagingConfig,
    Receipt,
    deploy_messaging,
)
from verifier.chain.records import message_argument
from verifier.contracts import load_artifact

HOME, AWAY = 1001, 1002
BLOCK = 77
# Where an endpoint keeps its default oracle and, above it, the number of messages sent.
COUNT_SLOT = 2
MASK_160 = 2**160 - 1


@dataclass
class Side:
    """One chain with its messaging contracts. The owner is also an approved account."""

    chain: EmbeddedChain
    endpoint: Contract
    relayer: Contract
    oracle: Contract
    gas: dict[str, int]

    @property
    def owner(self) -> str:
        return self.chain.accounts[0]

    @property
    def user(self) -> str:
        """Somebody without a role."""
        return self.chain.accounts[5]


@dataclass
class OrmpWorld:
    """Messages go from `home` to `away`, whose oracle learns roots on demand."""

    home: Side
    away: Side
    application: Contract
    sent: list[Message] = field(default_factory=list)
    block: int = BLOCK

    def send(
        self,
        encoded: bytes = b"",
        *,
        to: str | None = None,
        gas_limit: int = 100_000,
        excess: int = 0,
        sender: str | None = None,
        refund: str | None = None,
        to_chain_id: int = AWAY,
    ) -> Receipt:
        """Send a message from `home`, by default to the application."""
        sender = sender or self.home.user
        to = to or self.application.address
        due = self.home.endpoint.call("fee", AWAY, sender, gas_limit, encoded, b"")
        arguments = to_chain_id, to, gas_limit, encoded, refund or sender, b""
        receipt = self.home.endpoint.transact("send", *arguments, sender=sender, value=due + excess)
        self.sent.append(message_of(receipt.event("MessageAccepted").args["message"]))
        return receipt

    def tree(self) -> MessageTree:
        """The tree of what was sent."""
        return MessageTree([message.hash() for message in self.sent])

    def import_root(self) -> int:
        """Tell the other side's oracle the newest root; the block number it stands under."""
        self.block += 1
        root = self.home.endpoint.call("root")
        self.away.oracle.transact(
            "importMessageRoot", HOME, self.block, root, sender=self.away.owner
        )
        return self.block

    def proof(self, index: int, block: int) -> MessageProof:
        """Proof of a message under the newest root."""
        return MessageProof(block, index, tuple(self.tree().prove(index)))

    def relay(
        self, index: int = -1, *, block: int | None = None, gas_limit: int | None = None
    ) -> Receipt:
        """Deliver a message through the relayer, by default the last."""
        index %= len(self.sent)
        block = self.import_root() if block is None else block
        arguments = message_argument(self.sent[index]), self.proof(index, block).encode()
        return self.away.relayer.transact(
            "relay", *arguments, sender=self.away.owner, gas_limit=gas_limit
        )

    def retry(
        self, index: int = -1, *, sender: str | None = None, gas_limit: int | None = None
    ) -> Receipt:
        """Try a failed message again, as anybody."""
        message = message_argument(self.sent[index])
        return self.away.endpoint.transact(
            "retry", message, sender=sender or self.away.user, gas_limit=gas_limit
        )

    def relay_batch(
        self, indices: Sequence[int], *, block: int | None = None, gas_limit: int | None = None
    ) -> Receipt:
        """Deliver messages in one transaction."""
        block = self.import_root() if block is None else block
        proofs = encode_compact([self.proof(index, block) for index in indices])
        messages = [message_argument(self.sent[index]) for index in indices]
        return self.away.relayer.transact(
            "relayBatch", messages, proofs, sender=self.away.owner, gas_limit=gas_limit
        )

    def state(self, index: int = -1) -> tuple[bool, str]:
        """(delivered, oracle that vouched for a failure) of a message on the other side."""
        digest = self.sent[index].hash()
        endpoint = self.away.endpoint
        return endpoint.call("dones", digest), endpoint.call("failures", digest)


def make_side(chain_id: int, destinations: Sequence[int]) -> Side:
    """Endpoint, relayer and oracle on a fresh chain."""
    chain = EmbeddedChain(chain_id)
    prices = {destination: DestinationPrice() for destination in destinations}
    addresses, gas = deploy_messaging(chain, MessagingConfig(chain.accounts[0], (), prices))
    names = {"Endpoint": addresses.endpoint, "Relayer": addresses.relayer}
    names["Oracle"] = addresses.oracle
    contracts = [Contract(chain, load_artifact(n), a) for n, a in names.items()]
    return Side(chain, *contracts, gas)


def make_ormp_world() -> OrmpWorld:
    """Two fresh chains."""
    home, away = make_side(HOME, [AWAY]), make_side(AWAY, [HOME])
    return OrmpWorld(home, away, deploy_double(away.chain, "RecordingApplication"))


def set_message_count(side: Side, count: int) -> None:
    """Make the endpoint believe that it sent so many messages; its branch stays what it is."""
    store(
        side.chain, side.endpoint.address, COUNT_SLOT, lambda word: word & MASK_160 | count << 160
    )


def store(chain: EmbeddedChain, address: str, slot: int, change: Callable[[int], int]) -> None:
    """Change a word of a contract's storage behind its back."""
    storage = chain._state._storage
    key = address.lower(), slot
    storage[key] = change(storage.get(key, 0))
    refresh(chain)


def refresh(chain: EmbeddedChain) -> None:
    """Let calls see what was changed behind the chain's back."""
    chain._evm = chain._state.machine()


def message_of(fields: Sequence[Any]) -> Message:
    """A message from its ABI tuple."""
    channel, index, source, sender, destination, to, gas_limit, encoded = fields
    sender, to = int(sender, 16), int(to, 16)
    return Message(int(channel, 16), index, source, sender, destination, to, gas_limit, encoded)
