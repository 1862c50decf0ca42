"""Row 21: two submitters of one batch: one advance, one clean revert."""

from __future__ import annotations

from tests.verifier.refusals import reverts
from tests.verifier.world import make_world, message_slot


def test_second_submitter_reverts_and_changes_nothing() -> None:
    world = make_world()
    payload = world.client.notice_payload("once")
    slot = message_slot(world.client.application.address, payload, to_chain_id=31337)
    world.commit(world.batch([slot], [payload]))
    first, second = world.client.transport.accounts[6:8]
    world.client.prove_batch(1, world.proof(1, seed=1), sender=first)
    after = snapshot(world.client.rollup.call)
    with reverts("NotNextBatch"):
        world.client.prove_batch(1, world.proof(1, seed=2), sender=second)
    assert snapshot(world.client.rollup.call) == after


def test_two_commits_of_one_number_leave_the_first() -> None:
    world = make_world()
    batch = world.batch()
    world.commit(batch)
    rival = batch.with_header(new_state_root=999)
    with reverts("StateRootDiscontinuous"):
        world.client.commit_batch(rival.public_data, [], rival.commitment)
    rival = rival.with_header(old_state_root=world.state_root)
    with reverts("NotNextBatch"):
        world.client.commit_batch(rival.public_data, [], rival.commitment)
    assert world.client.committed(1)[0].state_root == batch.header.new_state_root


def snapshot(call: object) -> list[object]:
    """All that a proof may change."""
    assert callable(call)
    plain = [call(name) for name in ("stateRoot", "provenBatches", "messageCount")]
    return [*plain, call("messageRoots", 1), call("messageRoots", 2)]
