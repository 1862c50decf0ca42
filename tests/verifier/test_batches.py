"""Order of batches, their reversal, and who may do what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.verifier.messaging import send
from tests.verifier.refusals import reverts
from tests.verifier.world import (
    CIRCUIT_ID,
    SIMULATOR,
    World,
    deposit_slot,
    make_world,
    message_slot,
    withdraw_slot,
)
from verifier.chain import Batch, ChainError, Contract, EmbeddedChain
from verifier.chain.records import batch_argument
from verifier.contracts import load_artifact


def prove_with(world: World, batch: Batch, leaves: list[bytes]) -> None:
    proof = SIMULATOR.prove(batch.public_inputs)
    arguments = batch_argument(batch), leaves, proof.solidity_arguments()
    world.client.rollup.transact("proveBatch", *arguments, sender=world.user)


def test_several_batches_may_wait_and_are_proven_in_order() -> None:
    world = make_world()
    for _ in range(3):
        world.commit(world.batch())
    assert (world.client.committed_batches(), world.client.proven_batches()) == (3, 0)
    with reverts("NotNextBatch"):
        world.prove(2)
    for number in (1, 2, 3):
        world.prove(number)
    assert world.client.state_root() == world.state_root
    with reverts("NotNextBatch"):
        world.prove(3)


def test_anyone_may_prove() -> None:
    world = make_world()
    world.commit(world.batch())
    world.client.prove_batch(1, world.proof(1), sender=world.user)


@pytest.mark.parametrize(
    "change",
    [
        {"state_root": 1},
        {"commitment": 1},
        {"challenge": 1},
        {"evaluation": 1},
        {"message_count": 1},
        {"deposit_count": 1},
        {"timestamp_s": 1},
        {"leaves_hash": bytes(32)},
    ],
)
def test_a_batch_other_than_the_committed_one_is_refused(change: dict[str, object]) -> None:
    world = make_world()
    world.commit(world.batch())
    batch, leaves = world.client.committed(1)
    with reverts("BatchNotCommitted"):
        prove_with(world, replace(batch, **change), leaves)  # type: ignore[arg-type]
    prove_with(world, batch, leaves)


def test_leaves_other_than_the_committed_ones_are_refused() -> None:
    world = make_world()
    slot = message_slot(world.user, b"x", to_chain_id=1)
    world.commit(world.batch([slot, slot], [b"x", b"x"]))
    batch, leaves = world.client.committed(1)
    for wrong in ([], leaves[:1], leaves[::-1], [*leaves, bytes(32)]):
        with reverts("LeavesWrong"):
            prove_with(world, batch, wrong)
    prove_with(world, batch, leaves)


def test_reverting_drops_the_batch_and_all_after_it_and_frees_its_deposits() -> None:
    world = make_world()
    world.deposit(5)
    world.settle()
    replacement = world.batch([deposit_slot(5)])
    world.commit(replacement)
    world.commit(world.batch())
    receipt = world.client.revert_batch(2)
    assert receipt.event("BatchesReverted").args == {"first": 2, "last": 3}
    assert world.client.committed_batches() == 1
    with reverts("BatchNotCommitted"):
        world.prove(2)
    world.client.commit_batch(replacement.public_data, [], replacement.commitment)
    world.prove(2)
    assert world.client.state_root() == replacement.header.new_state_root


def test_reverting_the_first_batch_returns_to_the_genesis() -> None:
    world = make_world()
    batch = world.batch()
    world.commit(batch)
    world.client.revert_batch(1)
    world.client.commit_batch(batch.public_data, [], batch.commitment)
    world.prove(1)


def test_what_cannot_be_reverted() -> None:
    world = make_world()
    world.settle()
    world.commit(world.batch())
    for number in (0, 1, 3):
        with reverts("BatchNotPending"):
            revert(world, number, world.client.committed(1)[0])
    with reverts("BatchNotCommitted"):
        revert(world, 2, world.client.genesis())
    lie = replace(world.client.committed(1)[0], deposit_count=7)
    with reverts("BatchNotCommitted"):
        revert(world, 2, lie)
    with reverts("NotOperator"):
        revert(world, 2, world.client.committed(1)[0], sender=world.user)


def revert(world: World, number: int, before: Batch, *, sender: str | None = None) -> None:
    sender = sender or world.client.operator
    world.client.rollup.transact("revertBatch", number, batch_argument(before), sender=sender)


def test_operator_changes_hands_in_two_steps() -> None:
    world = make_world()
    rollup, old, new = world.client.rollup, world.client.operator, world.user
    with reverts("NotOperator"):
        rollup.transact("proposeOperator", new, sender=new)
    rollup.transact("proposeOperator", new, sender=old)
    assert rollup.call("operator").lower() == old.lower()
    with reverts("NotNextOperator"):
        rollup.transact("acceptOperator", sender=old)
    rollup.transact("acceptOperator", sender=new)
    with reverts("NotOperator"):
        world.commit(world.batch())
    world.client.operator = new
    world.commit(world.batch())
    with reverts("NotNextOperator"):
        rollup.transact("acceptOperator", sender=new)


def test_an_unknown_batch_is_a_clear_error() -> None:
    with pytest.raises(ChainError, match="batch 5 was never committed"):
        make_world().client.committed(5)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *((0, None), (1, None), (2, None), (4, 2**254), (5, 0), (5, 31337), (6, 0), (6, 257)),
        (7, "0x" + "0" * 40),
    ],
)
def test_configuration_that_cannot_work_is_refused(field: int, value: object) -> None:
    chain = EmbeddedChain()
    client = make_world(chain=chain).client
    config: list[object] = [client.verifier.address, client.token.address]
    config += [client.endpoint.address, CIRCUIT_ID, 5, 4242, 8, client.operator]
    config[field] = chain.accounts[3] if value is None else value
    with reverts("ConfigInvalid"):
        Contract.deploy(chain, load_artifact("Rollup"), tuple(config), sender=client.operator)


def test_settlement_of_everything_at_once() -> None:
    """Deposit, withdrawal and message in one batch of many slots."""
    world = make_world(slots=8)
    world.deposit(50)
    payload = world.client.notice_payload("all")
    to = world.client.application.address
    slots = [deposit_slot(50), withdraw_slot(world.user, 20)]
    slots += [message_slot(to, payload, to_chain_id=31337)] * 3
    batch = world.batch(slots, [payload] * 3)
    world.commit(batch)
    world.prove(1)
    world.client.claim(batch.public_data, 1)
    assert world.client.balance(world.user) == 20
    assert send(world, to, payload).message.index == 4
