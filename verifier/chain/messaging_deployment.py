"""Puts an ORMP endpoint with its relayer and oracle on a chain, priced and ready to send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from verifier.chain.contract import Contract
from verifier.chain.transport import Transport
from verifier.contracts import load_artifact

RATIO_ONE_E10 = 10**10


@dataclass(frozen=True)
class DestinationPrice:
    """What messages to one chain cost on this chain.

    `ratio_e10` is the price of the destination's token in this chain's, times 10^10. A delivery
    takes `base_gas` beside the application's gas limit, and `gas_per_byte` for the payload.
    """

    oracle_fee_wei: int = 10**15
    ratio_e10: int = RATIO_ONE_E10
    gas_price_wei: int = 10**9
    base_gas: int = 200_000
    gas_per_byte: int = 16


@dataclass(frozen=True)
class MessagingConfig:
    """Who runs the contracts, and the prices by destination chain id.

    The owner sends the transactions, and with the operators may set prices and withdraw fees; they
    are also the accounts that relay.
    """

    owner: str
    operators: tuple[str, ...] = ()
    prices: Mapping[int, DestinationPrice] = field(default_factory=dict)


@dataclass(frozen=True)
class MessagingAddresses:
    """Where the contracts of one chain live."""

    endpoint: str
    relayer: str
    oracle: str


def deploy_messaging(
    transport: Transport, config: MessagingConfig
) -> tuple[MessagingAddresses, dict[str, int]]:
    """Deploy and set up everything: addresses, and gas by contract."""
    gas: dict[str, int] = {}

    def deploy(name: str, *arguments: object) -> Contract:
        contract, receipt = Contract.deploy(
            transport, load_artifact(name), *arguments, sender=config.owner
        )
        gas[name] = receipt.gas_used
        return contract

    endpoint = deploy("Endpoint", config.owner)
    relayer = deploy("Relayer", config.owner, endpoint.address)
    oracle = deploy("Oracle", config.owner, endpoint.address)
    for contract in (relayer, oracle):
        for account in (config.owner, *config.operators):
            contract.transact("setApproved", account, True, sender=config.owner)
    for chain_id, price in config.prices.items():
        set_price(relayer, oracle, chain_id, price, sender=config.owner)
    endpoint.transact("setDefaultConfig", oracle.address, relayer.address, sender=config.owner)
    return MessagingAddresses(endpoint.address, relayer.address, oracle.address), gas


def set_price(
    relayer: Contract, oracle: Contract, chain_id: int, price: DestinationPrice, *, sender: str
) -> None:
    """Set the price of messages to a chain; the sender is approved in both contracts."""
    gas_price = price.ratio_e10, price.gas_price_wei
    relayer.transact("setDstPrice", chain_id, *gas_price, sender=sender)
    relayer.transact("setDstConfig", chain_id, price.base_gas, price.gas_per_byte, sender=sender)
    oracle.transact("setFee", chain_id, price.oracle_fee_wei, sender=sender)
