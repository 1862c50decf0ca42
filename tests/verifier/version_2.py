"""A rollup whose messages are delivered by an endpoint that behaves as ORMP v2.1.0."""

from __future__ import annotations

from dataclasses import dataclass

from sequencer.messages.message import Message
from tests.verifier.doubles import deploy_double
from tests.verifier.messaging import Sent, send
from tests.verifier.world import ROLLUP_CHAIN_ID, World, make_world
from verifier.chain import Contract, Receipt
from verifier.chain.records import message_argument
from verifier.contracts import load_artifact

ZERO = "0x" + "0" * 40


@dataclass
class Version2:
    """The application chose the oracle of proofs; the endpoint's default oracle is another."""

    world: World
    endpoint: Contract
    relayer: Contract
    oracle: Contract
    application: Contract

    def message(self, payload: bytes = b"\x12\x34\x56\x78 out of the rollup") -> Sent:
        """A settled message to the application."""
        return send(self.world, self.application.address, payload)

    def bring(self, message: Message, proof: bytes) -> Receipt:
        """Import by anyone."""
        arguments = message_argument(message), proof
        return self.oracle.transact("importMessage", *arguments, sender=self.world.user)

    def relay(self, message: Message) -> Receipt:
        """Deliver, with the empty proof of version 2."""
        operator = self.world.client.transport.accounts[1]
        return self.relayer.transact("relay", message_argument(message), sender=operator)


def version_2() -> Version2:
    """A new rollup, and the contracts of version 2 on its chain."""
    world = make_world()
    client = world.client
    chain = client.transport
    owner, operator = chain.accounts[:2]
    endpoint = deploy_double(chain, "EndpointV2Double", owner)
    usual = deploy_double(chain, "OracleV2Double", endpoint.address, owner)
    prices = [5, 10**10, 10**9, 100_000, 16]
    relayer = deploy_double(chain, "RelayerV2Double", endpoint.address, operator, prices)
    endpoint.transact("setDefaultConfig", usual.address, relayer.address, sender=owner)
    arguments = client.rollup.address, ROLLUP_CHAIN_ID, endpoint.address
    oracle, _ = Contract.deploy(chain, load_artifact("ZkOracleV2"), *arguments, sender=owner)
    application = deploy_double(chain, "RecordingApplication")
    choice = endpoint.address, oracle.address, ZERO
    application.transact("configure", *choice, sender=owner)
    return Version2(world, endpoint, relayer, oracle, application)
