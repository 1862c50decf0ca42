"""An application that receives from a rollup and chooses its oracle, on either kind of endpoint."""

from __future__ import annotations

from dataclasses import dataclass

from eth_abi.abi import decode

from tests.verifier.doubles import deploy_double
from tests.verifier.messaging import Sent, send
from tests.verifier.world import World, make_world
from verifier.chain import Contract, Receipt
from verifier.chain.records import message_argument
from verifier.contracts import load_artifact

ZERO = "0x" + "0" * 40
DESTINATION = 5
FEE = 10**15
DEPLOYED = "deployed v1.5.0"
OURS = "this project's"


@dataclass
class Setting:
    """A rollup, an endpoint with a data service by default, an application that chose proofs."""

    world: World
    endpoint: Contract
    relayer: Contract
    default_oracle: Contract
    application: Contract

    @property
    def owner(self) -> str:
        return self.world.client.transport.accounts[0]

    def choose(self, oracle: str) -> None:
        """The application's own choice."""
        choice = self.endpoint.address, oracle, ZERO
        self.application.transact("configure", *choice, sender=self.world.user)

    def message(self, payload: bytes = b"out of the rollup", *, to: str | None = None) -> Sent:
        """A settled message, to the application unless told otherwise."""
        return send(self.world, to or self.application.address, payload)

    def relay(self, sent: Sent) -> Receipt:
        """Deliver through the relayer contract."""
        arguments = message_argument(sent.message), sent.proof
        return self.relayer.transact("relay", *arguments, sender=self.owner)

    def send_out(self, value: int = 10**18) -> Receipt:
        """The application sends a message from this chain."""
        arguments = DESTINATION, self.world.user, 100_000, b"out", self.world.user, b""
        return self.application.transact(
            "sendVia", self.endpoint.address, *arguments, sender=self.world.user, value=value
        )


def setting(kind: str) -> Setting:
    """On our endpoint, or on one with the behaviour of the deployed one."""
    world = make_world()
    chain, owner = world.client.transport, world.client.transport.accounts[0]
    if kind == OURS:
        endpoint, _ = Contract.deploy(chain, load_artifact("Endpoint"), owner, sender=owner)
    else:
        endpoint = deploy_double(chain, "EndpointV1Double", owner)
    arguments = owner, endpoint.address
    oracle, _ = Contract.deploy(chain, load_artifact("Oracle"), *arguments, sender=owner)
    relayer, _ = Contract.deploy(chain, load_artifact("Relayer"), *arguments, sender=owner)
    for contract in (oracle, relayer):
        contract.transact("setApproved", owner, True, sender=owner)
    oracle.transact("setFee", DESTINATION, FEE, sender=owner)
    relayer.transact("setDstPrice", DESTINATION, 10**10, 10**9, sender=owner)
    relayer.transact("setDstConfig", DESTINATION, 100_000, 16, sender=owner)
    endpoint.transact("setDefaultConfig", oracle.address, relayer.address, sender=owner)
    application = deploy_double(chain, "RecordingApplication")
    found = Setting(world, endpoint, relayer, oracle, application)
    found.choose(world.client.oracle.address)
    return found


def logged(here: Setting) -> list[bytes]:
    """Call data that the application got, in order."""
    logs = here.world.client.transport.logs(here.application.address, [])
    return [decode(["address", "uint256", "uint256", "bytes"], log.data)[3] for log in logs]
