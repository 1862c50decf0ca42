"""Keys that sign for oracles in tests, in ascending order of their addresses."""

from __future__ import annotations

from collections.abc import Sequence

from eth_account import Account
from eth_utils.crypto import keccak

from verifier.chain.attestation import (
    RootAttestation,
    SigningDomain,
    Statement,
    ascending,
    join_signatures,
    sign,
)

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
SOURCE_CHAIN_ID = 46
CHANNEL = "0x00000000001523057a05d6293C1e5171eE33eE0A"
_KEYS = [keccak(b"signer" + bytes([i])) for i in range(8)]
KEY_OF = {Account.from_key(key).address: key for key in _KEYS}
SIGNERS = ascending(tuple(KEY_OF))


def signatures(
    domain: SigningDomain, statement: Statement, signers: Sequence[str]
) -> dict[str, bytes]:
    """Each signer's signature."""
    return {signer: sign(domain, statement, KEY_OF[signer]) for signer in signers}


def joined(domain: SigningDomain, statement: Statement, signers: Sequence[str]) -> bytes:
    """The signatures as a contract reads them."""
    return join_signatures(signatures(domain, statement, signers))


def attestation(
    root: bytes = b"\x11" * 32, *, block: int = 7, count: int = 3, channel: str = CHANNEL
) -> RootAttestation:
    """A root as a signer saw it."""
    return RootAttestation(SOURCE_CHAIN_ID, channel, block, count, root)
