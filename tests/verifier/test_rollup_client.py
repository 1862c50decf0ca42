"""The whole life of a batch through the client, with real proofs, on the embedded chain."""

from __future__ import annotations

import pytest

from circuits.spec import public_data as spec
from circuits.spec.slot_data import SlotFields
from sequencer.messages.proof import MessageProof
from sequencer.messages.tree import MessageTree
from tests.verifier.world import (
    CIRCUIT_ID,
    CLOCK_S,
    COMMITMENT,
    World,
    deposit_slot,
    make_world,
    message_slot,
    withdraw_slot,
)
from verifier.chain import EmbeddedChain, RollupClient
from verifier.chain.withdrawals import message_proof, withdrawals_of
from verifier.errors import DevelopmentKeyError


@pytest.mark.parametrize("chain_id", [31337, 1337])
def test_contract_derives_the_challenge_and_evaluation_of_the_specification(chain_id: int) -> None:
    world = make_world(chain=EmbeddedChain(chain_id, clock=lambda: CLOCK_S))
    batch = world.batch([withdraw_slot(world.user, 5)])
    world.commit(batch)
    committed, leaves = world.client.committed(1)
    data = batch.public_data
    z = spec.challenge(world.domain, CIRCUIT_ID, batch.commitment, data)
    assert committed.public_inputs == [batch.commitment, z, spec.evaluate(data, z)]
    assert committed.state_root == batch.header.new_state_root
    assert leaves == [world.sent[0].hash()]


def test_rollup_id_is_that_of_the_specification() -> None:
    world = make_world()
    assert world.client.rollup.call("rollupId") == world.domain.rollup_id()


def test_deposit_batch_withdrawal_claim() -> None:
    world = make_world()
    world.deposit(7_000_000)
    world.settle([deposit_slot(7_000_000)])
    batch = world.batch([withdraw_slot(world.user, 3_000_000)])
    world.commit(batch)
    world.prove(2)
    assert world.client.balance(world.user) == 0
    receipt = world.client.claim(batch.public_data, 0)
    assert receipt.event("WithdrawalPaid").args["amount"] == 3_000_000
    assert world.client.balance(world.user) == 3_000_000
    assert world.client.rollup.call("totalCollateral") == 4_000_000


def test_deposits_are_listed_in_queue_order() -> None:
    world = make_world()
    for amount in (5, 6, 7):
        world.deposit(amount)
    assert world.client.deposit_count() == 3
    assert [(d.index, d.amount_e6) for d in world.client.deposits(1, 3)] == [(1, 6), (2, 7)]


def test_message_reaches_its_application_under_the_proven_root() -> None:
    world = make_world()
    send_notice(world, "hello")
    [message] = world.sent
    tree = MessageTree()
    tree.append(message.hash())
    assert world.client.message_root(1) == tree.root()
    proof = MessageProof(1, 0, tuple(tree.prove(0))).encode()
    receipt = world.client.relay(message, proof)
    assert receipt.event("MessageDispatched").args["dispatchResult"] is True
    posted = receipt.event("NoticePosted").args
    assert (posted["text"], int(posted["from"], 16)) == ("hello", message.sender)
    assert world.client.is_delivered(message.hash())


def test_posted_data_can_be_read_back_from_the_chain() -> None:
    world = make_world()
    send_notice(world, "x")
    public_data, payloads, commitment = world.client.posted(1)
    assert payloads == [world.client.notice_payload("x")]
    assert (len(public_data), commitment) == (5 + 4 * world.slots, COMMITMENT)


def send_notice(world: World, text: str) -> None:
    """Settle a batch with one message to the sample application."""
    client = world.client
    payload = client.notice_payload(text)
    slot = message_slot(client.application.address, payload, to_chain_id=client.transport.chain_id)
    world.settle([slot], [payload])


def test_a_second_client_finds_everything_by_address() -> None:
    world = make_world()
    world.deposit(5)
    world.settle([deposit_slot(5)])
    first = world.client
    again = RollupClient(
        first.transport,
        first.addresses,
        operator=first.operator,
        relayer=first.relayer,
        genesis_root=first.genesis_root,
    )
    assert again.committed(1) == first.committed(1)
    assert again.state_root() == world.state_root
    assert again.deposits(0, 9) == first.deposits(0, 9)


def test_deployment_with_a_development_key_stops_before_anything_is_deployed() -> None:
    chain = EmbeddedChain(1)
    with pytest.raises(DevelopmentKeyError):
        make_world(chain=chain)
    fresh = EmbeddedChain(31337)
    assert chain.code(make_world(chain=fresh).client.verifier.address) == b""


def test_proofs_are_those_of_the_message_tree_for_every_leaf() -> None:
    for count in range(1, 10):
        leaves = [bytes([i + 1]) * 32 for i in range(count)]
        tree = MessageTree(leaves)
        for index in range(count):
            proof = MessageProof(7, index, tuple(tree.prove(index)))
            assert message_proof(7, leaves, index) == proof.encode()
    for index in (-1, 9):
        with pytest.raises(ValueError, match="holds no leaf"):
            message_proof(7, leaves, index)


def test_withdrawals_carry_the_indices_of_their_messages() -> None:
    world = make_world(slots=4)
    send_notice(world, "first")
    message = message_slot(world.user, b"x", to_chain_id=1)
    pays = [withdraw_slot(world.user, amount) for amount in (7, 8)]
    batch = world.batch([pays[0], SlotFields(), message, pays[1]], [b"x"])
    found = withdrawals_of(batch.public_data)
    assert [(w.number, w.slot, w.index, w.amount_e6) for w in found] == [(2, 0, 1, 7), (2, 3, 3, 8)]
    world.commit(batch)
    assert world.client.message_leaves(2) == [sent.hash() for sent in world.sent]
