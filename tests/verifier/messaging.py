"""Sends messages out of a test rollup and makes the proofs that the endpoint asks for."""

from __future__ import annotations

from dataclasses import dataclass

from sequencer.messages.message import Message
from sequencer.messages.proof import MessageProof
from sequencer.messages.tree import MessageTree
from tests.verifier.doubles import deploy_double
from tests.verifier.world import World, message_slot
from verifier.chain import Contract


@dataclass(frozen=True)
class Sent:
    """A settled message with its proof."""

    message: Message
    proof: bytes


def send(
    world: World,
    to: str,
    payload: bytes,
    *,
    gas_limit: int = 200_000,
    to_chain_id: int | None = None,
) -> Sent:
    """Settle a batch with one message in it."""
    chain_id = world.client.transport.chain_id if to_chain_id is None else to_chain_id
    slot = message_slot(to, payload, to_chain_id=chain_id, gas_limit=gas_limit)
    world.settle([slot], [payload])
    return Sent(world.sent[-1], proof_of(world, len(world.sent) - 1))


def proof_of(world: World, index: int) -> bytes:
    """Proof of the message with this index under the newest batch's root."""
    tree = MessageTree([message.hash() for message in world.sent])
    return MessageProof(world.number, index, tuple(tree.prove(index))).encode()


def notice(world: World, text: str = "hello") -> Sent:
    """Settle a message to the sample application."""
    return send(world, world.client.application.address, world.client.notice_payload(text))


def hostile(world: World) -> Contract:
    """An application that misbehaves as its messages say."""
    return deploy_double(world.client.transport, "HostileApplication")
