"""commitBatch: every way in which public data can disagree with the chain is refused by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from circuits.spec.slot_data import SlotFields
from circuits.spec.types import TransactionType
from tests.verifier.refusals import reverts
from tests.verifier.world import (
    CLOCK_S,
    TestBatch,
    World,
    deposit_slot,
    make_world,
    message_slot,
    withdraw_slot,
)

RECIPIENT = "0x00000000000000000000000000000000DeaDBeef"
PAYLOAD = b"\x01\x02\x03"
Spoil = Callable[[TestBatch], TestBatch]


@pytest.fixture
def world() -> World:
    """One proven batch, two deposits in the queue."""
    world = make_world(slots=4)
    world.settle()
    world.deposit(5)
    world.deposit(6)
    return world


def honest(world: World) -> TestBatch:
    """Both deposits and a message."""
    message = message_slot(RECIPIENT, PAYLOAD, to_chain_id=1)
    return world.batch([deposit_slot(5), deposit_slot(6), message], [PAYLOAD])


def commit(world: World, batch: TestBatch) -> None:
    world.client.commit_batch(batch.public_data, batch.payloads, batch.commitment)


def header(**changes: int) -> Spoil:
    return lambda batch: batch.with_header(**changes)


def slot(position: int, **changes: object) -> Spoil:
    def spoil(batch: TestBatch) -> TestBatch:
        slots = list(batch.slots)
        slots[position] = replace(slots[position], **changes)  # type: ignore[arg-type]
        return replace(batch, slots=tuple(slots))

    return spoil


def payloads(*items: bytes) -> Spoil:
    return lambda batch: replace(batch, payloads=items)


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (header(rollup_id=1), "RollupIdWrong"),
        (header(old_state_root=99), "StateRootDiscontinuous"),
        (header(batch_number=1), "NotNextBatch"),
        (header(batch_number=3), "NotNextBatch"),
        (header(timestamp_s=CLOCK_S - 1), "TimestampOutOfRange"),
        (header(timestamp_s=CLOCK_S + 901), "TimestampOutOfRange"),
        (header(message_count_before=1, message_count_after=2), "MessageCountWrong"),
        (header(message_count_after=0), "MessageCountWrong"),
        (header(message_count_after=2), "MessageCountWrong"),
        (header(deposit_count_before=1, deposit_count_after=3), "DepositCountWrong"),
        (header(deposit_count_after=1), "DepositCountWrong"),
        (header(deposit_count_after=3), "DepositCountWrong"),
        (slot(0, amount_e6=6), "DepositsNotInQueue"),
        (slot(0, key_x=1), "DepositsNotInQueue"),
        (slot(1, type=TransactionType.TRANSFER, key_x=0, key_y=0), "DepositCountWrong"),
        (payloads(), "PayloadCountWrong"),
        (payloads(PAYLOAD, b""), "PayloadCountWrong"),
        (payloads(b"\x01\x02\x04"), "PayloadWrong"),
        (slot(2, hash_lo=0), "PayloadWrong"),
        (slot(2, type=TransactionType.NOOP), "MessageCountWrong"),
    ],
)
def test_spoiled_batch_is_refused(world: World, spoil: Spoil, error: str) -> None:
    batch = honest(world)
    with reverts(error):
        commit(world, spoil(batch))
    commit(world, batch)


def set_bits(data: Sequence[int], element: int, bits: int) -> list[int]:
    return [word | bits * (i == element) for i, word in enumerate(data)]


@pytest.mark.parametrize(
    ("element", "bit", "error"),
    [
        (3, 160, "PackingInvalid"),
        (4, 192, "PackingInvalid"),
        (5, 200, "PackingInvalid"),
        (14, 224, "PackingInvalid"),
        (15, 192, "PackingInvalid"),
        (16, 128, "PackingInvalid"),
        (17, 7, "TransactionTypeUnknown"),
        (17, 40, "TransactionTypeUnknown"),
    ],
)
def test_bits_where_none_belong_are_refused(
    world: World, element: int, bit: int, error: str
) -> None:
    batch = honest(world)
    data = set_bits(batch.public_data, element, 1 << bit)
    with reverts(error):
        world.client.commit_batch(data, batch.payloads, batch.commitment)


def test_withdrawal_recipient_beyond_an_address_is_refused(world: World) -> None:
    batch = world.batch([withdraw_slot(RECIPIENT, 1)])
    with reverts("PackingInvalid"):
        world.client.commit_batch(set_bits(batch.public_data, 6, 1 << 160), [], 1)


@pytest.mark.parametrize("change", [-1, 1, 4])
def test_length_is_exact(world: World, change: int) -> None:
    data = world.batch().public_data
    data = data[:change] if change < 0 else data + [0] * change
    with reverts("PublicDataLengthWrong"):
        world.client.commit_batch(data, [], 1)


def test_deposits_are_consumed_in_queue_order_only(world: World) -> None:
    with reverts("DepositsNotInQueue"):
        commit(world, world.batch([deposit_slot(6), deposit_slot(5)]))
    commit(world, world.batch([deposit_slot(5)]))


def test_deposits_beyond_the_queue_are_refused(world: World) -> None:
    with reverts("DepositsNotInQueue"):
        commit(world, world.batch([deposit_slot(5), deposit_slot(6), deposit_slot(7)]))


def test_time_may_stand_still_and_lead_by_a_quarter_of_an_hour(world: World) -> None:
    world.commit(world.batch().with_header(timestamp_s=CLOCK_S))
    world.commit(world.batch().with_header(timestamp_s=CLOCK_S + 900))


def test_strangers_cannot_commit(world: World) -> None:
    world.client.operator = world.user
    with reverts("NotOperator"):
        commit(world, honest(world))


def test_slot_of_every_type_is_read_in_one_batch(world: World) -> None:
    transfer = SlotFields(TransactionType.TRANSFER, a_index=1, b_index=2, amount_e6=3, fee_e6=1)
    message = message_slot(RECIPIENT, b"", to_chain_id=2**64 - 1, gas_limit=2**64 - 1, sender=7)
    slots = [transfer, message, withdraw_slot(RECIPIENT, 2**63 - 1), deposit_slot(5)]
    world.commit(world.batch(slots, [b""]))
    _, leaves = world.client.committed(2)
    assert leaves == [message.hash() for message in world.sent]
