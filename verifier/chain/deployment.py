"""Puts the contracts on a chain, in the order in which they need each other."""

from __future__ import annotations

from dataclasses import dataclass, replace

from eth_utils.address import to_checksum_address

from verifier.chain.contract import Contract, Receipt
from verifier.chain.transport import Transport
from verifier.contracts import load_artifact
from verifier.keys import VerifyingKey


@dataclass(frozen=True)
class RollupConfig:
    """What a rollup is built with. `rollup_chain_id` is its own ORMP chain id.

    `is_dev_key` marks a verification key from an unsafe setup beside the key's own mark: it is
    refused on any chain that may hold value.
    """

    key: VerifyingKey
    circuit_id: bytes
    genesis_root: int
    slots: int
    rollup_chain_id: int
    operator: str
    relayer: str
    is_dev_key: bool = False


@dataclass(frozen=True)
class Addresses:
    """Where the contracts of one rollup live."""

    token: str
    verifier: str
    rollup: str
    oracle: str
    endpoint: str
    application: str


def deploy_verifier(
    transport: Transport, key: VerifyingKey, *, sender: str, is_dev_key: bool = False
) -> tuple[Contract, Receipt]:
    """Deploy the verifier for `key`.

    Raises `MalformedKeyError` for a key that must not be used, and `DevelopmentKeyError` for a
    development key on a chain that is not on the development list.
    """
    key.validate()
    marked = replace(key, development=key.development or is_dev_key)
    marked.refuse_outside_development(transport.chain_id)
    artifact = load_artifact("Groth16Verifier")
    return Contract.deploy(transport, artifact, verifier_argument(key), sender=sender)


def verifier_argument(key: VerifyingKey) -> tuple[object, ...]:
    """The key as the verifier's constructor reads it: the c1 half of G2 coordinates first."""
    g2 = [[list(half[::-1]) for half in point] for point in (key.beta, key.gamma, key.delta)]
    return list(key.alpha), *g2, [list(point) for point in key.ic]


def deploy_rollup(
    transport: Transport,
    config: RollupConfig,
    *,
    sender: str,
    token: str | None = None,
    endpoint: str | None = None,
) -> tuple[Addresses, dict[str, int]]:
    """Deploy what is not given: addresses, and gas by contract.

    A new token is a test token. A new endpoint gets the rollup's oracle and relayer as defaults;
    an endpoint that is given keeps its own.
    """
    gas: dict[str, int] = {}

    def deploy(name: str, *arguments: object) -> str:
        contract, receipt = Contract.deploy(
            transport, load_artifact(name), *arguments, sender=sender
        )
        gas[name] = receipt.gas_used
        return contract.address

    verifier, receipt = deploy_verifier(
        transport, config.key, sender=sender, is_dev_key=config.is_dev_key
    )
    gas["Groth16Verifier"] = receipt.gas_used
    token = token or deploy("TestToken")
    is_new_endpoint = endpoint is None
    endpoint = endpoint or deploy("Endpoint", sender)
    argument = _constructor_argument(config, verifier.address, token, endpoint)
    rollup = deploy("Rollup", argument)
    oracle = Contract(transport, load_artifact("Rollup"), rollup).call("oracle")
    oracle = to_checksum_address(oracle)
    if is_new_endpoint:
        Contract(transport, load_artifact("Endpoint"), endpoint).transact(
            "setDefaultConfig", oracle, config.relayer, sender=sender
        )
    application = deploy("NoticeBoard", endpoint)
    return Addresses(token, verifier.address, rollup, oracle, endpoint, application), gas


def _constructor_argument(
    config: RollupConfig, verifier: str, token: str, endpoint: str
) -> tuple[object, ...]:
    return (
        verifier,
        token,
        endpoint,
        config.circuit_id,
        config.genesis_root,
        config.rollup_chain_id,
        config.slots,
        config.operator,
    )
