"""A SignedRootOracle on a chain whose clock the test sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.verifier.oracle_on_chain import OracleOnChain
from tests.verifier.signers import CHANNEL, SIGNERS, SOURCE_CHAIN_ID, attestation, joined
from verifier.chain import Contract, EmbeddedChain, Receipt
from verifier.chain.attestation import (
    RootAttestation,
    SignerSetCancellation,
    SignerSetProposal,
)
from verifier.contracts import load_artifact

DELAY_S = 86_400
START_S = 1_800_000_000


@dataclass
class Clock:
    """Seconds, as the test wants them."""

    now_s: int = START_S

    def __call__(self) -> float:
        return self.now_s


@dataclass
class LightClient(OracleOnChain):
    """The oracle with its people."""

    clock: Clock = field(default_factory=Clock)

    @property
    def treasurer(self) -> str:
        return self.chain.accounts[1]

    def bring(self, seen: RootAttestation, signatures: bytes) -> Receipt:
        """Import by anyone."""
        return self.contract.transact(
            "importSigned", seen.argument, signatures, sender=self.stranger
        )

    def attest(self, signers: Sequence[str], seen: RootAttestation | None = None) -> Receipt:
        """Sign and import."""
        seen = seen or attestation()
        return self.bring(seen, joined(self.domain, seen, signers))

    def propose(
        self,
        members: Sequence[str],
        threshold: int,
        *,
        by: Sequence[str],
        number: int = 2,
    ) -> Receipt:
        """Sign and bring a rotation."""
        proposal = SignerSetProposal(number, tuple(members), threshold)
        brought = joined(self.domain, proposal, by)
        arguments = members, threshold, brought
        return self.contract.transact("proposeRotation", *arguments, sender=self.stranger)

    def cancel(self, *, by: Sequence[str], number: int = 2) -> Receipt:
        """Sign and bring a cancellation."""
        brought = joined(self.domain, SignerSetCancellation(number), by)
        return self.contract.transact("cancelRotation", brought, sender=self.stranger)


def deploy_config(
    chain: EmbeddedChain,
    members: Sequence[str],
    threshold: int,
    *,
    delay_s: int = DELAY_S,
    sources: Sequence[tuple[int, str]] = ((SOURCE_CHAIN_ID, CHANNEL),),
) -> tuple[object, ...]:
    """The constructor's argument."""
    endpoint, treasurer = chain.accounts[2], chain.accounts[1]
    return endpoint, treasurer, delay_s, members, threshold, sources


def light_client(
    *, members: Sequence[str] = SIGNERS[:5], threshold: int = 3, chain_id: int = 31337
) -> LightClient:
    """3 of 5, unless told otherwise."""
    clock = Clock()
    chain = EmbeddedChain(chain_id, clock=clock)
    config = deploy_config(chain, members, threshold)
    artifact = load_artifact("SignedRootOracle")
    contract, _ = Contract.deploy(chain, artifact, config, sender=chain.accounts[9])
    return LightClient(chain, contract, clock)
