"""The signer set: changed by its own signatures, after a delay, unless it takes the change back."""

from __future__ import annotations

import pytest

from tests.verifier.light_client import DELAY_S, START_S, LightClient, light_client
from tests.verifier.refusals import reverts
from tests.verifier.signers import SIGNERS, attestation, joined
from verifier.chain.attestation import SignerSetProposal

OLD, NEW = SIGNERS[:5], SIGNERS[3:8]


@pytest.fixture
def oracle() -> LightClient:
    return light_client(members=OLD, threshold=3)


def pending(oracle: LightClient) -> tuple[int, int]:
    number, from_s = oracle.contract.call("pendingRotation")
    return number, from_s


def test_the_next_set_waits_and_then_is_in_force_by_itself(oracle: LightClient) -> None:
    receipt = oracle.propose(NEW, 2, by=OLD[:3])
    assert receipt.event("RotationProposed").args == {"number": 2, "from_s": START_S + DELAY_S}
    assert receipt.event("SignerSetDefined").args["threshold"] == 2
    oracle.clock.now_s = START_S + DELAY_S - 1
    assert oracle.contract.call("signerSet") == 1
    assert pending(oracle) == (2, START_S + DELAY_S)
    with reverts("NotSigner", "SignaturesTooFew"):
        oracle.attest(NEW[-3:])
    oracle.attest(OLD[:3])
    oracle.clock.now_s += 1
    assert oracle.contract.call("signerSet") == 2
    assert pending(oracle) == (0, 0)
    with reverts("NotSigner"):
        oracle.attest(OLD[:3], attestation(block=8))
    oracle.attest(NEW[-2:], attestation(block=8))
    assert oracle.root(8) == b"\x11" * 32


def test_signatures_of_removed_members_no_longer_count(oracle: LightClient) -> None:
    """Signed while they were members, brought when they are none."""
    seen = attestation()
    brought = joined(oracle.domain, seen, OLD[:3])
    oracle.propose(NEW, 2, by=OLD[:3])
    oracle.clock.now_s += DELAY_S
    with reverts("NotSigner"):
        oracle.bring(seen, brought)
    # those who stayed may still bring what they signed before
    oracle.bring(seen, joined(oracle.domain, seen, OLD[3:5]))


def test_rotation_needs_the_threshold_of_the_set_in_force(oracle: LightClient) -> None:
    with reverts("SignaturesTooFew"):
        oracle.propose(NEW, 2, by=OLD[:2])
    with reverts("NotSigner"):
        oracle.propose(NEW, 2, by=NEW)
    assert oracle.contract.call("setCount") == 1


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_proposal_names_the_next_number(oracle: LightClient, number: int) -> None:
    with reverts("NotSigner", "SignaturesNotAscending"):
        oracle.propose(NEW, 2, by=OLD[:3], number=number)


def test_a_proposal_for_other_members_or_another_threshold_is_worthless(
    oracle: LightClient,
) -> None:
    brought = joined(oracle.domain, SignerSetProposal(2, NEW, 2), OLD[:3])
    for members, threshold in ((NEW, 1), (NEW[:4], 2), (OLD, 2)):
        with reverts("NotSigner", "SignaturesNotAscending"):
            arguments = members, threshold, brought
            oracle.contract.transact("proposeRotation", *arguments, sender=oracle.stranger)


def test_an_attestation_is_no_proposal_and_no_cancellation(oracle: LightClient) -> None:
    brought = joined(oracle.domain, attestation(), OLD[:3])
    with reverts("NotSigner", "SignaturesNotAscending"):
        oracle.contract.transact("proposeRotation", NEW, 2, brought, sender=oracle.stranger)
    oracle.propose(NEW, 2, by=OLD[:3])
    with reverts("NotSigner", "SignaturesNotAscending"):
        oracle.contract.transact("cancelRotation", brought, sender=oracle.stranger)


@pytest.mark.parametrize(
    ("members", "threshold", "error"),
    [
        ((), 0, "ThresholdOutOfRange"),
        ((), 1, "ThresholdOutOfRange"),
        (NEW, 0, "ThresholdOutOfRange"),
        (NEW, 6, "ThresholdOutOfRange"),
        (NEW[::-1], 2, "SignersNotAscending"),
        ((NEW[0], NEW[0]), 1, "SignersNotAscending"),
    ],
)
def test_no_set_that_cannot_work_is_proposed(
    oracle: LightClient, members: tuple[str, ...], threshold: int, error: str
) -> None:
    with reverts(error):
        oracle.propose(members, threshold, by=OLD[:3])


def test_one_set_waits_at_a_time(oracle: LightClient) -> None:
    oracle.propose(NEW, 2, by=OLD[:3])
    with reverts("RotationPending"):
        oracle.propose(NEW, 3, by=OLD[:3], number=3)
    oracle.clock.now_s += DELAY_S
    oracle.propose(OLD, 3, by=NEW[:2], number=3)
    assert pending(oracle) == (3, START_S + 2 * DELAY_S)


@pytest.mark.parametrize("cancelled", [False, True])
def test_while_the_third_set_waits_the_second_is_in_force(
    oracle: LightClient, cancelled: bool
) -> None:
    oracle.propose(NEW, 2, by=OLD[:3])
    oracle.clock.now_s += DELAY_S
    oracle.propose(SIGNERS[:2], 1, by=NEW[:2], number=3)
    if cancelled:
        oracle.cancel(by=NEW[:2], number=3)
        oracle.clock.now_s += DELAY_S
    assert oracle.contract.call("signerSet") == 2
    with reverts("NotSigner"):
        oracle.attest(OLD[:3])
    oracle.attest(NEW[-2:])


def test_the_set_in_force_cancels_what_waits(oracle: LightClient) -> None:
    oracle.propose(NEW, 2, by=OLD[:3])
    with reverts("SignaturesTooFew"):
        oracle.cancel(by=OLD[:2])
    with reverts("NotSigner"):
        oracle.cancel(by=NEW)
    with reverts("NotSigner", "SignaturesNotAscending"):
        oracle.cancel(by=OLD[:3], number=3)
    oracle.clock.now_s += DELAY_S - 1
    oracle.cancel(by=OLD[2:5])
    assert pending(oracle) == (0, 0)
    oracle.clock.now_s += DELAY_S
    assert oracle.contract.call("signerSet") == 1
    oracle.attest(OLD[:3])


def test_nothing_is_cancelled_that_does_not_wait(oracle: LightClient) -> None:
    with reverts("NoRotationPending"):
        oracle.cancel(by=OLD[:3])
    oracle.propose(NEW, 2, by=OLD[:3])
    oracle.clock.now_s += DELAY_S
    with reverts("NoRotationPending"):
        oracle.cancel(by=OLD[:3])
    with reverts("NoRotationPending"):
        oracle.cancel(by=NEW[:2])


def test_no_signature_about_sets_counts_twice(oracle: LightClient) -> None:
    """A cancelled proposal's number is used up, and so is a cancellation's."""
    oracle.propose(NEW, 2, by=OLD[:3])
    oracle.cancel(by=OLD[:3])
    with reverts("NotSigner", "SignaturesNotAscending"):
        oracle.propose(NEW, 2, by=OLD[:3], number=2)
    oracle.propose(NEW, 2, by=OLD[:3], number=3)
    with reverts("NotSigner", "SignaturesNotAscending"):
        oracle.cancel(by=OLD[:3], number=2)
    assert pending(oracle)[0] == 3


def test_a_member_can_leave_and_come_back(oracle: LightClient) -> None:
    for number, members, by in ((2, NEW, OLD[:3]), (3, OLD, NEW[:3]), (4, NEW, OLD[:3])):
        oracle.propose(members, 3, by=by, number=number)
        oracle.clock.now_s += DELAY_S
        oracle.attest(members[-3:], attestation(block=number))
        assert oracle.contract.call("signerSet") == number
