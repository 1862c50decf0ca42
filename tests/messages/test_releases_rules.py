"""When held messages are released, how many at once, and who is left alone; all in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from eth_abi.abi import decode
from eth_hash.auto import keccak

from sequencer.messages import logs
from sequencer.messages.ledger import Ledger
from sequencer.messages.metrics import Metrics
from sequencer.messages.ordered import ORDERED_MESSAGE, OrderedMessage
from sequencer.messages.relayer import calls, gas
from sequencer.messages.relayer.metrics import Instruments, RelayerMetrics
from sequencer.messages.relayer.releases import LANES_A_ROUND, Releaser
from sequencer.messages.relayer.settings import CourierSettings, Patience, Target, Terms
from sequencer.messages.relayer.status import HeldStatus, held_status
from sequencer.messages.relayer.target_chain import Newest
from sequencer.messages.relayer.verdict import MAX_CALL_DATA
from sequencer.messages.transactions import Intent, Outcome, State, Tracked
from sequencer.messages.watch import MessageHeld, NonceGivenUp, PortReceived, Position
from sequencer.messages.watch.header import Header
from tests.messages.fake_chain import ENDPOINT, ORACLE, PORT, RELAYER, STRANGER
from verifier.chain.abi import functions
from verifier.chain.errors import ChainRevert
from verifier.contracts import load_artifact

HERE, THERE = 2, 7
BLOCK_GAS = 30_000_000
ALICE, BOB = STRANGER, ENDPOINT
FINE, BAD = ORACLE, RELAYER
"""Dapps: one that takes everything, one that fails."""


def made(nonce: int, sender: str = ALICE, *, to: str = FINE, size: int = 4, **more: int) -> Any:
    message_id = keccak(f"{sender}:{nonce}".encode())
    gas_limit = more.get("gas_limit", 100_000)
    return OrderedMessage(message_id, THERE, sender, nonce, to, gas_limit, b"\x01" * size)


@dataclass
class World:
    """The port, its chain and our sender in one; the ledger and the releaser are real."""

    ledger: Ledger
    now_s: float = 1_000.0
    block: int = 0
    done: dict[str, int] = field(default_factory=dict)
    failing: set[str] = field(default_factory=lambda: {BAD})
    intents: dict[str, Tracked] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    trials: list[list[int]] = field(default_factory=list)
    slots: int = 8
    releaser: Any = None

    # -- the chain --

    def newest(self) -> Newest:
        return Newest(10, 10**9, BLOCK_GAS)

    def done_of(self, port: str, source: int, dapp: str) -> int:
        assert (port, source) == (PORT, THERE)
        self.asked.append(dapp)
        return self.done.get(dapp, 0)

    def try_out(self, to: str, data: bytes, limit: int) -> bytes:
        messages = released_by(data)
        self.trials.append([message.nonce for message in messages])
        done = dict(self.done)
        for message in messages:
            if message.nonce != done.get(message.from_dapp, 0) + 1:
                raise ChainRevert("NotNext", (message.nonce,))
            if message.to_dapp in self.failing:
                raise ChainRevert("DappFailed", (message.to_dapp,))
            done[message.from_dapp] = message.nonce
        return b""

    # -- the sender --

    account = RELAYER

    def room(self) -> int:
        return self.slots

    def find(self, key: str) -> Tracked | None:
        return self.intents.get(key)

    def submit(self, intent: Intent) -> None:
        assert intent.key not in self.intents and intent.to == PORT
        self.intents[intent.key] = Tracked(len(self.intents), intent, State.PENDING)

    # -- what happens --

    def hears(self, *say: Callable[[Position], Any]) -> None:
        """A block of the port's chain with these facts."""
        self.block += 1
        number = self.block.to_bytes(32, "big")
        facts = [f(Position(HERE, self.block, number, number, i)) for i, f in enumerate(say)]
        header = Header(self.block, number, bytes(32), self.block)
        self.ledger.commit(HERE, [header], facts, finalized=self.block)

    def holds(self, *messages: OrderedMessage) -> None:
        self.hears(*[lambda place, m=m: MessageHeld(place, PORT, m) for m in messages])

    def goes_through(self, *messages: OrderedMessage) -> None:
        for message in messages:
            self.done[message.from_dapp] = message.nonce
        self.hears(*[lambda place, m=m: PortReceived(place, PORT, m.id, True) for m in messages])

    def ends(self, key: str, outcome: Outcome, state: State = State.MINED) -> None:
        tracked = self.intents[key]
        self.intents[key] = Tracked(tracked.id, tracked.intent, state, 0, outcome, "told")

    def sent(self) -> list[list[tuple[str, int]]]:
        """Sender and number of the messages in each transaction."""
        found = [released_by(tracked.intent.data) for tracked in self.intents.values()]
        return [[(message.from_dapp, message.nonce) for message in one] for one in found]

    def status(self) -> list[HeldStatus]:
        return held_status(self.ledger.database, HERE, PORT)


def released_by(data: bytes) -> list[OrderedMessage]:
    assert data[:4] == calls.release([])[:4]
    (found,) = decode([ORDERED_MESSAGE + "[]"], data[4:])
    return [OrderedMessage.from_fields(fields) for fields in found]


def start(world: World, terms: Terms | None = None, **patience: Any) -> None:
    """A new life of the relayer."""
    target = Target(HERE, ENDPOINT, RELAYER, frozenset(), {}, (PORT,))
    settings = CourierSettings(target, (), terms or Terms(), Patience(**patience))
    metrics = RelayerMetrics(Instruments(Metrics()), "here")
    double: Any = world
    clock = lambda: world.now_s  # noqa: E731
    world.releaser = Releaser(settings, world.ledger, double, double, metrics, logs.logger(), clock)


@pytest.fixture
def world(tmp_path: Path) -> World:
    ledger = Ledger.open(tmp_path / "ledger.sqlite")
    ledger.add_chain(HERE, 1)
    world = World(ledger)
    start(world)
    return world


# -- when --


def test_nothing_is_released_before_its_turn_and_a_run_goes_together(world: World) -> None:
    two, three, five = made(2), made(3), made(5)
    world.holds(three, five, two)
    assert world.releaser.step() == 0
    assert world.trials == []
    world.goes_through(made(1))
    assert world.releaser.step() == 1
    assert world.sent() == [[(ALICE, 2), (ALICE, 3)]]
    (tracked,) = world.intents.values()
    assert tracked.intent.key == f"release:{PORT}:{two.id.hex()}:1"
    assert world.releaser.step() == 0


def test_a_lane_that_waits_is_asked_about_again_only_when_something_happened(world: World) -> None:
    world.holds(made(3))
    for _ in range(5):
        world.releaser.step()
    assert world.asked == [ALICE]
    world.holds(made(4))
    world.releaser.step()
    world.releaser.step()
    world.hears(lambda place: NonceGivenUp(place, PORT, THERE, BOB, 1))
    world.releaser.step()
    assert world.asked == 3 * [ALICE]
    world.done[ALICE] = 2  # and the port's event was missed
    world.now_s += 61
    assert world.releaser.step() == 1


def test_a_number_given_up_lets_the_next_one_go(world: World) -> None:
    world.holds(made(1, to=BAD), made(2))
    assert world.releaser.step() == 0
    world.done[ALICE] = 1
    world.hears(lambda place: NonceGivenUp(place, PORT, THERE, ALICE, 1))
    assert world.releaser.step() == 1
    assert world.sent() == [[(ALICE, 2)]]


def test_what_a_reorganisation_took_back_is_not_released(world: World) -> None:
    world.hears()
    world.holds(made(1))
    world.ledger.roll_back(HERE, 1)
    assert world.releaser.step() == 0
    assert world.asked == world.trials == []


# -- failing dapps --


def test_a_failing_dapp_blocks_its_lane_only_and_the_pauses_grow(world: World) -> None:
    world.holds(made(1, to=BAD), made(2), made(1, BOB), made(2, BOB))
    assert world.releaser.step() == 1
    assert world.sent() == [[(BOB, 1), (BOB, 2)]]
    world.trials.clear()
    for pause_s in (15, 30, 60):
        world.now_s += pause_s - 1
        world.releaser.step()
        assert world.trials == [], "it rests"
        world.now_s += 1
        world.releaser.step()
        assert world.trials == [[1]], "one trial, of the poison alone"
        world.trials.clear()
    poison = world.status()[2]
    assert (poison.message, poison.failures, poison.releases) == (made(1, to=BAD), 4, 0)
    assert "DappFailed" in str(poison.reason)
    world.failing.clear()
    world.now_s += 120
    assert world.releaser.step() == 1
    assert world.sent()[-1] == [(ALICE, 1)]


def test_what_comes_before_a_failing_dapp_goes(world: World) -> None:
    world.holds(*(made(n, to=BAD if n == 6 else FINE) for n in range(1, 9)))
    sent = []
    for _ in range(5):
        if world.releaser.step():
            *_, run = world.sent()
            sent += [nonce for _, nonce in run]
            world.goes_through(*(made(nonce) for _, nonce in run))
    assert sent == [1, 2, 3, 4, 5]
    assert world.done == {ALICE: 5}


def test_somebody_elses_release_is_no_failure(world: World) -> None:
    world.holds(made(1))
    world.done_of = lambda *_: 0  # type: ignore[method-assign]
    world.done[ALICE] = 1  # between the question and the trial run
    assert world.releaser.step() == 0
    (status,) = world.status()
    assert (status.failures, "NotNext" in str(status.reason)) == (0, True)


# -- how much at once --


def test_a_run_stays_within_the_budget_of_gas(world: World) -> None:
    messages = [made(n) for n in range(1, 8)]
    two = gas.release_limit(messages[:2], calls.release(messages[:2]), 0)
    start(world, Terms(batch_gas=two + 20_000))
    world.holds(*messages)
    assert world.releaser.step() == 1
    (tracked,) = world.intents.values()
    assert world.sent() == [[(ALICE, 1), (ALICE, 2)]]
    assert tracked.intent.gas_limit == two <= two + 20_000


def test_one_message_goes_though_it_exceeds_the_budget_but_never_what_a_block_holds(
    world: World,
) -> None:
    start(world, Terms(batch_gas=21_000))
    world.holds(made(1), made(2), made(1, BOB, gas_limit=BLOCK_GAS))
    assert world.releaser.step() == 1
    assert world.sent() == [[(ALICE, 1)]]
    (_, _, too_much) = sorted(world.status(), key=lambda one: one.failures)
    assert "a transaction may use 30000000" in str(too_much.reason)


def test_a_run_stays_below_the_size_that_nodes_take(world: World) -> None:
    start(world, Terms(batch_gas=BLOCK_GAS))
    world.holds(*(made(n, size=50_000) for n in range(1, 4)), made(1, BOB, size=MAX_CALL_DATA))
    assert world.releaser.step() == 1
    assert world.sent() == [[(ALICE, 1), (ALICE, 2)]]
    (big,) = [one for one in world.status() if one.failures]
    assert f"exceeds {MAX_CALL_DATA}" in str(big.reason)


@pytest.mark.parametrize("size", [0, 1, 31, 32, 33, 1_000])
def test_a_messages_share_covers_what_the_port_keeps_back(size: int) -> None:
    message = made(1, size=size, gas_limit=5_000_000)
    limit = gas.release_limit([message], b"", 0) - gas.TRANSACTION
    left = limit - 75_000 - 16 * size  # the port's own work before the call, as measured there
    assert (left - 40_000) * 63 // 64 >= message.gas_limit


def test_a_round_asks_about_few_lanes_however_many_wait_and_all_have_their_turn(
    world: World,
) -> None:
    senders = [RELAYER[:-4] + f"{n:04x}" for n in range(LANES_A_ROUND + 10)]
    world.holds(*(made(2, sender) for sender in senders))
    world.releaser.step()
    assert len(world.asked) == LANES_A_ROUND
    world.hears(lambda place: NonceGivenUp(place, PORT, THERE, BOB, 1))
    world.releaser.step()
    assert set(world.asked) == set(senders)


def test_a_sender_without_room_is_given_nothing(world: World) -> None:
    world.holds(made(1))
    world.slots = 0
    assert world.releaser.step() == 0
    assert world.intents == {}


# -- what becomes of them --


def only(world: World) -> str:
    (key,) = world.intents
    return key


def test_a_crash_between_noting_a_release_and_handing_it_over_loses_nothing(world: World) -> None:
    world.holds(made(1))
    world.releaser.step()
    world.intents.clear()  # the sender was never told
    start(world)
    assert world.releaser.step() == 1
    assert only(world).endswith(":2")


def test_a_release_that_waits_is_not_sent_a_second_time_by_another_life(world: World) -> None:
    world.holds(made(1), made(2))
    world.releaser.step()
    start(world)
    assert world.releaser.step() == 0
    assert [status.in_transaction for status in world.status()] == [True, True]


def test_an_undone_release_stays_with_its_transaction(world: World) -> None:
    world.holds(made(1))
    world.releaser.step()
    world.goes_through(made(1))
    world.ends(only(world), Outcome.SUCCEEDED)
    world.releaser.step()
    world.done.clear()
    world.ledger.roll_back(HERE, 1)
    world.block = 1
    assert world.releaser.step() == 0


def test_a_mined_failure_is_tried_again_alone_and_a_bounded_number_of_times(world: World) -> None:
    start(world, first_pause_s=0.0, longest_pause_s=0.0, max_retries=2)
    world.holds(made(1), made(2))
    for _ in range(6):
        world.releaser.step()
        for key in world.intents:
            world.ends(key, Outcome.REVERTED, State.FINAL)
    assert world.sent() == [[(ALICE, 1), (ALICE, 2)], [(ALICE, 1)], [(ALICE, 1)]]
    assert world.status()[0].reason == "reverted: told"


def test_a_failure_because_somebody_else_was_first_counts_for_nothing(world: World) -> None:
    world.holds(made(1))
    world.releaser.step()
    world.goes_through(made(1))
    world.ends(only(world), Outcome.REVERTED, State.FINAL)
    world.releaser.step()
    rows = world.ledger.database.rows("SELECT intent, failures, reason FROM releases")
    assert rows == [(None, 0, None)]


# -- the call --


def test_the_call_is_that_of_our_port() -> None:
    release = functions(load_artifact("OrderedPort").abi)["release"]
    messages = [made(1), made(2, size=40)]
    assert calls.release(messages) == release.encode([[message.fields() for message in messages]])


@pytest.mark.parametrize("answer", [b"", bytes(31), bytes(33)])
def test_an_answer_of_another_shape_is_refused(answer: bytes) -> None:
    with pytest.raises(ValueError, match="not a number of messages"):
        calls.done(answer)
