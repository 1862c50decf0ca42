"""Signatures for oracles: the EIP-712 encoding against an independent one, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from eth_account.messages import SignableMessage, encode_typed_data
from hypothesis import given
from hypothesis import strategies as st

from tests.verifier.signers import (
    CHANNEL,
    KEY_OF,
    ORDER,
    SIGNERS,
    SOURCE_CHAIN_ID,
    attestation,
    signatures,
)
from verifier.chain.attestation import (
    MalformedAttestationError,
    RootAttestation,
    SignerSetCancellation,
    SignerSetProposal,
    SigningDomain,
    ascending,
    join_signatures,
    recover,
    sign,
    typed_data,
)

DOMAIN = SigningDomain(31337, "0x00000000000000000000000000000000000000Aa")
ALICE, BOB = SIGNERS[:2]
HEX32 = "0x" + "11" * 32


def by_library(primary: str, fields: dict[str, str], message: dict[str, Any]) -> SignableMessage:
    """The same data through eth_account's own encoder."""
    domain_fields = {
        "name": "string",
        "version": "string",
        "chainId": "uint256",
        "verifyingContract": "address",
    }
    return encode_typed_data(
        full_message={
            "types": {
                "EIP712Domain": [{"name": n, "type": t} for n, t in domain_fields.items()],
                primary: [{"name": n, "type": t} for n, t in fields.items()],
            },
            "primaryType": primary,
            "domain": {
                "name": "Tallystick message oracle",
                "version": "1",
                "chainId": DOMAIN.chain_id,
                "verifyingContract": DOMAIN.oracle,
            },
            "message": message,
        }
    )


def test_an_attestation_is_encoded_as_eip_712_says() -> None:
    fields = {
        "chainId": "uint256",
        "channel": "address",
        "blockNumber": "uint256",
        "messageCount": "uint256",
        "messageRoot": "bytes32",
    }
    message = {
        "chainId": SOURCE_CHAIN_ID,
        "channel": CHANNEL,
        "blockNumber": 7,
        "messageCount": 3,
        "messageRoot": HEX32,
    }
    expected = by_library("RootAttestation", fields, message)
    assert typed_data(DOMAIN, attestation()) == expected


def test_a_signer_set_and_its_cancellation_are_encoded_as_eip_712_says() -> None:
    fields = {"number": "uint256", "signers": "address[]", "threshold": "uint256"}
    message = {"number": 2, "signers": [ALICE, BOB], "threshold": 2}
    proposal = SignerSetProposal(2, (ALICE, BOB), 2)
    assert typed_data(DOMAIN, proposal) == by_library("SignerSet", fields, message)
    cancellation = by_library("SignerSetCancellation", {"number": "uint256"}, {"number": 2})
    assert typed_data(DOMAIN, SignerSetCancellation(2)) == cancellation


def test_the_signer_is_recovered() -> None:
    for signer, key in KEY_OF.items():
        assert recover(DOMAIN, attestation(), sign(DOMAIN, attestation(), key)) == signer


@given(st.integers(0, 2**256 - 1), st.integers(1, 2**32 - 1), st.binary(min_size=32, max_size=32))
def test_any_attestation_can_be_signed_and_recovered(block: int, count: int, root: bytes) -> None:
    if not any(root):
        return
    statement = attestation(root, block=block, count=count)
    assert recover(DOMAIN, statement, sign(DOMAIN, statement, KEY_OF[ALICE])) == ALICE


@pytest.mark.parametrize(
    "change",
    [
        {"chain_id": 47},
        {"channel": DOMAIN.oracle},
        {"block_number": 8},
        {"message_count": 4},
        {"message_root": b"\x12" * 32},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_field_is_signed(change: dict[str, Any]) -> None:
    signature = sign(DOMAIN, attestation(), KEY_OF[ALICE])
    assert recover(DOMAIN, replace(attestation(), **change), signature) != ALICE


@pytest.mark.parametrize("change", [{"chain_id": 1}, {"oracle": CHANNEL}])
def test_a_signature_is_for_one_oracle_on_one_chain(change: dict[str, Any]) -> None:
    signature = sign(DOMAIN, attestation(), KEY_OF[ALICE])
    assert recover(replace(DOMAIN, **change), attestation(), signature) != ALICE


def flipped(signature: bytes) -> bytes:
    """The other signature over the same digest: negative s, other v."""
    s = ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([55 - signature[64]])


GOOD = sign(DOMAIN, attestation(), KEY_OF[ALICE])


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (flipped(GOOD), "half the order"),
        (GOOD[:64] + bytes([GOOD[64] - 27]), "neither 27 nor 28"),
        (GOOD[:64] + b"\x1d", "neither 27 nor 28"),
        (GOOD[:64], "64 bytes"),
        (GOOD + b"\0", "66 bytes"),
        (b"", "0 bytes"),
        (bytes(64) + b"\x1b", "nobody's"),
        (b"\xff" * 32 + GOOD[32:], "nobody's"),
    ],
    ids=["flipped", "v 0/1", "v 29", "short", "long", "empty", "zero", "r too large"],
)
def test_other_encodings_of_a_signature_are_refused(bad: bytes, reason: str) -> None:
    with pytest.raises(MalformedAttestationError, match=reason):
        recover(DOMAIN, attestation(), bad)


@pytest.mark.parametrize("count", [0, 2**32, -1])
def test_no_tree_has_so_many_messages(count: int) -> None:
    with pytest.raises(MalformedAttestationError, match="message count"):
        attestation(count=count)


@pytest.mark.parametrize("root", [bytes(32), b"", b"\x11" * 31, b"\x11" * 33])
def test_a_root_is_32_bytes_and_not_zero(root: bytes) -> None:
    with pytest.raises(MalformedAttestationError, match="message root"):
        attestation(root)


def test_numbers_fit_in_a_word() -> None:
    with pytest.raises(MalformedAttestationError, match="block number"):
        attestation(block=2**256).struct_hash()
    with pytest.raises(MalformedAttestationError, match="source chain id"):
        RootAttestation(-1, CHANNEL, 1, 1, b"\x01" * 32).struct_hash()


def test_signatures_are_joined_by_ascending_signer() -> None:
    each = signatures(DOMAIN, attestation(), SIGNERS[:3])
    shuffled = {signer: each[signer] for signer in (SIGNERS[2], SIGNERS[0], SIGNERS[1])}
    assert join_signatures(shuffled) == b"".join(each[signer] for signer in SIGNERS[:3])
    with pytest.raises(MalformedAttestationError, match="twice"):
        ascending((ALICE, BOB, ALICE.lower()))
