"""The sequencer on the real contracts: deposits, batches, a withdrawal and a relayed message."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from circuits.spec.transactions import Message
from sequencer.store import Stage
from tests.sequencer.doubles import KEYS, LATER_S, PUBLIC_KEYS
from tests.sequencer.settled_world import START_E6, SettledWorld
from verifier.chain import ChainRevert


@pytest.fixture
def world(tmp_path: Path) -> SettledWorld:
    return SettledWorld(tmp_path)


def notice(world: SettledWorld, text: str) -> Message:
    """A message of account 1 to the sample application."""
    to = int(world.client.application.address, 16)
    payload = world.client.notice_payload(text)
    chain_id = world.transport.chain_id
    nonce = world.world.nonces[1]
    world.world.nonces[1] += 1
    message = Message(1, 0, nonce, LATER_S, chain_id, to, 200_000, payload)
    return message.signed(KEYS[1], world.world.rollup_id)


def test_batches_settle_and_roots_agree(world: SettledWorld) -> None:
    sequencer = world.sequencer
    sequencer.submit(world.world.transfer(0, 1, 250, fee_e6=3))
    sequencer.submit(world.world.withdraw(2, 400))
    sequencer.seal()
    list(sequencer.advance())
    assert set(sequencer.status().stages.values()) == {Stage.SETTLED}
    assert world.client.state_root() == sequencer.status().state_root
    user = f"0x{0xABCD:040x}"
    world.client.claim(sequencer.batch(3).public_data, 1)
    assert world.client.balance(user) == 400


def test_messages_are_relayed_against_any_settled_root(world: SettledWorld) -> None:
    sequencer = world.sequencer
    for text in ("one", "two", "three"):
        sequencer.submit(notice(world, text))
    sequencer.seal()
    list(sequencer.advance())
    for index in (2, 0, 1):
        sequencer.relay(index)
        message, _ = sequencer.prove_message(index)
        assert world.client.is_delivered(message.hash())
    with pytest.raises(ChainRevert, match="AlreadyDelivered"):
        sequencer.relay(1)


def test_a_restart_after_each_step_settles_everything_once(world: SettledWorld) -> None:
    world.sequencer.submit(notice(world, "x"))
    world.sequencer.seal()
    while next(iter(world.sequencer.advance()), None) is not None:
        world.reopen()
    assert world.client.proven_batches() == world.sequencer.status().sealed_batches == 3
    assert world.prover.proved == [1, 2, 3]  # type: ignore[attr-defined]
    assert world.sequencer.status().deposits == 3
    assert world.sequencer._state.tree.account(0).collateral_e6 == START_E6


def test_a_reverted_batch_is_posted_again(world: SettledWorld) -> None:
    moves = world.sequencer.advance()
    assert [next(moves).target, next(moves).target] == [Stage.PROVED, Stage.COMMITTED]
    world.client.revert_batch(1)
    assert [move.target for move in moves][:3] == [Stage.PROVED, Stage.COMMITTED, Stage.SETTLED]
    assert world.prover.proved == [1, 2]  # type: ignore[attr-defined]


@pytest.mark.parametrize("confirmations", [0, 1, 3])
def test_deposits_are_taken_once_they_are_deep_enough(tmp_path: Path, confirmations: int) -> None:
    world = SettledWorld(tmp_path)
    world.deposit(world.transport.accounts[2], PUBLIC_KEYS[0], 5)
    deposited = world.transport.block_number()
    for depth in range(confirmations):
        assert world.transport.block_number() == deposited + depth
        assert world.chain.deposits_from(3, confirmations) == []
        world.client.mint(world.client.operator, 1)  # one block more
    [taken] = world.chain.deposits_from(3, confirmations)
    assert (taken.queue_index, taken.amount_e6) == (3, 5)


def test_the_configured_depth_is_what_the_sequencer_waits_for(tmp_path: Path) -> None:
    world = SettledWorld(tmp_path)
    world.config = replace(world.config, deposit_confirmations=2)
    sequencer = world.reopen()
    for amount_e6 in (5, 6):
        world.deposit(world.transport.accounts[2], PUBLIC_KEYS[0], amount_e6)
    assert sequencer.ingest_deposits() == 1  # three blocks a deposit: the first has enough on top
    for _ in range(2):
        world.client.mint(world.client.operator, 1)
    assert sequencer.ingest_deposits() == 1
    assert sequencer._state.tree.account(0).collateral_e6 == START_E6 + 11
