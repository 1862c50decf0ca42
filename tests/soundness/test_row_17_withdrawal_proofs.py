"""Row 17: no proof shows a withdrawal that is not a leaf of the message tree, at its own index."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sequencer.messages.proof import MessageProof
from sequencer.messages.tree import MessageTree
from tests.verifier.payments import claim_of, pays, with_withdrawals
from tests.verifier.refusals import reverts
from tests.verifier.world import message_slot

OTHER = "0x" + "12" * 20


@pytest.mark.parametrize(
    "change",
    [
        {"index": 1},
        {"index": 2},
        {"index": 2**32 - 1},
        {"recipient": OTHER},
        {"recipient": "0x" + "00" * 20},
        {"amount_e6": 4},
        {"amount_e6": 0},
        {"amount_e6": 2**64 - 1},
    ],
    ids=str,
)
def test_a_claim_with_anything_changed_is_refused(change: dict[str, object]) -> None:
    world = with_withdrawals()
    honest = claim_of(world, 0, 3)
    with reverts("WithdrawalNotProven"):
        replace(honest, **change).send(world)  # type: ignore[arg-type]
    honest.send(world)


@pytest.mark.parametrize(
    "change",
    [
        {"block_number": 0},
        {"block_number": 1},
        {"block_number": 3},
        {"block_number": 2**64 - 1},
        {"block_number": 2**64 + 2},
        {"block_number": 2**256 - 1},
        {"message_index": 1},
        {"message_index": 2},
        {"message_index": 2**31},
        {"siblings": (bytes(32),) * 32},
    ],
    ids=str,
)
def test_a_claim_with_another_proof_is_refused(change: dict[str, Any]) -> None:
    world = with_withdrawals()
    honest = claim_of(world, 0, 3)
    with reverts("WithdrawalNotProven"):
        replace(honest, proof=replace(honest.proof, **change)).send(world)
    honest.send(world)


def test_a_proof_cut_short_is_refused() -> None:
    world = with_withdrawals()
    proof = claim_of(world, 0, 3).proof.encode()
    claim = world.client.rollup.transact
    for wrong in (b"", proof[:-1], proof[:64]):
        with reverts("Empty"):
            claim("claimWithdrawal", 0, world.user, 3, wrong, sender=world.user)
    claim("claimWithdrawal", 0, world.user, 3, proof, sender=world.user)


@pytest.mark.parametrize("level", [0, 1, 2, 31])
def test_a_claim_with_another_sibling_is_refused(level: int) -> None:
    world = with_withdrawals()
    honest = claim_of(world, 0, 3)
    siblings = list(honest.proof.siblings)
    siblings[level] = bytes(31) + b"\1"
    with reverts("WithdrawalNotProven"):
        replace(honest, proof=replace(honest.proof, siblings=tuple(siblings))).send(world)


def test_the_path_of_a_users_message_shows_no_withdrawal() -> None:
    """Even one whose fields are those of a withdrawal's message, but for the sender."""
    world = with_withdrawals()
    rollup = world.client.rollup
    payload = rollup.encode("payWithdrawal", 2, world.user, 6)
    slot = message_slot(rollup.address, payload, to_chain_id=31337, gas_limit=200_000)
    world.settle([slot], [payload])
    with reverts("WithdrawalNotProven"):
        claim_of(world, 2, 6).send(world)


def test_the_path_of_an_empty_leaf_shows_no_withdrawal() -> None:
    world = with_withdrawals()
    leaves = [message.hash() for message in world.sent]
    siblings = MessageTree([*leaves, bytes(32)]).prove(2)
    proof = MessageProof(2, 2, tuple(siblings))
    for amount_e6 in (0, 1):
        with reverts("WithdrawalNotProven"):
            replace(claim_of(world, 0, amount_e6), index=2, proof=proof).send(world)


def test_a_later_leaf_is_not_under_an_earlier_root() -> None:
    world = with_withdrawals()
    world.settle(pays(world, 1))
    late = claim_of(world, 2, 1)
    with reverts("WithdrawalNotProven"):
        replace(late, proof=replace(late.proof, block_number=2)).send(world)
    late.send(world)
