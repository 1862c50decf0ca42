"""Withdrawals in a test rollup, and the two ways in which they are paid."""

from __future__ import annotations

from dataclasses import dataclass

from circuits.spec.slot_data import SlotFields
from sequencer.messages.proof import MessageProof
from tests.verifier.messaging import proof_of
from tests.verifier.world import (
    World,
    deposit_slot,
    make_world,
    withdraw_slot,
)
from verifier.chain import Receipt, Transport


@dataclass(frozen=True)
class Claim:
    """The arguments of `claimWithdrawal`."""

    index: int
    recipient: str
    amount_e6: int
    proof: MessageProof

    def send(self, world: World) -> Receipt:
        """Anybody may."""
        arguments = self.index, self.recipient, self.amount_e6, self.proof.encode()
        return world.client.rollup.transact("claimWithdrawal", *arguments, sender=world.user)


def with_withdrawals(
    chain: Transport | None = None, *, token: str | None = None, endpoint: str | None = None
) -> World:
    """Two withdrawals of 3 and 4 out of a deposit of 10, messages 0 and 1, settled in batch 2."""
    world = make_world(slots=4, chain=chain, token=token, endpoint=endpoint)
    world.deposit(10)
    world.settle([deposit_slot(10)])
    world.settle(pays(world, 3, 4))
    return world


def pays(world: World, *amounts_e6: int) -> list[SlotFields]:
    """A withdrawal of each amount to the user."""
    return [withdraw_slot(world.user, amount) for amount in amounts_e6]


def claim_of(world: World, index: int, amount_e6: int) -> Claim:
    """The user's claim under the root of the newest batch."""
    return Claim(index, world.user, amount_e6, MessageProof.decode(proof_of(world, index)))


def deliver(world: World, index: int) -> Receipt:
    """Let the endpoint deliver the message under the newest batch's root."""
    return world.client.relay(world.sent[index], proof_of(world, index))


def is_dispatched(receipt: Receipt) -> bool:
    """Whether the call that the endpoint made went well."""
    return bool(receipt.event("MessageDispatched").args["dispatchResult"])
