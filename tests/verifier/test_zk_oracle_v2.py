"""Proven roots as an oracle of version 2.1.0: from the batch's proof to the application's call."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_abi.abi import decode
from eth_utils.abi import function_abi_to_4byte_selector

from sequencer.messages.proof import MessageProof
from sequencer.messages.tree import ZERO_HASHES
from tests.verifier.messaging import proof_of
from tests.verifier.recorded import VECTORS
from tests.verifier.refusals import reverts
from tests.verifier.version_2 import Version2, version_2
from tests.verifier.world import ROLLUP_CHAIN_ID, message_slot
from verifier.chain import ChainRevert
from verifier.chain.records import message_argument
from verifier.contracts import load_artifact


@pytest.fixture
def here() -> Version2:
    return version_2()


def calls(here: Version2) -> list[tuple[str, bytes]]:
    """(caller, call data) of what the application got, in order."""
    logs = here.world.client.transport.logs(here.application.address, [])
    fields = [decode(["address", "uint256", "uint256", "bytes"], log.data) for log in logs]
    return [(caller, data) for caller, _, _, data in fields]


def imported(here: Version2, index: int) -> bytes:
    found: bytes = here.oracle.call(
        "hashOf", ROLLUP_CHAIN_ID, here.world.client.rollup.address, index
    )
    return found


def test_it_has_the_interface_of_version_2_1_0_that_endpoints_use() -> None:
    selectors = {
        entry["name"]: "0x" + function_abi_to_4byte_selector(entry).hex()  # type: ignore[arg-type]
        for entry in load_artifact("ZkOracleV2").abi
        if entry["type"] == "function"
    }
    theirs = VECTORS["signatures"]["functions"]["v21:Oracle"]
    for signature, selector in theirs.items():
        name = signature.partition("(")[0]
        if name in ("verifyMessageProof", "hashOf", "fee", "version", "PROTOCOL"):
            assert selectors[name] == selector
    assert selectors["verifyMessageProof"] == "0x651b04a7"
    assert selectors["hashOf"] == "0x50614695"


def test_from_a_proven_batch_to_the_applications_call(here: Version2) -> None:
    sent = here.message()
    with pytest.raises(ChainRevert, match="!proof"):
        here.relay(sent.message)
    receipt = here.bring(sent.message, sent.proof)
    assert len(receipt.events) == 0  # the endpoint's event is not one of ours
    assert imported(here, 0) == sent.message.hash()
    assert here.oracle.call("verifyMessageProof", message_argument(sent.message), b"")
    receipt = here.relay(sent.message)
    assert receipt.event("MessageDispatched").args["dispatchResult"] is True
    tail = sent.message.hash() + ROLLUP_CHAIN_ID.to_bytes(32, "big")
    tail += sent.message.sender.to_bytes(20, "big")
    assert calls(here) == [(here.endpoint.address.lower(), sent.message.encoded + tail)]
    with pytest.raises(ChainRevert, match="done"):
        here.relay(sent.message)


def test_the_endpoint_keeps_the_hash_under_the_oracles_own_address(here: Version2) -> None:
    sent = here.message()
    here.bring(sent.message, sent.proof)
    logs = here.world.client.transport.logs(here.endpoint.address, [])
    expected = "0x" + here.oracle.address[2:].lower().rjust(64, "0")
    assert "0x" + logs[-1].topics[1].hex() == expected


def test_several_messages_are_imported_together_all_or_none(here: Version2) -> None:
    for text in (b"one 1", b"two 2", b"three"):
        here.message(text)
    messages = [message_argument(message) for message in here.world.sent]
    proofs = [proof_of(here.world, index) for index in range(3)]
    user = here.world.user
    with reverts("MessageNotProven"):
        mixed = [proofs[0], proofs[2], proofs[1]]
        here.oracle.transact("importMessages", messages, mixed, sender=user)
    assert imported(here, 0) == bytes(32)
    for wrong in (proofs[:2], [*proofs, proofs[0]], []):
        with reverts("ProofCountWrong"):
            here.oracle.transact("importMessages", messages, wrong, sender=user)
    here.oracle.transact("importMessages", messages, proofs, sender=user)
    here.oracle.transact("importMessages", [], [], sender=user)
    for message in reversed(here.world.sent):
        here.relay(message)
    assert [data[:5] for _, data in calls(here)] == [b"three", b"two 2", b"one 1"]


@pytest.mark.parametrize("change", ["channel", "from_chain_id"])
def test_another_source_is_refused_by_name(here: Version2, change: str) -> None:
    sent = here.message()
    forged = replace(sent.message, **{change: getattr(sent.message, change) + 1})
    with reverts("WrongSource"):
        here.bring(forged, sent.proof)


@pytest.mark.parametrize("change", ["index", "sender", "to_chain_id", "to", "gas_limit", "encoded"])
def test_a_message_that_was_not_sent_is_not_imported(here: Version2, change: str) -> None:
    sent = here.message()
    value = getattr(sent.message, change)
    other = value + b"\0" if isinstance(value, bytes) else value + 1
    forged = replace(sent.message, **{change: other})
    with reverts("MessageNotProven"):
        here.bring(forged, sent.proof)
    assert imported(here, 0) == bytes(32)
    here.bring(sent.message, sent.proof)
    assert not here.oracle.call("verifyMessageProof", message_argument(forged), b"")


def test_a_wrong_path_batch_or_length_is_refused(here: Version2) -> None:
    sent = here.message()
    proof = MessageProof.decode(sent.proof)
    for wrong in (
        replace(proof, block_number=proof.block_number + 1),
        replace(proof, block_number=0),
        replace(proof, block_number=2**64 + proof.block_number),
        replace(proof, message_index=1),
        replace(proof, siblings=(b"\x01" * 32, *proof.siblings[1:])),
    ):
        with reverts("MessageNotProven"):
            here.bring(sent.message, wrong.encode())
    for cut in (sent.proof[:-1], b""):
        with reverts("Empty"):
            here.bring(sent.message, cut)


def test_a_pending_batch_proves_nothing(here: Version2) -> None:
    payload = b"\x12\x34\x56\x78 pending"
    chain_id = here.world.client.transport.chain_id
    slot = message_slot(here.application.address, payload, to_chain_id=chain_id)
    here.world.commit(here.world.batch([slot], [payload]))
    message = here.world.sent[-1]
    with reverts("MessageNotProven"):
        here.bring(message, proof_of(here.world, 0))
    here.world.prove(1)
    here.bring(message, proof_of(here.world, 0))


def test_an_import_may_come_twice_and_changes_nothing(here: Version2) -> None:
    first = here.message(b"first")
    here.message(b"second")
    here.bring(first.message, first.proof)
    here.bring(first.message, proof_of(here.world, 0))  # under the newer root
    assert imported(here, 0) == first.message.hash()
    here.relay(first.message)
    here.bring(first.message, first.proof)
    with pytest.raises(ChainRevert, match="done"):
        here.relay(first.message)


def test_nobody_else_imports_in_its_name(here: Version2) -> None:
    """The endpoint stores what a stranger imports under the stranger."""
    sent = here.message()
    forged = replace(sent.message, encoded=b"forged")
    where = ROLLUP_CHAIN_ID, here.world.client.rollup.address, 0
    here.endpoint.transact("importHash", *where, forged.hash(), sender=here.world.user)
    assert imported(here, 0) == bytes(32)
    with pytest.raises(ChainRevert, match="!proof"):
        here.relay(forged)


def test_nothing_imported_is_no_message(here: Version2) -> None:
    """Neither the zero hash nor an empty position of the tree."""
    sent = here.message()
    other = replace(sent.message, index=7)
    assert not here.oracle.call("verifyMessageProof", message_argument(other), b"")
    empty = MessageProof(1, 1, (sent.message.hash(), *ZERO_HASHES[1:32]))
    with reverts("MessageNotProven"):
        here.bring(other, empty.encode())


def test_sending_with_this_oracle_gets_one_clear_error(here: Version2) -> None:
    quote = 5, here.application.address, 100_000, b"", b""
    with reverts("OutboundUnsupported"):
        here.endpoint.call("fee", *quote)
    arguments = 5, here.world.user, 100_000, b"out", here.world.user, b""
    with reverts("OutboundUnsupported"):
        here.application.transact(
            "sendVia",
            here.endpoint.address,
            *arguments,
            sender=here.world.user,
            value=10**18,
        )


def test_it_says_which_version_it_speaks(here: Version2) -> None:
    assert here.oracle.call("version") == "2.1.0"
    assert here.oracle.call("PROTOCOL").lower() == here.endpoint.address.lower()
