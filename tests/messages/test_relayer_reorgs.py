"""Reorganisations of 32 blocks on either side: nothing is lost, nothing is delivered twice."""

from __future__ import annotations

import sqlite3

import pytest

from tests.messages.relay_world import BETA, RelayWorld

pytestmark = pytest.mark.node
DEPTH = 32


def test_an_undone_delivery_is_made_again_once(world: RelayWorld) -> None:
    message = world.send(b"once")
    world.beta.import_root(world.alpha)
    world.beta.mine(DEPTH)
    world.relay()
    world.beta.mine(DEPTH - 1)
    world.relay()
    world.beta.reorganise(DEPTH)
    assert world.beta.dispatched() == {}
    world.relay()
    assert world.beta.dispatched() == world.beta.received() == {message.hash(): 1}
    assert world.sent() == 1, "the same transaction, not another one"


def test_an_undone_delivery_that_waits_is_not_sent_a_second_time(world: RelayWorld) -> None:
    message = world.send(b"once")
    world.beta.import_root(world.alpha)
    world.beta.mine(DEPTH)
    world.relay()
    world.beta.mine(DEPTH - 1)
    world.beta.reorganise(DEPTH)
    world.beta.ask("evm_setAutomine", False)
    with world.relayer() as daemon:
        for _ in range(6):
            for loop in daemon.loops:
                loop.round()
        pool = world.beta.ask("txpool_status")
        assert (int(pool["pending"], 16), int(pool["queued"], 16)) == (1, 0)
        world.beta.mine()
        assert daemon.run_once(timeout_s=600)
    assert world.beta.dispatched() == world.beta.received() == {message.hash(): 1}


def test_the_senders_and_the_ledgers_view_of_the_chain_may_differ_for_a_moment(
    world: RelayWorld,
) -> None:
    """The sender sees the transaction in a block of which the ledger still knows another version,
    without it: nobody concludes that the endpoint refused the message.
    """
    message = world.send(b"between two versions")
    world.beta.import_root(world.alpha)
    world.beta.ask("evm_setAutomine", False)
    with world.relayer() as daemon:
        for _ in range(2):
            for loop in daemon.loops:
                loop.round()
        (pool,) = world.beta.ask("txpool_content")["pending"].values()
        (waiting,) = pool.values()
        with sqlite3.connect(world.folder / "data" / "transactions.sqlite") as database:
            ((raw,),) = database.execute("SELECT raw FROM attempts").fetchall()
        world.beta.ask("anvil_dropTransaction", waiting["hash"])
        world.beta.mine()
        (beta,) = [loop for loop in daemon.loops if loop.name == "beta"]
        beta.follower.step()
        world.beta.ask("anvil_rollback", 1)
        world.beta.ask("eth_sendRawTransaction", "0x" + raw.hex())
        world.beta.mine()
        (courier,) = [c for c in daemon.couriers if c.target_chain_id == BETA]
        courier.step()
        assert world.status().counts["postponed"] == 0
        assert daemon.run_once(timeout_s=600)
    assert world.status().counts["postponed"] == 0
    assert world.beta.dispatched() == {message.hash(): 1}
    assert world.sent() == 1


def test_a_delivery_undone_together_with_its_root_waits_for_the_root_again(
    world: RelayWorld,
) -> None:
    messages = [world.send(bytes([i])) for i in range(3)]
    world.beta.mine(DEPTH)
    world.beta.import_root(world.alpha)
    world.relay()
    world.beta.mine(DEPTH - 2)
    world.relay()
    world.beta.reorganise(DEPTH)
    world.relay()
    assert world.beta.dispatched() == {}
    world.beta.import_root(world.alpha)
    world.relay()
    once = {message.hash(): 1 for message in messages}
    assert world.beta.dispatched() == world.beta.received() == once


def test_a_delivery_that_was_final_for_us_is_made_again_too(world: RelayWorld) -> None:
    message = world.send(b"deep")
    world.beta.import_root(world.alpha)
    world.beta.mine(2)
    world.relay()
    world.beta.mine(80)
    world.relay()
    assert world.status().counts["in transaction"] == 0
    world.beta.reorganise(81)
    world.relay()
    assert world.beta.dispatched() == {message.hash(): 1}


def test_a_reorganisation_while_transactions_wait(world: RelayWorld) -> None:
    world.settings = {"batch_messages": 1}
    world.beta.mine(DEPTH)
    messages = [world.send(bytes([i])) for i in range(6)]
    world.beta.import_root(world.alpha)
    world.beta.ask("evm_setAutomine", False)
    with world.relayer() as daemon:
        for _ in range(3):
            for loop in daemon.loops:
                loop.round()
        world.beta.mine(1)
        for loop in daemon.loops:
            loop.round()
        world.beta.reorganise(1)
        world.beta.ask("evm_setAutomine", True)
        assert daemon.run_once(timeout_s=600)
    once = {message.hash(): 1 for message in messages}
    assert world.beta.dispatched() == world.beta.received() == once


def test_a_message_that_vanished_at_its_source_is_not_delivered(world: RelayWorld) -> None:
    """Its root was even imported: by an oracle that did not wait."""
    world.alpha.mine(DEPTH)
    vanishing = world.send(b"vanishing")
    world.relay()
    world.beta.import_root(world.alpha)
    world.alpha.mine(DEPTH - 1)
    world.alpha.reorganise(DEPTH)
    stays = world.send(b"stays")
    assert stays.index == vanishing.index
    world.relay()
    assert world.beta.dispatched() == {}
    world.beta.import_root(world.alpha)
    world.relay()
    assert world.beta.dispatched() == {stays.hash(): 1}


def test_messages_that_moved_to_other_blocks_and_indices_arrive_once(world: RelayWorld) -> None:
    kept = world.send(b"kept")
    world.alpha.mine(DEPTH)
    before = [world.send(bytes([i])) for i in range(3)]
    world.relay()  # reads, and writes the tree that will be wrong
    world.alpha.mine(DEPTH - 3)
    world.alpha.reorganise(DEPTH)
    after = [world.send(bytes([i])) for i in (2, 0, 1)]
    assert {m.hash() for m in before}.isdisjoint(m.hash() for m in after)
    world.beta.import_root(world.alpha)
    world.relay()
    assert world.beta.dispatched() == {message.hash(): 1 for message in [kept, *after]}
    assert world.status().route.target_chain_id == BETA
