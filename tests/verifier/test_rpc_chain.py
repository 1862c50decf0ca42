"""The same rollup on a real node over JSON-RPC: same results, same refusals, same gas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sequencer.messages.proof import MessageProof
from sequencer.messages.tree import MessageTree
from tests.verifier.anvil import running_anvil
from tests.verifier.world import (
    CLOCK_S,
    World,
    deposit_slot,
    make_world,
    message_slot,
    withdraw_slot,
)
from verifier.chain import ChainRevert, ChainUnavailable
from verifier.chain.rpc import RpcChain

pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running_anvil(timestamp_s=CLOCK_S) as chain:
        yield make_world(chain=chain)


def settle_all_kinds(world: World) -> list[tuple[str, int]]:
    """A deposit, a withdrawal with its claim, a message with its delivery: gas of each step."""
    client = world.client
    gas = [("deposit", world.deposit(9_000_000).gas_used)]
    gas.append(("prove", world.settle([deposit_slot(9_000_000)]).gas_used))
    payload = client.notice_payload("over the wire")
    to = client.application.address
    slots = [
        withdraw_slot(world.user, 4_000_000),
        message_slot(to, payload, to_chain_id=client.transport.chain_id),
    ]
    batch = world.batch(slots, [payload])
    gas.append(("commit", world.commit(batch).gas_used))
    gas.append(("prove with message", world.prove(world.number).gas_used))
    gas.append(("claim", client.claim(batch.public_data, 0).gas_used))
    tree = MessageTree([message.hash() for message in world.sent])
    proof = MessageProof(world.number, tree.count - 1, tuple(tree.prove(tree.count - 1)))
    receipt = client.relay(world.sent[-1], proof.encode())
    assert receipt.event("NoticePosted").args["text"] == "over the wire"
    gas.append(("relay", receipt.gas_used))
    return gas


def test_node_and_embedded_chain_charge_the_same_gas(world: World) -> None:
    embedded = make_world()
    deployments = (c.client.deployment_gas.items() for c in (world, embedded))
    steps = (settle_all_kinds(c) for c in (world, embedded))
    pairs = [*zip(*deployments, strict=True), *zip(*steps, strict=True)]
    for (step, on_node), (_, in_process) in pairs:
        # addresses and roots differ in their zero bytes: a few calldata gas
        assert abs(on_node - in_process) < 400, step


def test_posted_data_is_read_back_from_the_node(world: World) -> None:
    batch = world.batch()
    world.commit(batch)
    assert world.client.posted(world.number) == (batch.public_data, [], batch.commitment)
    world.prove(world.number)


def test_reverts_carry_their_names_whether_gas_is_estimated_or_given(world: World) -> None:
    world.commit(world.batch())
    proof = world.proof(world.number)
    bad = replace(proof, c=proof.a)
    for gas_limit in (None, 1_000_000):
        with pytest.raises(ChainRevert) as caught:
            world.client.prove_batch(world.number, bad, gas_limit=gas_limit)
        assert caught.value.name == "ProofInvalid"
    with pytest.raises(ChainRevert) as caught:
        world.client.prove_batch(world.number, proof, gas_limit=150_000)
    assert caught.value.name in ("OutOfGas", "PrecompileFailed")
    world.prove(world.number)


def test_a_signing_key_serves_as_sender(world: World) -> None:
    transport = world.client.transport
    assert isinstance(transport, RpcChain)
    # first account of the public test mnemonic that every development node knows
    key = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
    signing = RpcChain(transport.url, keys=[key])
    assert signing.accounts[0] == transport.accounts[0]
    world.client.token.transport = signing
    assert world.client.mint(world.user, 5, sender=signing.accounts[0]).gas_used > 21_000


def test_an_absent_node_is_reported_as_unavailable() -> None:
    with pytest.raises(ChainUnavailable, match="does not serve"):
        RpcChain("http://127.0.0.1:9")
