"""The data-service oracle: who may do what, roots that stay, fees, assignments."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from eth_utils.crypto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from sequencer.messages.proof import MessageProof
from sequencer.messages.tree import EMPTY_ROOT, MessageTree
from tests.verifier.oracle_on_chain import OracleOnChain
from tests.verifier.refusals import reverts
from tests.verifier.signers import CHANNEL, SIGNERS, SOURCE_CHAIN_ID, attestation, joined
from verifier.chain import Contract, EmbeddedChain
from verifier.contracts import load_artifact

ZERO = "0x" + "0" * 40
LEAVES = [keccak(bytes([i])) for i in range(5)]
TREE = MessageTree(LEAVES)
FEE = 10**15


@dataclass
class Service(OracleOnChain):
    """A data service with its people."""

    @property
    def owner(self) -> str:
        return self.chain.accounts[0]

    @property
    def operator(self) -> str:
        return self.chain.accounts[1]

    def import_root(self, root: bytes, block: int = 7, chain_id: int = SOURCE_CHAIN_ID) -> None:
        self.contract.transact("importMessageRoot", chain_id, block, root, sender=self.owner)

    def verifies(self, leaf: bytes, proof: MessageProof, chain_id: int = SOURCE_CHAIN_ID) -> bool:
        return bool(self.contract.call("verifyMessageProof", chain_id, leaf, proof.encode()))


def service(*, signers: int = 0, threshold: int = 0) -> Service:
    """A new oracle; with signers, the source chain is bound too."""
    chain = EmbeddedChain()
    owner, operator, endpoint = chain.accounts[:3]
    artifact = load_artifact("Oracle")
    contract, _ = Contract.deploy(chain, artifact, owner, endpoint, sender=chain.accounts[9])
    contract.transact("setApproved", operator, True, sender=owner)
    if signers:
        contract.transact("bindSource", SOURCE_CHAIN_ID, CHANNEL, sender=owner)
        contract.transact("setSigners", SIGNERS[:signers], threshold, sender=owner)
    return Service(chain, contract)


# -- roots by the owner --


def test_a_message_is_proven_under_an_imported_root() -> None:
    oracle = service()
    oracle.import_root(TREE.root())
    for index, leaf in enumerate(LEAVES):
        assert oracle.verifies(leaf, MessageProof(7, index, tuple(TREE.prove(index))))


def test_another_block_chain_leaf_or_path_proves_nothing() -> None:
    oracle = service()
    oracle.import_root(TREE.root())
    path = tuple(TREE.prove(1))
    assert not oracle.verifies(LEAVES[1], MessageProof(8, 1, path))
    assert not oracle.verifies(LEAVES[1], MessageProof(7, 1, path), chain_id=SOURCE_CHAIN_ID + 1)
    assert not oracle.verifies(LEAVES[2], MessageProof(7, 1, path))
    assert not oracle.verifies(LEAVES[1], MessageProof(7, 0, path))
    assert not oracle.verifies(LEAVES[1], MessageProof(7, 1, (*path[:-1], bytes(32))))


def test_only_the_owner_imports() -> None:
    oracle = service()
    for sender in (oracle.operator, oracle.endpoint, oracle.stranger):
        with reverts("NotOwner"):
            arguments = SOURCE_CHAIN_ID, 7, TREE.root()
            oracle.contract.transact("importMessageRoot", *arguments, sender=sender)
    assert oracle.root() == bytes(32)


def test_an_import_is_announced_once() -> None:
    oracle = service()
    for _ in range(2):
        oracle.import_root(TREE.root())
    [event] = oracle.contract.events("ImportedMessageRoot")
    assert event.args == {
        "chainId": SOURCE_CHAIN_ID,
        "blockHeight": 7,
        "messageRoot": TREE.root(),
    }


@pytest.mark.parametrize("block", [0, 1, 2**256 - 1])
def test_any_block_number_is_a_key(block: int) -> None:
    oracle = service()
    oracle.import_root(TREE.root(), block)
    assert oracle.root(block) == TREE.root()


# -- fees and assignments --


def test_a_fee_is_asked_for_destinations_that_are_served() -> None:
    oracle = service()
    oracle.contract.transact("setFee", 5, FEE, sender=oracle.operator)
    assert oracle.contract.call("fee", 5, oracle.stranger) == FEE
    with reverts("FeeUnset"):
        oracle.contract.call("fee", 6, oracle.stranger)
    oracle.contract.transact("setFee", 5, 0, sender=oracle.operator)
    with reverts("FeeUnset"):
        oracle.contract.call("fee", 5, oracle.stranger)


def test_only_approved_accounts_set_fees_and_withdraw() -> None:
    """The owner is not approved by default."""
    oracle = service()
    for sender in (oracle.owner, oracle.stranger):
        with reverts("NotApproved"):
            oracle.contract.transact("setFee", 5, FEE, sender=sender)
        with reverts("NotApproved"):
            oracle.contract.transact("withdraw", sender, 0, sender=sender)
    oracle.contract.transact("setApproved", oracle.operator, False, sender=oracle.owner)
    with reverts("NotApproved"):
        oracle.contract.transact("setFee", 5, FEE, sender=oracle.operator)


def test_an_assignment_brings_its_fee_and_the_fee_can_be_withdrawn() -> None:
    oracle = service()
    receipt = oracle.contract.transact("assign", LEAVES[0], sender=oracle.endpoint, value=FEE)
    assert receipt.event("Assigned").args == {"msgHash": LEAVES[0], "fee": FEE}
    with reverts("WithdrawalFailed"):
        oracle.contract.transact("withdraw", oracle.stranger, FEE + 1, sender=oracle.operator)
    before = oracle.chain.balance(oracle.stranger)
    oracle.contract.transact("withdraw", oracle.stranger, FEE, sender=oracle.operator)
    assert oracle.chain.balance(oracle.stranger) == before + FEE
    assert oracle.chain.balance(oracle.contract.address) == 0


def test_only_the_endpoint_assigns_and_never_for_nothing() -> None:
    oracle = service()
    for sender in (oracle.owner, oracle.operator, oracle.stranger):
        with reverts("NotEndpoint"):
            oracle.contract.transact("assign", LEAVES[0], sender=sender, value=FEE)
    with reverts("AssignmentUnpaid"):
        oracle.contract.transact("assign", LEAVES[0], sender=oracle.endpoint)


# -- ownership --


def test_a_new_owner_must_accept() -> None:
    oracle = service()
    oracle.contract.transact("changeOwner", oracle.stranger, sender=oracle.owner)
    oracle.import_root(TREE.root())
    with reverts("NotNextOwner"):
        oracle.contract.transact("acceptOwner", sender=oracle.operator)
    oracle.contract.transact("acceptOwner", sender=oracle.stranger)
    with reverts("NotOwner"):
        oracle.import_root(TREE.root())


def test_no_oracle_is_deployed_without_owner_or_endpoint() -> None:
    chain = EmbeddedChain()
    someone = chain.accounts[0]
    for arguments, error in (((ZERO, someone), "OwnerZero"), ((someone, ZERO), "EndpointZero")):
        with reverts(error):
            Contract.deploy(chain, load_artifact("Oracle"), *arguments, sender=someone)


# -- roots by signers --


def test_without_signers_only_the_owner_imports() -> None:
    oracle = service()
    oracle.contract.transact("bindSource", SOURCE_CHAIN_ID, CHANNEL, sender=oracle.owner)
    for signers in ([], SIGNERS[:1]):
        with reverts("NoSignerSet"):
            brought = joined(oracle.domain, attestation(), signers)
            arguments = attestation().argument, brought
            oracle.contract.transact("importSigned", *arguments, sender=oracle.stranger)


def test_signers_import_what_the_owner_could_and_both_agree() -> None:
    oracle = service(signers=5, threshold=3)
    seen = attestation(TREE.root())
    brought = joined(oracle.domain, seen, SIGNERS[1:4])
    sent = oracle.contract.transact("importSigned", seen.argument, brought, sender=oracle.stranger)
    assert sent.event("ImportedMessageRoot").args["messageRoot"] == TREE.root()
    assert sent.event("RootAttested").args["messageCount"] == 3
    oracle.import_root(TREE.root())
    with reverts("RootAlreadyImported"):
        oracle.import_root(b"\x22" * 32)
    assert oracle.root() == TREE.root()


def test_a_source_is_bound_once_and_for_ever() -> None:
    oracle = service(signers=1, threshold=1)
    for chain_id, channel in ((SOURCE_CHAIN_ID, oracle.stranger), (SOURCE_CHAIN_ID, CHANNEL)):
        with reverts("SourceInvalid"):
            oracle.contract.transact("bindSource", chain_id, channel, sender=oracle.owner)
    with reverts("SourceInvalid"):
        oracle.contract.transact("bindSource", 1, ZERO, sender=oracle.owner)


def test_dismissed_signers_import_nothing_and_a_later_set_starts_afresh() -> None:
    oracle = service(signers=2, threshold=1)
    first = joined(oracle.domain, attestation(), SIGNERS[:1])
    oracle.contract.transact("dismissSigners", sender=oracle.owner)
    with reverts("NoSignerSet"):
        oracle.contract.transact(
            "importSigned", attestation().argument, first, sender=oracle.stranger
        )
    oracle.contract.transact("setSigners", SIGNERS[1:3], 1, sender=oracle.owner)
    with reverts("NotSigner"):
        oracle.contract.transact(
            "importSigned", attestation().argument, first, sender=oracle.stranger
        )


def test_only_the_owner_names_sources_and_signers() -> None:
    oracle = service()
    for function, arguments in (
        ("bindSource", (SOURCE_CHAIN_ID, CHANNEL)),
        ("setSigners", (SIGNERS[:1], 1)),
        ("dismissSigners", ()),
    ):
        for sender in (oracle.operator, oracle.stranger):
            with reverts("NotOwner"):
                oracle.contract.transact(function, *arguments, sender=sender)


# -- a root is for ever --

OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["owner", "signers"]),
        st.integers(0, 2),
        st.sampled_from([bytes(32), EMPTY_ROOT, *LEAVES[:3]]),
    ),
    max_size=12,
)


@settings(max_examples=15)
@given(OPERATIONS)
def test_the_first_good_root_of_a_block_stays_whatever_is_tried(
    operations: list[tuple[str, int, bytes]],
) -> None:
    oracle = service(signers=2, threshold=2)
    stored: dict[int, bytes] = {}
    for who, block, root in operations:
        if not any(root):
            expected = ["RootZero"]
        elif root == EMPTY_ROOT:
            expected = ["RootOfEmptyTree"]
        elif stored.setdefault(block, root) != root:
            expected = ["RootAlreadyImported"]
        else:
            expected = []
        if who == "owner" or not any(root):
            action = lambda b=block, r=root: oracle.import_root(r, b)  # noqa: E731
        else:
            action = lambda b=block, r=root: signed_import(oracle, r, b)  # noqa: E731
        if expected:
            with reverts(*expected):
                action()
        else:
            action()
    assert {block: oracle.root(block) for block in stored} == stored


def signed_import(oracle: Service, root: bytes, block: int) -> None:
    seen = attestation(root, block=block)
    brought = joined(oracle.domain, seen, SIGNERS[:2])
    oracle.contract.transact("importSigned", seen.argument, brought, sender=oracle.stranger)
