"""The chain as the rest of the system sees it: transports, contracts, one rollup client."""

from __future__ import annotations

from verifier.chain.abi import Event
from verifier.chain.contract import Contract, Receipt
from verifier.chain.deployment import Addresses, RollupConfig, deploy_rollup, deploy_verifier
from verifier.chain.embedded import EmbeddedChain
from verifier.chain.errors import ChainError, ChainRevert, ChainUnavailable
from verifier.chain.messaging_deployment import (
    DestinationPrice,
    MessagingAddresses,
    MessagingConfig,
    deploy_messaging,
)
from verifier.chain.records import Batch, Deposit, OrmpMessage
from verifier.chain.rollup_client import RollupClient
from verifier.chain.transport import Transport

__all__ = [
    "Addresses",
    "Batch",
    "ChainError",
    "ChainRevert",
    "ChainUnavailable",
    "Contract",
    "Deposit",
    "DestinationPrice",
    "EmbeddedChain",
    "Event",
    "MessagingAddresses",
    "MessagingConfig",
    "OrmpMessage",
    "Receipt",
    "RollupClient",
    "RollupConfig",
    "Transport",
    "deploy_messaging",
    "deploy_rollup",
    "deploy_verifier",
]
