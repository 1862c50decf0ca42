"""Two chains with real endpoints, and whoever carries messages between them."""

from __future__ import annotations

from dataclasses import dataclass, field

from sequencer.messages.message import Message
from sequencer.messages.proof import MessageProof
from sequencer.messages.tree import MessageTree
from tests.verifier.ormp_world import Side, message_of
from verifier.chain import Contract, Receipt
from verifier.chain.ports import deploy_peer_application
from verifier.chain.records import message_argument


@dataclass
class Wire:
    """Carries messages from `source` to `target`, in any order."""

    source: Side
    target: Side
    sent: list[Message] = field(default_factory=list)
    block: int = 0

    def post(self, receipt: Receipt) -> Message:
        """Take note of the message that a transaction on the source sent."""
        message = message_of(receipt.event("MessageAccepted").args["message"])
        assert message.index == len(self.sent)
        self.sent.append(message)
        return message

    def deliver(self, index: int = -1) -> Receipt:
        """Import the newest root, then relay a message under it."""
        index %= len(self.sent)
        self.block += 1
        chain_id, root = self.source.chain.chain_id, self.source.endpoint.call("root")
        owner = self.target.owner
        self.target.oracle.transact("importMessageRoot", chain_id, self.block, root, sender=owner)
        tree = MessageTree([message.hash() for message in self.sent])
        proof = MessageProof(self.block, index, tuple(tree.prove(index))).encode()
        message = message_argument(self.sent[index])
        return self.target.relayer.transact("relay", message, proof, sender=owner)

    def retry(self, index: int = -1) -> Receipt:
        """Try a failed message again, as anybody."""
        message = message_argument(self.sent[index])
        return self.target.endpoint.transact("retry", message, sender=self.target.user)


def was_dispatched(receipt: Receipt) -> bool:
    """Whether the application returned, of a delivery."""
    return bool(receipt.event("MessageDispatched").args["dispatchResult"])


def deploy_on(side: Side, name: str, *extra: object) -> Contract:
    """A contract with peers on a chain, which follows the endpoint's defaults."""
    roles = {"owner": side.owner, "endpoint": side.endpoint.address}
    return deploy_peer_application(side.chain, name, *extra, **roles)
