"""Row 29: anybody can rebuild the full state from posted data; roots and balances agree."""

from __future__ import annotations

import pytest

from circuits.spec.params import TINY
from circuits.spec.rebuild import State, rebuild
from circuits.spec.refusal import PublicDataError
from tests.sequencer.settled_world import SettledWorld


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> SettledWorld:
    world = SettledWorld(tmp_path_factory.mktemp("rebuild"))
    sequencer, signer = world.sequencer, world.world
    sequencer.submit(signer.transfer(0, 1, 250, fee_e6=3))
    sequencer.submit(signer.withdraw(2, 400))
    sequencer.submit(signer.message(1, b"hello"))
    sequencer.submit(signer.transfer(2, 0, 7))
    sequencer.submit(signer.transfer(1, 2, 9, fee_e6=5))
    sequencer.seal()
    list(sequencer.advance())
    return world


def posted(world: SettledWorld) -> list[list[int]]:
    """The public data in the call data of every batch, which anybody can read."""
    return [
        world.client.posted(number)[0] for number in range(1, world.client.proven_batches() + 1)
    ]


def outsider(world: SettledWorld) -> State:
    return rebuild(posted(world), TINY)


def test_the_state_root_is_the_proven_one(world: SettledWorld) -> None:
    assert outsider(world).root == world.client.state_root()


def test_every_account_is_the_sequencers(world: SettledWorld) -> None:
    state, tree = outsider(world), world.sequencer._state.tree
    for index in range(TINY.max_accounts):
        assert state.tree.account(index) == tree.account(index)
        assert state.tree.path(index) == tree.path(index)
    assert state.globals_.message_count == 2  # the withdrawal is one
    assert state.globals_.deposit_count == 3


def test_collateral_in_the_state_is_the_collateral_on_chain(world: SettledWorld) -> None:
    state = outsider(world)
    inside = sum(state.tree.account(i).collateral_e6 for i in range(TINY.max_accounts))
    withdrawn = 400
    assert inside + withdrawn == world.client.balance(world.client.rollup.address)


@pytest.mark.parametrize("batch", [0, 2, 4])
def test_altered_data_does_not_rebuild(world: SettledWorld, batch: int) -> None:
    batches = posted(world)
    batches[batch][5] += 1 << 72  # one millionth more in the first slot
    with pytest.raises(PublicDataError):
        rebuild(batches, TINY)


def test_a_missing_batch_does_not_rebuild(world: SettledWorld) -> None:
    batches = posted(world)
    del batches[1]
    with pytest.raises(PublicDataError, match="does not start at the root"):
        rebuild(batches, TINY)
