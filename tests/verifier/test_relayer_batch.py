"""Deliveries in batches: compact proofs, what is skipped, and that nobody spoils it for others."""

from __future__ import annotations

import pytest
from eth_utils.abi import function_signature_to_4byte_selector
from hypothesis import given, settings
from hypothesis import strategies as st

from sequencer.errors import MessageError
from sequencer.messages.compact_proof import encode_compact
from sequencer.messages.proof import MessageProof
from sequencer.messages.tree import ZERO_HASHES, MessageTree
from tests.verifier.doubles import deploy_double
from tests.verifier.ormp_world import HOME, OrmpWorld, make_ormp_world
from tests.verifier.refusals import reverts
from verifier.chain import Contract, EmbeddedChain, Receipt
from verifier.chain.records import message_argument

ZERO = "0x" + "0" * 40
YES, NO, BURN, FLOOD = range(4)
UNWILLING, BURNING, FLOODING = 1, 2, 3


@pytest.fixture
def world() -> OrmpWorld:
    return make_ormp_world()


@pytest.fixture(scope="module")
def harness() -> Contract:
    return deploy_double(EmbeddedChain(), "CompactProofsHarness")


def send_many(world: OrmpWorld, count: int) -> int:
    """So many messages to the application; the block of a root over them."""
    for i in range(count):
        world.send(bytes([i + 1]))
    return world.import_root()


def delivered(receipt: Receipt) -> list[bytes]:
    return [e.args["msgHash"] for e in receipt.events if e.name == "MessageDispatched"]


def refused(receipt: Receipt) -> list[tuple[bytes, bytes]]:
    events = [e for e in receipt.events if e.name == "DeliveryRefused"]
    return [(event.args["msgHash"], event.args["reason"]) for event in events]


def error(signature: str) -> bytes:
    return function_signature_to_4byte_selector(signature)


# -- compact proofs --

proofs = st.builds(
    MessageProof,
    st.just(2**64 + 5),
    st.integers(0, 2**32 - 1),
    st.tuples(
        *[
            st.one_of(st.just(zero), st.just(zero), st.binary(min_size=32, max_size=32))
            for zero in ZERO_HASHES[:32]
        ]
    ),
)


@settings(max_examples=40)
@given(batch=st.lists(proofs, min_size=1, max_size=5))
def test_compact_proofs_expand_to_what_they_were(
    harness: Contract, batch: list[MessageProof]
) -> None:
    compact = encode_compact(batch)
    expanded, done = harness.call("expand", compact, len(batch))
    assert [MessageProof.decode(proof) for proof in expanded] == batch
    assert done is True
    for wrong in (compact[:-1], compact + b"\0"):
        assert harness.call("expand", wrong, len(batch))[1] is False
    assert harness.call("expand", compact, len(batch) - 1)[1] is False
    assert harness.call("expand", compact, len(batch) + 1)[1] is False


@pytest.mark.parametrize("length", [0, 1, 31])
def test_without_a_block_number_nothing_is_complete(harness: Contract, length: int) -> None:
    assert harness.call("expand", bytes(length), 0)[1] is False
    assert harness.call("expand", bytes(32), 0)[1] is True


def test_a_compact_proof_holds_only_what_differs_from_an_empty_tree() -> None:
    tree = MessageTree([bytes([i + 1]) * 32 for i in range(16)])
    batch = [MessageProof(1, i, tuple(tree.prove(i))) for i in range(16)]
    assert len(encode_compact(batch)) == 32 + 16 * (8 + 4 * 32)


def test_proofs_of_two_blocks_or_none_make_no_batch() -> None:
    tree = MessageTree([bytes([1]) * 32])
    siblings = tuple(tree.prove(0))
    for batch in ([], [MessageProof(1, 0, siblings), MessageProof(2, 0, siblings)]):
        with pytest.raises(MessageError, match="blocks instead of 1"):
            encode_compact(batch)
    with pytest.raises(MessageError, match="message index"):
        encode_compact([MessageProof(1, 2**32, siblings)])


# -- batches --


def test_a_batch_delivers_all_in_its_order(world: OrmpWorld) -> None:
    block = send_many(world, 5)
    order = [3, 0, 4, 1, 2]
    receipt = world.relay_batch(order, block=block)
    assert delivered(receipt) == [world.sent[i].hash() for i in order]
    assert refused(receipt) == []
    assert world.application.call("received") == 5


def test_a_batch_of_none_and_of_one(world: OrmpWorld) -> None:
    block = send_many(world, 1)
    side = world.away
    side.relayer.transact("relayBatch", [], block.to_bytes(32, "big"), sender=side.owner)
    assert len(delivered(world.relay_batch([0], block=block))) == 1


def test_only_approved_accounts_relay_batches(world: OrmpWorld) -> None:
    with reverts("NotApproved"):
        world.away.relayer.transact("relayBatch", [], bytes(32), sender=world.away.user)


def test_what_somebody_delivered_before_is_skipped(world: OrmpWorld) -> None:
    block = send_many(world, 3)
    world.relay(1, block=block)
    receipt = world.relay_batch([0, 1, 2], block=block)
    assert delivered(receipt) == [world.sent[i].hash() for i in (0, 2)]
    assert refused(receipt) == [(world.sent[1].hash(), error("AlreadyDelivered(bytes32)"))]
    again = world.relay_batch([0, 0], block=block)
    assert delivered(again) == []
    assert len(refused(again)) == 2


def test_what_cannot_be_delivered_is_skipped_and_stays_deliverable(world: OrmpWorld) -> None:
    send_many(world, 1)
    world.send(b"forbidden", to=world.away.oracle.address)
    world.send(b"greedy", gas_limit=10**12)
    block = world.import_root()
    world.send(b"too young")
    world.send(b"fine")
    receipt = world.relay_batch([0, 1, 2, 3, 4], block=block)
    assert delivered(receipt) == []  # proofs of a younger tree
    newest = world.import_root()
    receipt = world.relay_batch([0, 1, 2, 3, 4], block=newest)
    assert delivered(receipt) == [world.sent[i].hash() for i in (0, 3, 4)]
    assert refused(receipt) == [
        (world.sent[1].hash(), error("ForbiddenTarget(address)")),
        (world.sent[2].hash(), error("InsufficientGas(uint256,uint256)")),
    ]
    assert world.state(2) == (False, ZERO)


def test_malformed_proofs_undo_the_whole_batch(world: OrmpWorld) -> None:
    block = send_many(world, 2)
    good = encode_compact([world.proof(i, block) for i in range(2)])
    messages = [message_argument(message) for message in world.sent]
    side = world.away
    for compact in (b"", good[:31], good[:-1], good + b"\0", good[:32], good[: 32 + 8]):
        with reverts("MalformedProofs"):
            side.relayer.transact("relayBatch", messages, compact, sender=side.owner)
    with reverts("MalformedProofs"):
        side.relayer.transact("relayBatch", messages[:1], good, sender=side.owner)
    assert [world.state(i)[0] for i in range(2)] == [False, False]
    assert len(delivered(world.relay_batch([0, 1], block=block))) == 2


def test_a_refused_message_is_named_by_its_hash_whatever_lies_in_memory(world: OrmpWorld) -> None:
    """Memory is used again for each message: the padding of the next must be zero all the same."""
    for length in (4096, 1, 33, 0, 64):
        world.send(b"\xff" * length, gas_limit=10**12)
    receipt = world.relay_batch(range(5))
    assert [digest for digest, _ in refused(receipt)] == [m.hash() for m in world.sent]


@pytest.mark.parametrize("mood", [UNWILLING, BURNING, FLOODING])
def test_an_application_that_fails_spoils_nothing(world: OrmpWorld, mood: int) -> None:
    moody = deploy_double(world.away.chain, "MoodyApplication")
    moody.transact("setMood", mood, sender=world.away.user)
    world.send(b"a")
    world.send(b"b", to=moody.address, gas_limit=1_000_000)
    world.send(b"c")
    receipt = world.relay_batch([0, 1, 2])
    results = [e.args["dispatchResult"] for e in receipt.events if e.name == "MessageDispatched"]
    assert results == [True, False, True]


@pytest.mark.parametrize("verdict", [NO, BURN, FLOOD])
def test_an_oracle_that_eats_all_it_gets_leaves_the_others_theirs(
    world: OrmpWorld, verdict: int
) -> None:
    """It gets a share, not 63/64 of all: 16 of its messages would otherwise starve the last."""
    side = world.away
    moody = deploy_double(side.chain, "MoodyApplication")
    oracle = deploy_double(side.chain, "HostileService")
    oracle.transact("set", 0, verdict, sender=side.user)
    moody.transact("choose", side.endpoint.address, oracle.address, ZERO, sender=side.user)
    for i in range(16):
        world.send(bytes([i]), to=moody.address)
    world.send(b"last")
    receipt = world.relay_batch(range(17), gas_limit=16 * 420_000 + 300_000)
    assert delivered(receipt) == [world.sent[-1].hash()]
    assert len(refused(receipt)) == 16
    assert world.state(0) == (False, ZERO)


def test_each_message_of_a_batch_may_be_answered(world: OrmpWorld) -> None:
    """Locks are released after each delivery and each send, not at the transaction's end."""
    side = world.away
    moody = deploy_double(side.chain, "MoodyApplication")
    due = side.endpoint.call("fee", HOME, moody.address, 50_000, b"reply", b"")
    reply = side.endpoint.encode("send", HOME, ZERO, 50_000, b"reply", moody.address, b"")
    plan = side.endpoint.address, reply, due
    moody.transact("plan", *plan, sender=side.user, value=3 * due)
    for i in range(3):
        world.send(bytes([i]), to=moody.address, gas_limit=500_000)
    receipt = world.relay_batch(range(3))
    assert len(delivered(receipt)) == 3
    assert moody.call("calledOk") is True
    assert side.endpoint.call("messageCount") == 3


def test_too_little_gas_skips_the_rest_and_loses_nothing(world: OrmpWorld) -> None:
    block = send_many(world, 6)
    receipt = world.relay_batch(range(6), block=block, gas_limit=400_000)
    done = len(delivered(receipt))
    assert 0 < done < 6
    assert {reason for _, reason in refused(receipt)} <= {
        error("InsufficientGas(uint256,uint256)"),
        bytes(4),
    }
    rest = world.relay_batch(range(6), block=block)
    assert len(delivered(rest)) == 6 - done
    assert world.application.call("received") == 6
