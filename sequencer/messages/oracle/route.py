"""One way that roots take: from the endpoint of a source chain into an oracle of a target chain."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from verifier.chain.attestation import RootAttestation, SigningDomain


class Mode(StrEnum):
    """What this daemon does on a route."""

    OWNER = "owner"
    """It owns the oracle and imports alone."""
    SIGNER = "signer"
    """It signs what a publisher asks for, and sends nothing."""
    PUBLISHER = "publisher"
    """It collects signatures, and its own if it is a signer, and imports with them."""


@dataclass(frozen=True)
class Route:
    """`source_oracles` are the contracts on the source that are paid for this route.

    With `only_assigned` nothing is imported unless they were; otherwise new messages that nobody
    paid for are covered too, at most once in `interval_s`.
    """

    source_chain_id: int
    channel: str
    source_oracles: tuple[str, ...]
    target_chain_id: int
    oracle: str
    mode: Mode
    only_assigned: bool = True
    interval_s: float = 60.0
    peers: tuple[str, ...] = ()
    peer_timeout_s: float = 5.0

    def __str__(self) -> str:
        return f"{self.source_chain_id} → {self.target_chain_id} ({self.oracle})"

    @property
    def domain(self) -> SigningDomain:
        """What signatures on this route are for."""
        return SigningDomain(self.target_chain_id, self.oracle)


def intent_key(route: Route, attestation: RootAttestation) -> str:
    """The name of one import among the sender's work: a root is imported under one key once."""
    source = f"{attestation.chain_id}/{attestation.block_number}"
    return f"import/{route.target_chain_id}/{route.oracle}/{source}"
