"""Row 27 for every kind of oracle: the first root under a key stays, whoever brings another."""

from __future__ import annotations

import pytest

from sequencer.messages.proof import MessageProof
from sequencer.messages.tree import MessageTree
from tests.verifier.light_client import DELAY_S, light_client
from tests.verifier.refusals import reverts
from tests.verifier.signers import CHANNEL, SIGNERS, SOURCE_CHAIN_ID, attestation, joined
from tests.verifier.version_2 import version_2
from tests.verifier.world import ROLLUP_CHAIN_ID
from verifier.chain import Contract, EmbeddedChain
from verifier.chain.attestation import SigningDomain
from verifier.contracts import load_artifact

BLOCK = 7
LEAVES = [b"\x01" * 32, b"\x02" * 32]
FIRST, SECOND = MessageTree(LEAVES[:1]), MessageTree(LEAVES)
PROOF = MessageProof(BLOCK, 0, tuple(FIRST.prove(0))).encode()


def data_service() -> Contract:
    """Owner and signers may both import."""
    chain = EmbeddedChain()
    owner, endpoint = chain.accounts[:2]
    oracle, _ = Contract.deploy(chain, load_artifact("Oracle"), owner, endpoint, sender=owner)
    oracle.transact("bindSource", SOURCE_CHAIN_ID, CHANNEL, sender=owner)
    oracle.transact("setSigners", SIGNERS[:3], 2, sender=owner)
    return oracle


def bring(oracle: Contract, who: str, root: bytes) -> None:
    sender = oracle.transport.accounts[0]
    if who == "owner":
        oracle.transact("importMessageRoot", SOURCE_CHAIN_ID, BLOCK, root, sender=sender)
        return
    seen = attestation(root, block=BLOCK)
    domain = SigningDomain(oracle.transport.chain_id, oracle.address)
    arguments = seen.argument, joined(domain, seen, SIGNERS[:2])
    oracle.transact("importSigned", *arguments, sender=sender)


@pytest.mark.parametrize("first", ["owner", "signers"])
@pytest.mark.parametrize("second", ["owner", "signers"])
def test_two_roots_of_one_block(first: str, second: str) -> None:
    """Two messages in one block make two roots; the later must not undo the earlier."""
    oracle = data_service()
    bring(oracle, first, FIRST.root())
    with reverts("RootAlreadyImported"):
        bring(oracle, second, SECOND.root())
    bring(oracle, second, FIRST.root())
    assert oracle.call("verifyMessageProof", SOURCE_CHAIN_ID, LEAVES[0], PROOF)


def test_a_new_owner_overwrites_nothing_either() -> None:
    oracle = data_service()
    bring(oracle, "owner", FIRST.root())
    owner, successor = oracle.transport.accounts[0], oracle.transport.accounts[4]
    oracle.transact("changeOwner", successor, sender=owner)
    oracle.transact("acceptOwner", sender=successor)
    with reverts("RootAlreadyImported"):
        arguments = SOURCE_CHAIN_ID, BLOCK, SECOND.root()
        oracle.transact("importMessageRoot", *arguments, sender=successor)


def test_the_next_signer_set_overwrites_nothing_either() -> None:
    client = light_client()
    client.attest(SIGNERS[:3], attestation(FIRST.root(), block=BLOCK))
    client.propose(SIGNERS[5:8], 1, by=SIGNERS[:3])
    client.clock.now_s += DELAY_S
    with reverts("RootAlreadyImported"):
        client.attest(SIGNERS[7:8], attestation(SECOND.root(), block=BLOCK))
    assert client.contract.call("verifyMessageProof", SOURCE_CHAIN_ID, LEAVES[0], PROOF)


def test_the_same_block_of_another_chain_is_another_key() -> None:
    oracle = data_service()
    bring(oracle, "owner", FIRST.root())
    owner = oracle.transport.accounts[0]
    other = SOURCE_CHAIN_ID + 1
    oracle.transact("importMessageRoot", other, BLOCK, SECOND.root(), sender=owner)
    assert oracle.call("merkleRoot", SOURCE_CHAIN_ID, BLOCK) == FIRST.root()
    assert oracle.call("merkleRoot", other, BLOCK) == SECOND.root()


def test_version_2_lets_an_index_have_one_hash_though_its_endpoint_would_not() -> None:
    """The deployed endpoint overwrites; the oracle only ever brings it what the rollup sent."""
    here = version_2()
    first, second = here.message(b"first"), here.message(b"second")
    where = ROLLUP_CHAIN_ID, here.world.client.rollup.address
    for _ in range(2):
        here.bring(first.message, first.proof)
        here.bring(second.message, second.proof)
        assert here.oracle.call("hashOf", *where, 0) == first.message.hash()
        assert here.oracle.call("hashOf", *where, 1) == second.message.hash()
