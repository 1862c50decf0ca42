"""Messages that cannot be delivered, or not by us: they wait with a reason and hold up nobody."""

from __future__ import annotations

import sqlite3

import pytest
from eth_hash.auto import keccak

from sequencer.messages.proof import MessageProof
from sequencer.messages.relayer import calls
from sequencer.messages.relayer.calls import Delivery
from sequencer.messages.tree import MessageTree
from tests.messages.relay_world import ALPHA, BETA, RELAYER, RelayWorld
from tests.verifier.doubles import ARTIFACTS
from verifier.chain import Contract
from verifier.contracts import load_artifact

pytestmark = pytest.mark.node
BOOM = keccak(b"boom()")[:4]
NOBODY = "0x" + "00" * 20


def test_poison_is_skipped_with_its_reason_and_the_others_go(world: RelayWorld) -> None:
    poison = world.send(to=world.beta.endpoint.address)
    good = [world.send(bytes([i])) for i in range(2)]
    world.beta.import_root(world.alpha)
    world.relay()
    assert world.beta.dispatched() == {message.hash(): 1 for message in good}
    assert world.reasons()[poison.index].startswith("ForbiddenTarget(")


def test_a_poisonous_message_is_left_alone_longer_each_time(world: RelayWorld) -> None:
    world.settings = {"first_pause_s": 0}
    world.send(to=world.beta.endpoint.address)
    world.beta.import_root(world.alpha)
    world.relay()
    (before,) = world.status().postponed
    world.settings = {"first_pause_s": 3_000}
    world.relay()
    (after,) = world.status().postponed
    assert before.failures >= 1 and after.failures == before.failures + 1
    world.relay()
    assert world.status().postponed == (after,), "its pause is not over"
    assert world.sent() == 0


def test_more_gas_than_a_block_holds_is_poison(world: RelayWorld) -> None:
    block_gas = int(world.beta.ask("eth_getBlockByNumber", "latest", False)["gasLimit"], 16)
    greedy = world.send(gas_limit=block_gas)
    modest = world.send(gas_limit=block_gas - 2_000_000)
    world.beta.import_root(world.alpha)
    world.relay()
    assert world.beta.dispatched() == {modest.hash(): 1}
    assert "a transaction may use" in world.reasons()[greedy.index]


def test_a_message_whose_fee_does_not_cover_the_gas_waits_until_it_does(world: RelayWorld) -> None:
    owner = world.alpha.owner
    world.alpha.relayer.transact("setDstPrice", BETA, 10**10, 10**6, sender=owner)
    cheap = world.send(b"cheap")
    world.alpha.relayer.transact("setDstPrice", BETA, 10**10, 20 * 10**9, sender=owner)
    fair = world.send(b"fair")
    world.beta.import_root(world.alpha)
    world.relay()
    assert world.beta.dispatched() == {fair.hash(): 1}
    assert "does not cover" in world.reasons()[cheap.index]
    world.settings = {"margin_percent": -100}
    world.relay()
    assert world.beta.dispatched() == {fair.hash(): 1, cheap.hash(): 1}


def test_the_price_of_the_targets_token_counts(world: RelayWorld) -> None:
    message = world.send(b"fair at equal prices")
    world.beta.import_root(world.alpha)
    world.route = 'price_ratio_e10 = "10000000000000"\n'
    world.relay()
    assert "does not cover" in world.reasons()[message.index]
    world.route = ""
    world.relay()
    assert world.beta.dispatched() == {message.hash(): 1}


def test_messages_to_an_application_with_its_own_relayer_are_not_ours(world: RelayWorld) -> None:
    application, endpoint = world.beta.application, world.beta.endpoint.address
    somebody = world.beta.chain.accounts[7]
    application.transact("configure", endpoint, NOBODY, somebody, sender=world.beta.owner)
    message = world.send()
    world.beta.import_root(world.alpha)
    world.relay()
    assert world.sent() == 0
    assert somebody in world.reasons()[message.index]


def test_a_message_waits_for_the_oracle_that_its_application_trusts(world: RelayWorld) -> None:
    beta = world.beta
    artifact = load_artifact("Oracle")
    chosen, _ = Contract.deploy(
        beta.chain, artifact, beta.owner, beta.endpoint.address, sender=beta.owner
    )
    beta.more_oracles.append(chosen.address)
    arguments = (beta.endpoint.address, chosen.address, NOBODY)
    beta.application.transact("configure", *arguments, sender=beta.owner)
    message = world.send()
    beta.import_root(world.alpha)
    world.relay()
    assert world.sent() == 0
    assert world.status().counts["waiting"] == 1
    beta.import_root(world.alpha, chosen)
    world.relay()
    assert beta.dispatched() == {message.hash(): 1}


def test_messages_assigned_to_another_relayer_are_left_to_it(world: RelayWorld) -> None:
    alpha = world.alpha
    artifact = load_artifact("Relayer")
    other, _ = Contract.deploy(
        alpha.chain, artifact, alpha.owner, alpha.endpoint.address, sender=alpha.owner
    )
    other.transact("setApproved", alpha.owner, True, sender=alpha.owner)
    other.transact("setDstPrice", BETA, 10**10, 10**9, sender=alpha.owner)
    other.transact("setDstConfig", BETA, 200_000, 16, sender=alpha.owner)
    alpha.endpoint.transact("setAppConfig", NOBODY, other.address, sender=alpha.owner)
    theirs = world.send()
    alpha.endpoint.transact("setAppConfig", NOBODY, NOBODY, sender=alpha.owner)
    ours = world.send()
    world.beta.import_root(alpha)
    world.relay()
    assert world.beta.dispatched() == {ours.hash(): 1}
    world.route = "subsidised = true\n"
    world.relay()
    assert world.beta.dispatched() == {ours.hash(): 1, theirs.hash(): 1}


def test_one_refusal_within_a_batch_does_not_touch_the_others(world: RelayWorld) -> None:
    """The first message makes its application choose another relayer: the second one, tried out
    before, is refused when its turn comes in the same transaction.
    """
    beta = world.beta
    somebody = beta.chain.accounts[7]
    turn = beta.application.encode("configure", beta.endpoint.address, NOBODY, somebody)
    artifact = load_artifact("RecordingApplication", ARTIFACTS)
    other, _ = Contract.deploy(beta.chain, artifact, sender=beta.owner)
    first, second = world.send(turn), world.send(b"too late")
    third = world.send(to=other.address)
    beta.import_root(world.alpha)
    world.relay()
    assert beta.dispatched() == {first.hash(): 1, third.hash(): 1}
    assert world.sent() == 1
    reason = world.reasons()[second.index]
    assert reason.startswith("NotRelayer(") and somebody.lower() in reason


# -- applications that fail --


def repair(world: RelayWorld, address: str) -> None:
    """Put the recording application's code in place of what is there."""
    code = world.beta.ask("eth_getCode", world.beta.application.address, "latest")
    world.beta.ask("anvil_setCode", address, code)


def broken_application(world: RelayWorld) -> str:
    """A contract that reverts whatever it is asked."""
    address = "0x" + "b0" * 20
    world.beta.ask("anvil_setCode", address, "0x5f5ffd")
    return address


def retried(world: RelayWorld) -> list[bool]:
    """What came of all retries."""
    topic = keccak(b"MessageRetried(bytes32,bool)")
    return [any(log.data) for log in world.beta.chain.logs(world.beta.endpoint.address, [topic])]


def test_a_failed_delivery_is_final_by_default(world: RelayWorld) -> None:
    address = broken_application(world)
    message = world.send(to=address)
    world.beta.import_root(world.alpha)
    world.relay()
    assert world.beta.results() == {message.hash(): False}
    world.beta.mine(64)
    repair(world, address)
    world.relay()
    assert world.sent() == 1 and retried(world) == []
    assert world.status().counts["failed"] == 1


def test_a_failed_delivery_is_retried_when_told_so_and_it_would_succeed(world: RelayWorld) -> None:
    world.settings = {"retry_failed": True, "first_pause_s": 0}
    address = broken_application(world)
    world.send(to=address)
    world.beta.import_root(world.alpha)
    world.relay()
    world.beta.mine(64)
    world.relay()
    assert retried(world) == [], "it would fail again: nothing is spent"
    repair(world, address)
    world.relay()
    assert retried(world) == [True]
    world.beta.mine(64)
    world.relay()
    assert (retried(world), world.sent()) == ([True], 2)
    assert world.status().counts["delivered"] == 1


# Stops where the gas price is zero, as in a trial run, and reverts elsewhere.
DECEIVER = "0x3a600557005b5f5ffd"


def test_retries_are_bounded(world: RelayWorld) -> None:
    world.settings = {"retry_failed": True, "first_pause_s": 0, "max_retries": 2}
    address = broken_application(world)
    world.beta.ask("anvil_setCode", address, DECEIVER)
    world.send(to=address)
    world.beta.import_root(world.alpha)
    world.relay()
    with world.relayer() as daemon:
        for _ in range(8):
            world.beta.mine(64)
            for loop in daemon.loops:
                loop.round()
    assert retried(world) == [False, False]


def test_a_message_to_the_other_side_is_not_disturbed_by_a_poisoned_queue(
    world: RelayWorld,
) -> None:
    for _ in range(3):
        world.send(to=world.beta.endpoint.address)
    back = world.beta.send(ALPHA, world.alpha.application.address)
    world.beta.import_root(world.alpha)
    world.alpha.import_root(world.beta)
    world.relay()
    assert world.alpha.dispatched() == {back.hash(): 1}
    assert RELAYER.address not in world.reasons()[0]


def test_somebody_who_delivers_first_costs_us_one_revert_and_no_confusion(
    world: RelayWorld,
) -> None:
    message = world.send(b"contested")
    world.beta.import_root(world.alpha)
    proof = MessageProof(world.alpha.height(), 0, tuple(MessageTree([message.hash()]).prove(0)))
    data = calls.relay(Delivery(message, proof))
    world.beta.ask("evm_setAutomine", False)
    with world.relayer() as daemon:
        for _ in range(2):
            for loop in daemon.loops:
                loop.round()
        request = {"from": world.beta.owner, "to": world.beta.relayer.address}
        price = {"gas": hex(500_000), "gasPrice": hex(100 * 10**9)}
        world.beta.ask("eth_sendTransaction", request | price | {"data": "0x" + data.hex()})
        world.beta.mine()
        world.beta.ask("evm_setAutomine", True)
        assert daemon.run_once(timeout_s=600)
        labels = {"chain": "beta", "cause": "transaction"}
        counted = daemon.metrics.registry.get_sample_value(
            "tallystick_relayer_postponed_total", labels
        )
        assert counted is None, "it is delivered: there is nothing to postpone"
    assert world.beta.dispatched() == {message.hash(): 1}
    assert (world.sent(), world.status().counts["delivered"]) == (1, 1)
    with sqlite3.connect(world.folder / "data" / "transactions.sqlite") as database:
        ((outcome, reason),) = database.execute("SELECT outcome, reason FROM intents").fetchall()
    assert outcome == "reverted"
    assert reason is not None
