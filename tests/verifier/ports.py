"""Ports over an endpoint that believes the test, on an embedded chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyrevm

from tests.verifier.doubles import ARTIFACTS, deploy_double
from verifier.chain import Contract, EmbeddedChain, Receipt
from verifier.chain.abi import decode_revert
from verifier.chain.transport import ExecutionReverted
from verifier.contracts import load_artifact

HERE, THERE = 44, 46
ORACLE, RELAYER, OWN_ORACLE, OWN_RELAYER = (f"0x{digit * 40}" for digit in "abcd")
PEER = "0x" + "9e" * 20
REMOTE_DAPP = "0x" + "da" * 20
NOBODY = "0x" + "12" * 20
REFUND = "0x" + "fe" * 20
ZERO = "0x" + "00" * 20


def error_name(data: bytes) -> str:
    """The name of an encoded error."""
    return decode_revert(ExecutionReverted(data)).name


def message_id(number: int) -> bytes:
    """A recognisable id."""
    return number.to_bytes(32, "big")


@dataclass
class PortWorld:
    """A port with a peer on `THERE`, its endpoint, and a dapp beside it."""

    chain: EmbeddedChain
    office: Contract
    port: Contract
    dapp: Contract

    @property
    def owner(self) -> str:
        """The port's owner."""
        return self.chain.accounts[0]

    @property
    def user(self) -> str:
        """Somebody without a role."""
        return self.chain.accounts[5]

    def deliver(
        self, payload: bytes, *, number: int = 1, chain_id: int = THERE, peer: str = PEER
    ) -> Receipt:
        """The endpoint calls the port with a message; reverts as the port does."""
        arguments = self.port.address, payload, message_id(number), chain_id, peer
        return self.office.transact("deliver", *arguments, sender=self.user)

    def attempt(self, payload: bytes, gas_limit: int, *, number: int = 1) -> tuple[bool, Receipt]:
        """The endpoint calls the port with so much gas: whether it returned, and what it did."""
        arguments = self.port.address, gas_limit, payload, message_id(number), THERE, PEER
        receipt = self.office.transact("attempt", *arguments, sender=self.user)
        return bool(self.office.call("lastResult")), receipt

    def new_dapp(self) -> Contract:
        """Another dapp."""
        return deploy_double(self.chain, "RecordingDapp")

    def received(self, dapp: Contract | None = None) -> list[bytes]:
        """What a dapp got, in order."""
        dapp = dapp or self.dapp
        return [dapp.call("received", number) for number in range(dapp.call("count"))]


def make_port(
    name: str,
    *extra: Any,
    oracle: str = OWN_ORACLE,
    relayer: str = OWN_RELAYER,
    chain_id: int = HERE,
    peers: tuple[tuple[int, str], ...] = ((THERE, PEER),),
) -> PortWorld:
    """Deploy a contract that has peers, and name them."""
    chain = EmbeddedChain(chain_id)
    office = deploy_double(chain, "PostOffice", ORACLE, RELAYER)
    owner = chain.accounts[0]
    arguments = owner, office.address, oracle, relayer, *extra
    port, _ = Contract.deploy(chain, load_artifact(name), *arguments, sender=owner)
    for chain_id_there, peer in peers:
        port.transact("setPeer", chain_id_there, peer, sender=owner)
    return PortWorld(chain, office, port, deploy_double(chain, "RecordingDapp"))


def dapp_at(chain: EmbeddedChain, address: str) -> Contract:
    """A recording dapp at a given address."""
    model = deploy_double(chain, "RecordingDapp")
    info: Any = pyrevm.AccountInfo
    chain._state._accounts[address.lower()] = info(0, 1, code=chain.code(model.address))
    return Contract(chain, load_artifact("RecordingDapp", ARTIFACTS), address)
