"""Row 31, on chain: what leaves was withdrawn; no message of a user makes the rollup pay."""

from __future__ import annotations

import pytest

from tests.verifier.messaging import proof_of, send
from tests.verifier.payments import claim_of, deliver, is_dispatched, pays, with_withdrawals
from tests.verifier.refusals import reverts
from tests.verifier.world import World, deposit_slot, make_world, message_slot
from verifier.chain import Contract
from verifier.contracts import load_artifact

MAX_E6 = 2**63 - 1


def forged(world: World, index: int, amount_e6: int, sender: int = 0) -> None:
    """Settle a user's message that says what a withdrawal's message says."""
    rollup = world.client.rollup
    payload = rollup.encode("payWithdrawal", index, world.user, amount_e6)
    chain_id = world.client.transport.chain_id
    slot = message_slot(rollup.address, payload, to_chain_id=chain_id, sender=sender)
    world.settle([slot], [payload])


@pytest.mark.parametrize("sender", [0, 1, 2**32 - 1])
@pytest.mark.parametrize("index", [0, 2, 2**32 - 1])
def test_a_users_message_to_the_rollup_pays_nothing(index: int, sender: int) -> None:
    world = with_withdrawals()
    forged(world, index, 6, sender)
    receipt = deliver(world, 2)
    assert not is_dispatched(receipt)
    assert [event.name for event in receipt.events] == ["MessageDispatched"]
    assert world.client.balance(world.user) == 0
    assert not world.client.rollup.call("isPaid", index)


def test_the_forgery_leaves_the_withdrawal_that_it_named_claimable() -> None:
    world = with_withdrawals()
    forged(world, 0, 10)
    deliver(world, 2)
    claim_of(world, 0, 3).send(world)
    assert world.client.balance(world.user) == 3


def test_the_setter_cannot_make_the_rollup_believe_another_oracle() -> None:
    """The defaults are for applications that chose nothing; the rollup chose at birth."""
    world = with_withdrawals()
    client = world.client
    elsewhere = make_world(slots=4, chain=client.transport).client.oracle.address
    client.endpoint.transact(
        "setDefaultConfig", elsewhere, client.relayer, sender=client.endpoint.call("setter")
    )
    oracle, _ = client.endpoint.call("getAppConfig", client.rollup.address)
    assert oracle == client.oracle.address.lower()
    assert is_dispatched(deliver(world, 0))


def test_a_message_can_do_nothing_else_to_the_rollup_than_anybody_can() -> None:
    """As the endpoint, which has no tokens to deposit and is not the operator."""
    world = with_withdrawals()
    client = world.client
    calls = [
        client.rollup.encode("proposeOperator", world.user),
        client.rollup.encode("acceptOperator"),
        client.rollup.encode("deposit", 5, 0, 1),
    ]
    for data in calls:
        sent = send(world, client.rollup.address, data, gas_limit=500_000)
        assert not is_dispatched(client.relay(sent.message, sent.proof))
    assert client.rollup.call("operator").lower() == client.operator.lower()


def test_the_largest_amount_is_paid_and_nothing_is_left() -> None:
    world = make_world()
    world.deposit(MAX_E6)
    world.settle([deposit_slot(MAX_E6)])
    world.settle(pays(world, MAX_E6))
    assert is_dispatched(deliver(world, 0))
    assert world.client.balance(world.user) == MAX_E6
    assert world.client.rollup.call("totalCollateral") == 0


def test_more_than_all_collateral_is_never_paid() -> None:
    """No circuit allows it; the contract would not pay it either, by no way."""
    world = make_world()
    world.deposit(5)
    world.settle([deposit_slot(5)])
    world.settle(pays(world, 6))
    assert not is_dispatched(deliver(world, 0))
    with reverts("Panic"):
        claim_of(world, 0, 6).send(world)
    assert world.client.balance(world.user) == 0


def test_an_endpoint_without_code_is_no_endpoint() -> None:
    world = make_world()
    client = world.client
    config = (
        *(client.verifier.address, client.token.address, world.user, bytes(32)),
        *(5, 4242, 8, client.operator),
    )
    with reverts("ConfigInvalid"):
        Contract.deploy(client.transport, load_artifact("Rollup"), config, sender=client.operator)


def test_a_proof_under_the_roots_of_another_rollup_pays_nothing() -> None:
    """A stranger's rollup with the same chain id, in which the message is proven."""
    world = with_withdrawals()
    stranger = make_world(slots=4, chain=world.client.transport)
    stranger.sent = list(world.sent)
    for _ in range(2):
        stranger.settle()
    with reverts("MessageNotProven"):
        stranger.client.relay(world.sent[0], proof_of(world, 0))
    assert is_dispatched(deliver(world, 0))
