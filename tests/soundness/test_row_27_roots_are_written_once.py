"""Row 27: a message root is stored once per batch and nothing overwrites it."""

from __future__ import annotations

from tests.verifier.messaging import notice, proof_of
from tests.verifier.ormp_world import HOME, make_ormp_world
from tests.verifier.refusals import reverts
from tests.verifier.world import make_world, message_slot
from verifier.chain.records import message_argument


def test_each_batch_keeps_its_own_root() -> None:
    world = make_world()
    first = notice(world, "one")
    root = world.client.message_root(1)
    notice(world, "two")
    world.settle()
    assert world.client.message_root(1) == root
    assert world.client.message_root(2) not in (root, bytes(32))
    assert world.client.message_root(3) == world.client.message_root(2)
    world.client.relay(first.message, first.proof)  # a proof against an old root never ages


def test_a_proven_batch_can_be_neither_proven_again_nor_reverted() -> None:
    world = make_world()
    notice(world)
    root = world.client.message_root(1)
    with reverts("NotNextBatch"):
        world.client.prove_batch(1, world.proof(1, seed=9))
    with reverts("BatchNotPending"):
        world.client.revert_batch(1)
    assert world.client.message_root(1) == root


def test_a_pending_or_reverted_batch_has_no_root() -> None:
    world = make_world()
    payload = world.client.notice_payload("pending")
    slot = message_slot(world.client.application.address, payload, to_chain_id=31337)
    world.commit(world.batch([slot], [payload]))
    assert world.client.message_root(1) == bytes(32)
    with reverts("MessageNotProven"):
        world.client.relay(world.sent[0], proof_of(world, 0))
    world.client.revert_batch(1)
    assert world.client.message_root(1) == bytes(32)


def test_two_messages_in_one_batch_share_one_root() -> None:
    world = make_world()
    to = world.client.application.address
    payloads = [world.client.notice_payload(text) for text in ("a", "b")]
    slots = [message_slot(to, payload, to_chain_id=31337) for payload in payloads]
    world.settle(slots, payloads)
    for index in (1, 0):
        world.client.relay(world.sent[index], proof_of(world, index))
    assert world.client.application.call("count") == 2


def test_nothing_else_writes_roots() -> None:
    """Only proveBatch does: all that an oracle could change it by is assign, which reverts."""
    world = make_world()
    changing = {
        entry["name"]
        for entry in world.client.oracle.artifact.abi
        if entry["type"] == "function" and entry["stateMutability"] in ("nonpayable", "payable")
    }
    assert changing == {"assign"}


def test_two_roots_of_one_source_block_do_not_overwrite_each_other() -> None:
    """Two messages in one block make two roots; whichever is imported first stays."""
    world = make_ormp_world()
    world.send(b"first")
    block = world.import_root()
    early = world.proof(0, block)
    world.send(b"second")
    newer = world.home.endpoint.call("root")
    side = world.away
    with reverts("RootAlreadyImported"):
        side.oracle.transact("importMessageRoot", HOME, block, newer, sender=side.owner)
    arguments = message_argument(world.sent[0]), early.encode()
    side.relayer.transact("relay", *arguments, sender=side.owner)
    world.relay(1)  # under a later block
    assert world.application.call("received") == 2
