"""The messages of a posted batch are the contract's leaves, and malformed posts are refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from circuits.spec.domain import RollupDomain
from circuits.spec.slot_data import SlotFields
from circuits.spec.types import TransactionType
from sequencer.errors import MessageError
from sequencer.messages.posted import message_counts, posted_messages
from tests.verifier.world import World, deposit_slot, make_world, message_slot, withdraw_slot

RECIPIENT = "0x00000000000000000000000000000000DeaDBeef"
Data = list[int]
FIRST_SLOT = 5


@pytest.fixture(scope="module")
def world() -> World:
    """Two settled batches: every type of slot, then more messages."""
    world = make_world(slots=4)
    world.deposit(9)
    pay = withdraw_slot(RECIPIENT, 2**63 - 1)
    tell = message_slot(RECIPIENT, b"one", to_chain_id=2**64 - 1, gas_limit=2**64 - 1, sender=7)
    world.settle([deposit_slot(9), pay, tell, pay], [b"one"])
    long = message_slot(RECIPIENT, b"x" * 1000, to_chain_id=1)
    empty = message_slot(RECIPIENT, b"", to_chain_id=1)
    world.settle([long, SlotFields(), pay, empty], [b"x" * 1000, b""])
    return world


def posted(world: World, number: int) -> tuple[Data, list[bytes], RollupDomain]:
    public_data, payloads, _ = world.client.posted(number)
    return public_data, payloads, world.domain


def test_they_are_the_leaves_that_the_contract_announces(world: World) -> None:
    for number in (1, 2):
        messages = posted_messages(*posted(world, number))
        assert [m.hash() for m in messages] == world.client.committed(number)[1]
    assert posted_messages(*posted(world, 1)) + messages == world.sent


def test_counts_are_those_of_the_header(world: World) -> None:
    assert [message_counts(posted(world, number)[0]) for number in (1, 2)] == [(0, 3), (3, 6)]


def test_a_batch_without_messages_has_none() -> None:
    world = make_world()
    assert posted_messages(world.batch().public_data, [], world.domain) == []


def bump(place: int, by: int) -> Callable[[Data, list[bytes]], tuple[Data, list[bytes]]]:
    def change(data: Data, payloads: list[bytes]) -> tuple[Data, list[bytes]]:
        return [word + by * (i == place) for i, word in enumerate(data)], payloads

    return change


SPOILED: dict[str, tuple[str, Callable[[Data, list[bytes]], tuple[Data, list[bytes]]]]] = {
    "no header": ("header", lambda d, p: (d[:4], p)),
    "half a slot": ("no batch", lambda d, p: (d[:-1], p)),
    "a slot less": ("slots send", lambda d, p: (d[:-4], p[:-1])),
    "count too high": ("slots send", bump(4, 1 << 32)),
    "count too low": ("slots send", bump(4, -1 << 32)),
    "first index off": ("slots send", bump(4, 1)),
    "unknown type": ("no transaction", bump(FIRST_SLOT + 4, 77)),
    "unused bits": ("no transaction", bump(FIRST_SLOT, 1 << 250)),
    "a withdrawal made a transfer": (
        "slots send",
        bump(FIRST_SLOT + 8, TransactionType.TRANSFER - TransactionType.WITHDRAW),
    ),
    "another hash": ("another payload", bump(FIRST_SLOT + 3, 1)),
    "payloads swapped": ("another payload", lambda d, p: (d, p[::-1])),
    "payload missing": ("none for message 5", lambda d, p: (d, p[:1])),
    "payload too many": ("more than", lambda d, p: (d, [*p, b""])),
    "payload changed": ("another payload", lambda d, p: (d, [p[0] + b"x", p[1]])),
}


@pytest.mark.parametrize("name", SPOILED)
def test_what_the_contract_would_not_accept_is_refused(world: World, name: str) -> None:
    reason, spoil = SPOILED[name]
    public_data, payloads, domain = posted(world, 2)
    with pytest.raises(MessageError, match=reason):
        posted_messages(*spoil(public_data, payloads), domain)


def test_another_rollup_chain_or_contract_gives_other_messages(world: World) -> None:
    public_data, payloads, domain = posted(world, 1)
    ours = {m.hash() for m in posted_messages(public_data, payloads, domain)}
    for other in (
        RollupDomain(domain.l1_chain_id, domain.contract + 1, domain.rollup_chain_id),
        RollupDomain(domain.l1_chain_id, domain.contract, domain.rollup_chain_id + 1),
    ):
        assert ours.isdisjoint(m.hash() for m in posted_messages(public_data, payloads, other))
