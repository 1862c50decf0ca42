"""Signatures that oracles accept: EIP-712 over what a signer saw on a source chain, or over a
change of the signer set (contracts SignedRoots, SignerSets, SignedRootOracle).

A signature is 65 bytes: r, s, v, with the smaller of the two possible s and v 27 or 28. Several
stand one after the other by ascending signer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eth_account import Account
from eth_account.messages import SignableMessage
from eth_keys.exceptions import BadSignature
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from native.errors import MalformedError

SIGNATURE_SIZE = 65
DOMAIN_NAME = "Tallystick message oracle"
DOMAIN_VERSION = "1"
MAX_MESSAGES = 2**32 - 1
_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_DOMAIN = b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
_ATTESTATION = (
    b"RootAttestation(uint256 chainId,address channel,uint256 blockNumber,uint256 messageCount,"
    b"bytes32 messageRoot)"
)
_SIGNER_SET = b"SignerSet(uint256 number,address[] signers,uint256 threshold)"
_CANCELLATION = b"SignerSetCancellation(uint256 number)"


class MalformedAttestationError(MalformedError):
    """An attestation, a signer set or a signature that no oracle would accept."""


@dataclass(frozen=True)
class SigningDomain:
    """The one oracle contract, on one chain, that a signature is for."""

    chain_id: int
    oracle: str

    def separator(self) -> bytes:
        """The EIP-712 domain separator; the contract's `domainSeparator`."""
        return keccak(
            keccak(_DOMAIN)
            + keccak(text=DOMAIN_NAME)
            + keccak(text=DOMAIN_VERSION)
            + _word(self.chain_id, "chain id")
            + _address_word(self.oracle)
        )


@dataclass(frozen=True)
class RootAttestation:
    """The message tree of `channel` on chain `chain_id` after a block that is final."""

    chain_id: int
    channel: str
    block_number: int
    message_count: int
    message_root: bytes

    def __post_init__(self) -> None:
        if not 0 < self.message_count <= MAX_MESSAGES:
            raise _malformed("message count", f"{self.message_count} is outside 1 … 2^32 - 1")
        if len(self.message_root) != 32 or not any(self.message_root):
            raise _malformed("message root", "not 32 bytes, or all zero")

    @property
    def argument(self) -> tuple[object, ...]:
        """The first argument of `importSigned`."""
        root = self.message_root
        return self.chain_id, self.channel, self.block_number, self.message_count, root

    def struct_hash(self) -> bytes:
        """EIP-712 hash of the struct."""
        return keccak(
            keccak(_ATTESTATION)
            + _word(self.chain_id, "source chain id")
            + _address_word(self.channel)
            + _word(self.block_number, "block number")
            + _word(self.message_count, "message count")
            + self.message_root
        )


@dataclass(frozen=True)
class SignerSetProposal:
    """The set that is to follow as number `number`; signers ascending."""

    number: int
    signers: tuple[str, ...]
    threshold: int

    def struct_hash(self) -> bytes:
        """EIP-712 hash of the struct."""
        members = b"".join(_address_word(signer) for signer in self.signers)
        return keccak(
            keccak(_SIGNER_SET)
            + _word(self.number, "set number")
            + keccak(members)
            + _word(self.threshold, "threshold")
        )


@dataclass(frozen=True)
class SignerSetCancellation:
    """That set number `number`, still waiting, is not to come into force."""

    number: int

    def struct_hash(self) -> bytes:
        """EIP-712 hash of the struct."""
        return keccak(keccak(_CANCELLATION) + _word(self.number, "set number"))


Statement = RootAttestation | SignerSetProposal | SignerSetCancellation


def typed_data(domain: SigningDomain, statement: Statement) -> SignableMessage:
    """What is signed: keccak256(0x19 0x01 ‖ domain separator ‖ struct hash)."""
    return SignableMessage(b"\x01", domain.separator(), statement.struct_hash())


def sign(domain: SigningDomain, statement: Statement, private_key: bytes) -> bytes:
    """A signature of the statement for the domain, 65 bytes."""
    signed = Account.sign_message(typed_data(domain, statement), private_key)
    return bytes(signed.signature)


def recover(domain: SigningDomain, statement: Statement, signature: bytes) -> ChecksumAddress:
    """Who signed.

    Raises MalformedAttestationError for bytes that the contract would refuse in any signer's name.
    """
    if len(signature) != SIGNATURE_SIZE:
        raise _malformed("signature", f"{len(signature)} bytes instead of {SIGNATURE_SIZE}")
    s, v = int.from_bytes(signature[32:64], "big"), signature[64]
    if v not in (27, 28):
        raise _malformed("signature", f"v is {v}, neither 27 nor 28")
    if s > _ORDER // 2:
        raise _malformed("signature", "s is above half the order; use its negative and the other v")
    try:
        signer = Account.recover_message(typed_data(domain, statement), signature=signature)
    except BadSignature as error:
        raise _malformed("signature", f"nobody's: {error}") from None
    return to_checksum_address(signer)


def join_signatures(signatures: Mapping[str, bytes]) -> bytes:
    """Signatures by signer, as the contract reads them."""
    return b"".join(signatures[signer] for signer in ascending(tuple(signatures)))


def ascending(signers: Sequence[str]) -> tuple[ChecksumAddress, ...]:
    """Signers in the order in which contracts want them.

    Raises MalformedAttestationError if one stands there twice.
    """
    ordered = sorted({to_checksum_address(signer) for signer in signers}, key=lambda s: int(s, 16))
    if len(ordered) != len(signers):
        raise _malformed("signers", "one stands there twice")
    return tuple(ordered)


def _word(value: int, name: str) -> bytes:
    if not 0 <= value < 1 << 256:
        raise _malformed(name, f"{value} is outside 0 … 2^256 - 1")
    return value.to_bytes(32, "big")


def _address_word(address: str) -> bytes:
    return bytes(12) + bytes.fromhex(to_checksum_address(address)[2:])


def _malformed(section: str, reason: str) -> MalformedAttestationError:
    return MalformedAttestationError("attestation", section, reason)
