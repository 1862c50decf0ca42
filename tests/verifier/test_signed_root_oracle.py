"""Roots by signatures: which signatures count, and what they must be about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from eth_account import Account
from eth_keys.datatypes import PrivateKey
from eth_utils.crypto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from sequencer.messages.proof import MessageProof
from sequencer.messages.tree import EMPTY_ROOT, MessageTree
from tests.verifier.light_client import LightClient, deploy_config, light_client
from tests.verifier.refusals import reverts
from tests.verifier.signers import (
    ORDER,
    SIGNERS,
    SOURCE_CHAIN_ID,
    attestation,
    joined,
    signatures,
)
from verifier.chain import Contract, EmbeddedChain
from verifier.chain.attestation import join_signatures
from verifier.contracts import load_artifact

ZERO = "0x" + "0" * 40
OTHER_CHANNEL = "0x00000000000000000000000000000000000000C0"


def test_the_domain_is_the_one_that_signers_use() -> None:
    oracle = light_client()
    assert oracle.contract.call("domainSeparator") == oracle.domain.separator()


def test_a_message_is_proven_under_a_signed_root() -> None:
    oracle = light_client()
    tree = MessageTree([b"\x01" * 32, b"\x02" * 32, b"\x03" * 32])
    receipt = oracle.attest(SIGNERS[:3], attestation(tree.root()))
    assert [event.name for event in receipt.events] == ["ImportedMessageRoot", "RootAttested"]
    proof = MessageProof(7, 1, tuple(tree.prove(1))).encode()
    assert oracle.contract.call("verifyMessageProof", SOURCE_CHAIN_ID, tree.leaf(1), proof)
    assert not oracle.contract.call("verifyMessageProof", SOURCE_CHAIN_ID, tree.leaf(2), proof)


# -- m of n --


@settings(max_examples=40)
@given(st.data())
def test_any_m_of_n_are_enough_and_no_fewer_and_nobody_else(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 6), label="n")
    m = data.draw(st.integers(1, n), label="m")
    who = data.draw(st.sets(st.sampled_from(SIGNERS[:7])), label="who signs")
    oracle = light_client(members=SIGNERS[:n], threshold=m)
    outsiders = who - set(SIGNERS[:n])
    if len(who) >= m and not outsiders:
        oracle.attest(sorted(who))
        assert oracle.root() == b"\x11" * 32
        return
    with reverts("SignaturesTooFew" if len(who) < m else "NotSigner"):
        oracle.attest(sorted(who))
    assert oracle.root() == bytes(32)


# -- other encodings of a good signature, and bad ones --


def flip(signature: bytes) -> bytes:
    s = ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([55 - signature[64]])


def with_v(v: int) -> Callable[[bytes], bytes]:
    return lambda signature: signature[:64] + bytes([v])


SPOILED: dict[str, tuple[Callable[[bytes], bytes], tuple[str, ...]]] = {
    "s flipped": (flip, ("SignatureInvalid",)),
    "s flipped, v kept": (lambda s: flip(s)[:64] + s[64:], ("SignatureInvalid",)),
    "s zero": (lambda s: s[:32] + bytes(32) + s[64:], ("SignatureInvalid",)),
    "s half the order plus one": (
        lambda s: s[:32] + (ORDER // 2 + 1).to_bytes(32, "big") + s[64:],
        ("SignatureInvalid",),
    ),
    "r zero": (lambda s: bytes(32) + s[32:], ("SignatureInvalid",)),
    "r the order": (lambda s: ORDER.to_bytes(32, "big") + s[32:], ("SignatureInvalid",)),
    "all zero": (lambda s: bytes(65), ("SignatureInvalid",)),
    "v 0": (with_v(0), ("SignatureInvalid",)),
    "v 1": (with_v(1), ("SignatureInvalid",)),
    "v 26": (with_v(26), ("SignatureInvalid",)),
    "v 29": (with_v(29), ("SignatureInvalid",)),
    "v 255": (with_v(255), ("SignatureInvalid",)),
    "the other v": (
        lambda s: s[:64] + bytes([55 - s[64]]),
        ("SignaturesNotAscending", "NotSigner", "SignatureInvalid"),
    ),
    "one bit of r": (
        lambda s: bytes([s[0] ^ 1]) + s[1:],
        ("SignaturesNotAscending", "NotSigner", "SignatureInvalid"),
    ),
}


@pytest.mark.parametrize("position", [0, 2])
@pytest.mark.parametrize("name", SPOILED)
def test_a_signature_counts_in_one_encoding_only(name: str, position: int) -> None:
    spoil, errors = SPOILED[name]
    oracle = light_client()
    each = list(signatures(oracle.domain, attestation(), SIGNERS[:3]).values())
    each[position] = spoil(each[position])
    with reverts(*errors):
        oracle.bring(attestation(), b"".join(each))
    assert oracle.root() == bytes(32)


@pytest.mark.parametrize(("s", "counts"), [(ORDER // 2, True), (ORDER // 2 + 1, False)])
def test_the_largest_s_that_counts_is_half_the_order(s: int, counts: bool) -> None:
    """A key is made for which a chosen signature is right: d = (s·k - z) / r."""
    domain = light_client().domain
    digest = keccak(b"\x19\x01" + domain.separator() + attestation().struct_hash())
    nonce = 12345
    point = PrivateKey(nonce.to_bytes(32, "big")).public_key.to_bytes()
    r = int.from_bytes(point[:32], "big") % ORDER
    key = (s * nonce - int.from_bytes(digest, "big")) * pow(r, -1, ORDER) % ORDER
    signer = Account.from_key(key.to_bytes(32, "big")).address
    oracle = light_client(members=[signer], threshold=1)
    assert oracle.domain == domain
    v = bytes([27 + (point[63] & 1)])
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big") + v
    if counts:
        oracle.bring(attestation(), signature)
        return
    with reverts("SignatureInvalid"):
        oracle.bring(attestation(), signature)


@pytest.mark.parametrize("order", [(0, 0, 1), (0, 1, 1), (1, 0, 2), (2, 1, 0), (0, 2, 1)])
def test_signers_stand_in_ascending_order_and_each_once(order: tuple[int, ...]) -> None:
    oracle = light_client()
    each = list(signatures(oracle.domain, attestation(), SIGNERS[:3]).values())
    with reverts("SignaturesNotAscending"):
        oracle.bring(attestation(), b"".join(each[i] for i in order))


@pytest.mark.parametrize("cut", [1, 64, 66])
def test_signatures_are_65_bytes_each(cut: int) -> None:
    oracle = light_client()
    brought = joined(oracle.domain, attestation(), SIGNERS[:4])
    with reverts("SignaturesLengthWrong"):
        oracle.bring(attestation(), brought[:-cut])
    with reverts("SignaturesTooFew"):
        oracle.bring(attestation(), b"")


def test_surplus_signatures_do_no_harm_but_must_be_good() -> None:
    oracle = light_client()
    each = signatures(oracle.domain, attestation(), SIGNERS[:5])
    spoiled = {**each, SIGNERS[4]: bytes(65)}
    with reverts("SignatureInvalid"):
        oracle.bring(attestation(), join_signatures(spoiled))
    oracle.bring(attestation(), join_signatures(each))
    assert oracle.root() == b"\x11" * 32


# -- what the signatures are about --


@pytest.mark.parametrize(
    "change", [{"chain_id": 1}, {"oracle": OTHER_CHANNEL}], ids=["chain", "contract"]
)
def test_signatures_for_another_oracle_are_worthless(change: dict[str, Any]) -> None:
    oracle = light_client()
    foreign = replace(oracle.domain, **change)
    with reverts("SignaturesNotAscending", "NotSigner"):
        oracle.bring(attestation(), joined(foreign, attestation(), SIGNERS[:3]))


@pytest.mark.parametrize(
    "change", [{"block_number": 8}, {"message_count": 4}, {"message_root": b"\x12" * 32}]
)
def test_signatures_for_another_attestation_are_worthless(change: dict[str, Any]) -> None:
    oracle = light_client()
    brought = joined(oracle.domain, attestation(), SIGNERS[:3])
    with reverts("SignaturesNotAscending", "NotSigner"):
        oracle.bring(replace(attestation(), **change), brought)


def test_roots_of_another_channel_or_chain_are_refused_whoever_signs() -> None:
    oracle = light_client()
    for seen in (
        attestation(channel=OTHER_CHANNEL),
        attestation(channel=ZERO),
        replace(attestation(), chain_id=SOURCE_CHAIN_ID + 1),
        replace(attestation(channel=ZERO), chain_id=SOURCE_CHAIN_ID + 1),
    ):
        with reverts("WrongChannel"):
            oracle.attest(SIGNERS[:3], seen)


@pytest.mark.parametrize("count", [0, 2**32, 2**256 - 1])
def test_a_tree_without_messages_or_with_too_many_is_refused(count: int) -> None:
    oracle = light_client()
    argument = list(attestation().argument)
    argument[3] = count
    brought = joined(oracle.domain, attestation(), SIGNERS[:3])
    with reverts("MessageCountOutOfRange"):
        oracle.contract.transact("importSigned", tuple(argument), brought, sender=oracle.stranger)


def test_the_largest_tree_is_accepted() -> None:
    oracle = light_client()
    oracle.attest(SIGNERS[:3], attestation(count=2**32 - 1))
    assert oracle.root() == b"\x11" * 32


def test_signed_roots_are_never_overwritten_and_may_be_brought_twice() -> None:
    oracle = light_client()
    oracle.attest(SIGNERS[:3])
    again = oracle.attest(SIGNERS[2:5])
    assert [event.name for event in again.events] == ["RootAttested"]
    with reverts("RootAlreadyImported"):
        oracle.attest(SIGNERS[:3], attestation(b"\x22" * 32))
    with reverts("RootOfEmptyTree"):
        oracle.attest(SIGNERS[:3], attestation(EMPTY_ROOT, block=8))


# -- fees --


def test_the_treasurer_has_the_fees_and_nothing_else() -> None:
    oracle = light_client()
    contract, treasurer = oracle.contract, oracle.treasurer
    contract.transact("setFee", 5, 9, sender=treasurer)
    assert contract.call("fee", 5, treasurer) == 9
    with reverts("FeeUnset"):
        contract.call("fee", 6, treasurer)
    contract.transact("assign", b"\x01" * 32, sender=oracle.endpoint, value=9)
    with reverts("WithdrawalFailed"):
        contract.transact("withdraw", oracle.stranger, 10, sender=treasurer)
    contract.transact("withdraw", oracle.stranger, 9, sender=treasurer)
    for sender in (oracle.stranger, oracle.endpoint, oracle.chain.accounts[9]):
        with reverts("NotTreasurer"):
            contract.transact("setFee", 5, 1, sender=sender)
        with reverts("NotTreasurer"):
            contract.transact("withdraw", sender, 0, sender=sender)
    with reverts("SignaturesTooFew"):
        contract.transact("importSigned", attestation().argument, b"", sender=treasurer)


def test_only_the_endpoint_assigns_and_never_for_nothing() -> None:
    oracle = light_client()
    with reverts("NotEndpoint"):
        oracle.contract.transact("assign", b"\x01" * 32, sender=oracle.treasurer, value=1)
    with reverts("AssignmentUnpaid"):
        oracle.contract.transact("assign", b"\x01" * 32, sender=oracle.endpoint)


def test_nobody_owns_it() -> None:
    """Every function that changes something, and who may call it."""
    changing = {
        entry["name"]
        for entry in load_artifact("SignedRootOracle").abi
        if entry["type"] == "function" and entry["stateMutability"] in ("nonpayable", "payable")
    }
    by_signatures = {"importSigned", "proposeRotation", "cancelRotation"}
    assert changing == by_signatures | {"assign"} | {"setFee", "withdraw"}


# -- deployment --


def refused(error: str, changes: Callable[[EmbeddedChain, list[object]], None]) -> None:
    chain = EmbeddedChain()
    config = list(deploy_config(chain, SIGNERS[:3], 2))
    changes(chain, config)
    with reverts(error):
        artifact = load_artifact("SignedRootOracle")
        Contract.deploy(chain, artifact, tuple(config), sender=chain.accounts[0])


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        (0, ZERO, "EndpointZero"),
        (1, ZERO, "TreasurerZero"),
        (2, 0, "RotationDelayZero"),
        (3, [], "ThresholdOutOfRange"),
        (3, [ZERO, SIGNERS[0]], "SignersNotAscending"),
        (3, [SIGNERS[0], SIGNERS[0]], "SignersNotAscending"),
        (3, [SIGNERS[1], SIGNERS[0]], "SignersNotAscending"),
        (4, 0, "ThresholdOutOfRange"),
        (4, 4, "ThresholdOutOfRange"),
        (5, [(31337, OTHER_CHANNEL)], "SourceInvalid"),
        (5, [(5, ZERO)], "SourceInvalid"),
        (5, [(5, OTHER_CHANNEL), (5, SIGNERS[0])], "SourceInvalid"),
    ],
)
def test_an_oracle_that_cannot_work_is_not_deployed(field: int, value: object, error: str) -> None:
    def change(_: EmbeddedChain, config: list[object]) -> None:
        config[field] = value

    refused(error, change)


def test_two_oracles_have_two_domains() -> None:
    chain_one: LightClient = light_client(chain_id=1)
    assert chain_one.domain.separator() != light_client(chain_id=2).domain.separator()
