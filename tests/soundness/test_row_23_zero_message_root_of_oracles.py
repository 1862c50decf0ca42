"""Row 23 for every kind of oracle: a root of nothing cannot be imported, and proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sequencer.messages.proof import MessageProof
from sequencer.messages.tree import EMPTY_ROOT, ZERO_HASHES, MessageTree
from tests.verifier.light_client import light_client
from tests.verifier.refusals import reverts
from tests.verifier.signers import CHANNEL, SIGNERS, SOURCE_CHAIN_ID, attestation, joined
from tests.verifier.version_2 import version_2
from verifier.chain import Contract, EmbeddedChain
from verifier.chain.attestation import SigningDomain
from verifier.contracts import load_artifact

BLOCK = 7
LEAF = b"\x01" * 32
TREE = MessageTree([LEAF])
EMPTY_PATH = tuple(ZERO_HASHES[:32])
Import = Callable[[bytes], None]


def data_service() -> tuple[Contract, Import]:
    """The owner imports."""
    chain = EmbeddedChain()
    owner, endpoint = chain.accounts[:2]
    oracle, _ = Contract.deploy(chain, load_artifact("Oracle"), owner, endpoint, sender=owner)

    def bring(root: bytes) -> None:
        oracle.transact("importMessageRoot", SOURCE_CHAIN_ID, BLOCK, root, sender=owner)

    return oracle, bring


def signed_data_service() -> tuple[Contract, Import]:
    """Signers named by the owner import."""
    oracle, _ = data_service()
    owner = oracle.transport.accounts[0]
    oracle.transact("bindSource", SOURCE_CHAIN_ID, CHANNEL, sender=owner)
    oracle.transact("setSigners", SIGNERS[:3], 2, sender=owner)
    return oracle, by_signatures(oracle)


def signers() -> tuple[Contract, Import]:
    """Signers import, and nobody owns the oracle."""
    oracle = light_client().contract
    return oracle, by_signatures(oracle)


def by_signatures(oracle: Contract) -> Import:
    """Signatures of three members over any root, the zero one included."""
    domain = SigningDomain(oracle.transport.chain_id, oracle.address)

    def bring(root: bytes) -> None:
        seen = attestation(block=BLOCK)
        object.__setattr__(seen, "message_root", root)  # the record refuses a zero root by itself
        brought = joined(domain, seen, SIGNERS[:3])
        sender = oracle.transport.accounts[5]
        oracle.transact("importSigned", seen.argument, brought, sender=sender)

    return bring


KINDS = [data_service, signed_data_service, signers]


def verified(
    oracle: Contract, leaf: bytes, proof: MessageProof, chain_id: int = SOURCE_CHAIN_ID
) -> bool:
    return bool(oracle.call("verifyMessageProof", chain_id, leaf, proof.encode()))


@pytest.mark.parametrize("kind", KINDS)
def test_the_zero_root_and_the_empty_trees_root_are_refused(
    kind: Callable[[], tuple[Contract, Import]],
) -> None:
    oracle, bring = kind()
    for root, error in ((bytes(32), "RootZero"), (EMPTY_ROOT, "RootOfEmptyTree")):
        with reverts(error):
            bring(root)
        assert oracle.call("merkleRoot", SOURCE_CHAIN_ID, BLOCK) == bytes(32)
        assert not verified(oracle, bytes(32), MessageProof(BLOCK, 0, EMPTY_PATH))
    bring(TREE.root())
    assert verified(oracle, LEAF, MessageProof(BLOCK, 0, tuple(TREE.prove(0))))


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_blocks_and_chains_prove_nothing(
    kind: Callable[[], tuple[Contract, Import]],
) -> None:
    oracle, bring = kind()
    bring(TREE.root())
    proof = MessageProof(BLOCK, 0, tuple(TREE.prove(0)))
    for block in (0, BLOCK - 1, BLOCK + 1, BLOCK + 2**64, 2**255):
        assert not verified(oracle, LEAF, replace(proof, block_number=block))
    for chain_id in (0, SOURCE_CHAIN_ID + 1, SOURCE_CHAIN_ID + 2**64):
        assert not verified(oracle, LEAF, proof, chain_id)


@pytest.mark.parametrize("kind", KINDS)
def test_empty_positions_and_inner_nodes_are_no_messages(
    kind: Callable[[], tuple[Contract, Import]],
) -> None:
    """Position 1 does hold the empty leaf; the depth is fixed, so no node stands for a leaf."""
    oracle, bring = kind()
    bring(TREE.root())
    beside = (LEAF, *EMPTY_PATH[1:])
    assert not verified(oracle, bytes(32), MessageProof(BLOCK, 1, beside))
    assert not verified(oracle, TREE.root(), MessageProof(BLOCK, 0, EMPTY_PATH))


def test_a_root_of_another_channel_is_refused_whoever_signs() -> None:
    client = light_client()
    with reverts("WrongChannel"):
        client.attest(SIGNERS[:5], attestation(TREE.root(), channel=client.stranger))


def test_version_2_imports_nothing_without_a_proven_root() -> None:
    here = version_2()
    here.world.settle()  # batch 1 has no message, so no root
    sent = here.message()
    proof = MessageProof.decode(sent.proof)
    for batch in (0, 1, 3, 2**64 + 2):
        with reverts("MessageNotProven"):
            here.bring(sent.message, replace(proof, block_number=batch).encode())
    here.bring(sent.message, sent.proof)
