"""Contracts that have one peer on each other chain: ports, deposit gates, deposit ports."""

from __future__ import annotations

from eth_abi.abi import encode

from verifier.chain.contract import Contract
from verifier.chain.transport import Transport
from verifier.contracts import load_artifact

ZERO_ADDRESS = "0x" + "00" * 20


def deploy_peer_application(
    transport: Transport,
    name: str,
    *extra: object,
    owner: str,
    endpoint: str,
    oracle: str = ZERO_ADDRESS,
    relayer: str = ZERO_ADDRESS,
) -> Contract:
    """Deploy `Port`, `OrderedPort`, `DepositGate` or `DepositPort`; `extra` is what only it takes.

    `oracle` stays what it is here; the zero address follows the endpoint's default.
    """
    arguments = owner, endpoint, oracle, relayer, *extra
    return Contract.deploy(transport, load_artifact(name), *arguments, sender=owner)[0]


def make_peers(one: Contract, other: Contract, *, owners: tuple[str, str]) -> None:
    """Name each the peer of the other, once and for all. `owners` send the transactions."""
    one.transact("setPeer", other.transport.chain_id, other.address, sender=owners[0])
    other.transact("setPeer", one.transport.chain_id, one.address, sender=owners[1])


def port_params(gas_limit: int, refund: str, ormp_params: bytes = b"") -> bytes:
    """The parameters of a port's `send` and `fee`.

    `gas_limit` is that of the whole delivery for a `Port`, of the dapp's call for an `OrderedPort`.
    """
    return encode(["uint256", "address", "bytes"], [gas_limit, refund, ormp_params])


def abandon_params(refund: str, ormp_params: bytes = b"") -> bytes:
    """The parameters of an ordered port's `abandon` and `abandonFee`."""
    return encode(["address", "bytes"], [refund, ormp_params])
