"""What any oracle in the tests has: its chain, an endpoint, a stranger, a signing domain."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tests.verifier.signers import SOURCE_CHAIN_ID
from verifier.chain import Contract, EmbeddedChain
from verifier.chain.attestation import SigningDomain


@dataclass
class OracleOnChain:
    """An oracle contract on a chain of its own."""

    chain: EmbeddedChain
    contract: Contract

    @property
    def endpoint(self) -> str:
        return self.chain.accounts[2]

    @property
    def stranger(self) -> str:
        return self.chain.accounts[3]

    @cached_property
    def domain(self) -> SigningDomain:
        return SigningDomain(self.chain.chain_id, self.contract.address)

    def root(self, block: int = 7) -> bytes:
        found: bytes = self.contract.call("merkleRoot", SOURCE_CHAIN_ID, block)
        return found
