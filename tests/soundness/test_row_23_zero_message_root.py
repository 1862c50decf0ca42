"""Row 23: no root is no proof: zero roots, empty trees, unknown batches, wrong channels."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sequencer.messages.proof import MessageProof
from sequencer.messages.tree import ZERO_HASHES, MessageTree
from tests.verifier.messaging import notice, proof_of
from tests.verifier.refusals import reverts
from tests.verifier.world import ROLLUP_CHAIN_ID, World, make_world

SIBLINGS = tuple(ZERO_HASHES[:32])


@pytest.fixture(scope="module")
def world() -> World:
    """Batch 1 has no message, batch 2 has one."""
    world = make_world()
    world.settle()
    notice(world)
    return world


def verified(
    world: World, leaf: bytes, proof: MessageProof, *, chain_id: int = ROLLUP_CHAIN_ID
) -> bool:
    return bool(world.client.oracle.call("verifyMessageProof", chain_id, leaf, proof.encode()))


def test_the_message_itself_is_proven(world: World) -> None:
    leaf = world.sent[0].hash()
    assert verified(world, leaf, MessageProof.decode(proof_of(world, 0)))


@pytest.mark.parametrize("batch", [0, 1, 3, 2**64 - 1, 2**64 + 2, 2**255])
def test_batch_without_a_root_proves_nothing(world: World, batch: int) -> None:
    leaf = world.sent[0].hash()
    proof = MessageProof.decode(proof_of(world, 0))
    assert world.client.oracle.call("merkleRoot", ROLLUP_CHAIN_ID, batch) == bytes(32)
    assert not verified(world, leaf, replace(proof, block_number=batch))
    assert not verified(world, bytes(32), MessageProof(batch, 0, SIBLINGS))


def test_empty_tree_is_never_served() -> None:
    world = make_world()
    world.settle()
    empty = MessageTree().root()
    assert world.client.message_root(1) == bytes(32) != empty
    assert not verified(world, bytes(32), MessageProof(1, 0, SIBLINGS))


def test_empty_leaf_beside_the_messages_is_refused(world: World) -> None:
    """The path is right: position 1 of the tree does hold the empty leaf."""
    tree = MessageTree([world.sent[0].hash(), bytes(32)])
    assert tree.root() == world.client.message_root(2)
    assert not verified(world, bytes(32), MessageProof(2, 1, tuple(tree.prove(1))))


@pytest.mark.parametrize("chain_id", [0, 1, 31337, ROLLUP_CHAIN_ID + 1, ROLLUP_CHAIN_ID + 2**64])
def test_root_of_another_chain_is_zero(world: World, chain_id: int) -> None:
    proof = MessageProof.decode(proof_of(world, 0))
    assert world.client.oracle.call("merkleRoot", chain_id, 2) == bytes(32)
    assert not verified(world, world.sent[0].hash(), proof, chain_id=chain_id)


def test_message_of_a_wrong_channel_or_with_any_field_changed_is_refused(world: World) -> None:
    message, proof = world.sent[0], proof_of(world, 0)
    changes = {
        "channel": message.channel + 1,
        "index": message.index + 1,
        "sender": message.sender + 1,
        "gas_limit": message.gas_limit + 1,
        "encoded": message.encoded + b"\0",
        "to_chain_id": message.to_chain_id + 1,
        "from_chain_id": message.from_chain_id + 1,
    }
    for name, value in changes.items():
        with reverts("MessageNotProven"):
            world.client.relay(replace(message, **{name: value}), proof)
    world.client.relay(message, proof)


def test_an_inner_node_is_no_message(world: World) -> None:
    """Depth is fixed at 32: a proof that starts higher up would need more levels than there are."""
    tree = MessageTree([world.sent[0].hash()])
    siblings = tree.prove(0)
    node = tree.root()
    assert not verified(world, node, MessageProof(2, 0, tuple(siblings)))
