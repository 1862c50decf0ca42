"""Row 29: the state cannot be rebuilt by outsiders.

From the public data of the batches alone the whole state comes out, root for root; and data that no
batch can have produced are refused.
"""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from circuits.spec.params import SMALL, TINY, Preset
from circuits.spec.public_data import decode, encode
from circuits.spec.rebuild import rebuild
from circuits.spec.refusal import PublicDataError
from circuits.spec.transactions import Transaction
from circuits.spec.types import TransactionType
from native.constants import FR_MODULUS
from tests.circuits.rollup.world import (
    ALICE,
    BOB,
    CAROL,
    OPERATOR,
    World,
    deposit,
    message,
    transfer,
    withdraw,
)


def random_transaction(random_: random.Random, world: World) -> Transaction:
    """Of any type, valid in the state that the world has reached."""
    sender, receiver = random_.sample([ALICE, BOB, CAROL, OPERATOR], 2)
    amount_e6 = random_.randrange(100)
    nonce = world.nonce(sender)
    return random_.choice(
        [
            deposit(receiver, amount_e6),
            transfer(sender, receiver, amount_e6=amount_e6, nonce=nonce),
            withdraw(sender, amount_e6=amount_e6, nonce=nonce, recipient=random_.getrandbits(160)),
            message(sender, nonce=nonce, payload=random_.randbytes(9)),
        ]
    )


def run(world: World, seed: int, n_batches: int) -> None:
    """Random batches, not all full."""
    random_ = random.Random(seed)
    for _ in range(n_batches):
        builder = world.builder()
        for _ in range(random_.randint(0, world.preset.slots)):
            builder.apply(random_transaction(random_, world))
        world.seal(builder)
        world.now_s += random_.randrange(2)


@pytest.mark.parametrize("preset", [TINY, SMALL], ids=lambda preset: preset.name)
def test_the_state_is_rebuilt(preset: Preset) -> None:
    world = World(preset)
    run(world, seed=29, n_batches=12)
    state = rebuild([batch.public_data for batch in world.batches], world.preset)
    assert state.globals_ == world.globals_
    assert state.root == world.batches[-1].new_root
    assert state.tree.accounts() == world.tree.accounts()  # type: ignore[attr-defined]


def world_data() -> list[list[int]]:
    world = World()
    world.batch(transfer(), message(nonce=1))
    return [list(batch.public_data) for batch in world.batches]


def test_a_missing_or_repeated_batch_is_noticed() -> None:
    first, second, third = world_data()
    rebuild([first, second, third], TINY)
    for wrong in ([first, third], [first, second, second], [second]):
        with pytest.raises(PublicDataError, match="root reached so far"):
            rebuild(wrong, TINY)


@pytest.mark.parametrize("index", range(TINY.public_data_words))
def test_no_element_of_a_batch_can_change_unseen(index: int) -> None:
    """Except what the state does not hold: the rollup id and the fields of messages."""
    batches = world_data()
    batches[2][index] += 1
    unseen = {0, 5 + 4 + 1, 5 + 4 + 2, 5 + 4 + 3}
    if index in unseen:
        rebuild(batches, TINY)
        return
    with pytest.raises(PublicDataError):
        rebuild(batches, TINY)


@pytest.mark.parametrize("shift", [0, 32, 64, 128])
def test_no_count_of_a_header_can_change_unseen(shift: int) -> None:
    batches = world_data()
    batches[2][4] += 1 << shift
    with pytest.raises(PublicDataError, match="do not follow"):
        rebuild(batches, TINY)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_withdrawals_count_as_messages(count: int) -> None:
    world = World(funded=False)
    world.batch(deposit(ALICE, 100))
    world.batch(withdraw(amount_e6=1, fee_e6=0), message(nonce=1, fee_e6=0))
    first, second = ([*batch.public_data] for batch in world.batches)
    assert rebuild([first, second], TINY).globals_.message_count == 2
    second[4] = count << 32 | second[4] >> 64 << 64
    with pytest.raises(PublicDataError, match="do not follow"):
        rebuild([first, second], TINY)


def test_the_encoding_is_unique() -> None:
    for data in world_data():
        header, slots = decode(data, TINY)
        assert encode(header, slots) == tuple(data)


BAD = {
    "too short": lambda d: d[:-1],
    "too long": lambda d: [*d, 0],
    "not canonical": lambda d: [d[0] + FR_MODULUS, *d[1:]],
    "negative": lambda d: [-1, *d[1:]],
    "bits beyond the header": lambda d: [*d[:3], d[3] + (1 << 160), *d[4:]],
    "bits beyond the counts": lambda d: [*d[:4], d[4] + (1 << 192), *d[5:]],
    "unknown type": lambda d: [*d[:5], d[5] + 5, *d[6:]],
    "bits beyond the fee": lambda d: [*d[:5], d[5] + (1 << 200), *d[6:]],
    "amount of 2^63": lambda d: [*d[:5], d[5] + (1 << 135), *d[6:]],
    "transfer with an address": lambda d: [*d[:6], 1, *d[7:]],
    "transfer with a hash": lambda d: [*d[:7], 1, *d[8:]],
    "transfer with a third word": lambda d: [*d[:8], 1, *d[9:]],
    "message with an amount": lambda d: [*d[:9], d[9] + (1 << 72), *d[10:]],
    "message with a receiver": lambda d: [*d[:9], d[9] + (1 << 40), *d[10:]],
    "message from outside the tree": lambda d: [*d[:9], d[9] + (16 << 8), *d[10:]],
    "operator outside the tree": lambda d: [*d[:3], d[3] + (16 << 128), *d[4:]],
    "message with a wide address": lambda d: [*d[:10], d[10] + (1 << 224), *d[11:]],
}


@pytest.mark.parametrize("name", BAD)
def test_impossible_data_are_refused(name: str) -> None:
    _, _, data = world_data()
    with pytest.raises(PublicDataError):
        decode(BAD[name](data), TINY)


def test_an_overdraft_is_named() -> None:
    first, second, third = world_data()
    third[5] += 1 << (72 + 40)
    with pytest.raises(PublicDataError, match="account 0 is overdrawn"):
        rebuild([first, second, third], TINY)


def test_a_noop_with_fields_is_refused() -> None:
    world = World()
    data = list(world.batch(transfer()).public_data)
    header, slots = decode(data, TINY)
    assert slots[1].type is TransactionType.NOOP
    for field in ("a_index", "amount_e6", "fee_e6", "address", "hash_lo"):
        with pytest.raises(PublicDataError, match=f"{field} = 1"):
            decode(encode(header, [slots[0], replace(slots[1], **{field: 1})]), TINY)
