"""The ordered port in random courses, beside a model: no queue is jumped, nothing comes twice.

Two lanes to two dapps. Messages come in any order and again, are released early, twice or altered,
given up by either side or by neither; dapps fail, burn their gas, or try to move the lane that
they are being called from.
"""

from __future__ import annotations

import random
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from tests.verifier.ports import THERE
from tests.verifier.test_ordered_port import (
    BURNING,
    FAILING,
    OTHER_SENDER,
    REMOTE_DAPP,
    WILLING,
    abandoned,
    arrive,
    held,
    names,
    ordered,
    release,
)
from verifier.chain import ChainRevert, Contract, Receipt

STEPS = 110
LAST = 7
GAS = 1_000_000  # a dapp that calls back needs more than most
LANES = (REMOTE_DAPP, OTHER_SENDER)
Held = tuple[Any, ...]


@dataclass
class Lane:
    """What the model knows of one."""

    done: int = 0
    delivered: list[int] = field(default_factory=list)
    held: dict[int, Held] = field(default_factory=dict)


@dataclass
class Model:
    """Both lanes, and who fails."""

    lanes: dict[str, Lane] = field(default_factory=lambda: {lane: Lane() for lane in LANES})
    failing: set[str] = field(default_factory=set)

    def arrive(self, sender: str, nonce: int, dapp: str) -> str:
        lane = self.lanes[sender]
        if nonce <= lane.done:
            return "NonceDone"
        if nonce in lane.held:
            return "AlreadyHeld"
        if nonce != lane.done + 1 or dapp in self.failing:
            return "held"
        self._deliver(lane, nonce)
        return "delivered"

    def release(self, sender: str, nonce: int, dapp: str, *, is_true: bool) -> str:
        lane = self.lanes[sender]
        if nonce != lane.done + 1:
            return "NotNext"
        if nonce not in lane.held or not is_true:
            return "NotHeld"
        if dapp in self.failing:
            return "DappFailed"
        del lane.held[nonce]
        self._deliver(lane, nonce)
        return "delivered"

    def give_up(self, sender: str, nonce: int) -> str:
        lane = self.lanes[sender]
        if nonce != lane.done + 1:
            return "NotNext"
        lane.held.pop(nonce, None)
        lane.done = nonce
        return "given up"

    def _deliver(self, lane: Lane, nonce: int) -> None:
        lane.done = nonce
        lane.delivered.append(nonce)


class Play:
    """Port and model, moved together."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.world = ordered()
        self.dapps = [self.world.dapp, self.world.new_dapp()]
        self.model = Model()
        self.number = 0
        self.seen: set[str] = set()
        # Whom each number is for was settled when it was sent.
        self.to = {
            (sender, nonce): self.rng.choice(self.dapps)
            for sender in LANES
            for nonce in range(1, LAST + 1)
        }

    def step(self) -> None:
        self.rng.choice(
            [self.arrive] * 4 + [self.release] * 4 + [self.abandon, self.skip, self.mood]
        )()

    def arrive(self) -> None:
        sender, nonce = self._any()
        dapp = self.to[sender, nonce]
        self.number += 1
        expected = self.model.arrive(sender, nonce, dapp.address)
        if expected == "delivered":
            self._plan_to_move_the_own_lane(dapp, sender)
        receipt = self._do(
            expected,
            lambda: arrive(
                self.world, nonce, sender=sender, to=dapp.address, gas=GAS, number=self.number
            ),
        )
        if receipt is not None:
            assert ("MessageHeld" in names(receipt)) == (expected == "held")
        if receipt is not None and expected == "held":
            self.model.lanes[sender].held[nonce] = held(receipt)

    def release(self) -> None:
        """One to three messages, most of them held, some altered; all or none."""
        before, messages, expected = deepcopy(self.model), [], "delivered"
        for _ in range(self.rng.randrange(1, 4)):
            sender, nonce, message = self._some_message()
            altered = self._altered(message) if self.rng.random() < 0.1 else message
            messages.append(altered)
            dapp = self.to[sender, nonce].address
            expected = self.model.release(sender, nonce, dapp, is_true=altered == message)
            if expected != "delivered":
                self.model = before
                break
        self._do(expected, lambda: release(self.world, *messages))

    def abandon(self) -> None:
        sender, nonce = self._any()
        expected = self.model.give_up(sender, nonce)
        self._do(expected, lambda: abandoned(self.world, nonce, sender))

    def skip(self) -> None:
        sender, nonce, message = self._some_message()
        dapp = self.rng.choice(self.dapps)
        is_held = self.model.lanes[sender].held.get(nonce) == message
        if dapp is not self.to[sender, nonce]:
            expected = "NotAddressee"
        else:
            expected = self.model.give_up(sender, nonce) if is_held else "NotHeld"
        port = self.world.port.address
        self._do(expected, lambda: dapp.transact("skip", port, message, sender=self.world.user))

    def mood(self) -> None:
        dapp = self.rng.choice(self.dapps)
        mode = self.rng.choice([WILLING, WILLING, FAILING, BURNING])
        dapp.transact("setMode", mode, sender=self.world.user)
        change = self.model.failing.discard if mode == WILLING else self.model.failing.add
        change(dapp.address)

    def check(self) -> None:
        port = self.world.port
        for sender, lane in self.model.lanes.items():
            assert port.call("doneOf", THERE, sender) == lane.done
            assert lane.delivered == sorted(set(lane.delivered))
            for nonce in range(1, LAST + 1):
                is_held = port.call("heldOf", THERE, sender, nonce) != bytes(32)
                assert is_held == (nonce in lane.held)
            got = [n for dapp in self.dapps for n in self._received(dapp, sender)]
            assert sorted(got) == lane.delivered
        for dapp in self.dapps:
            for sender in LANES:
                order = self._received(dapp, sender)
                assert order == sorted(order)

    # -- parts --

    def _do(self, expected: str, action: Any) -> Receipt | None:
        try:
            receipt: Receipt = action()
        except ChainRevert as revert:
            self.seen.add(revert.name)
            assert revert.name == expected, (revert, expected)
            return None
        self.seen.add(expected)
        assert expected in ("delivered", "held", "given up"), expected
        return receipt

    def _any(self) -> tuple[str, int]:
        """Mostly near the turn, or the lanes would stand still."""
        sender = self.rng.choice(LANES)
        near = self.model.lanes[sender].done + self.rng.choice([0, 1, 1, 2, 3])
        return sender, min(max(near, 1), LAST)

    def _some_message(self) -> tuple[str, int, Held]:
        sender, nonce = self._any()
        lane = self.model.lanes[sender]
        if lane.held and self.rng.random() < 0.8:
            nonce = min(lane.held)
        to = self.to[sender, nonce].address
        invented = (bytes(32), THERE, sender, nonce, to, GAS, bytes([nonce]))
        return sender, nonce, lane.held.get(nonce, invented)

    def _altered(self, message: Held) -> Held:
        return (*message[:6], b"altered")

    def _plan_to_move_the_own_lane(self, dapp: Contract, sender: str) -> None:
        lane = self.model.lanes[sender]
        if lane.held and self.rng.random() < 0.5:
            data = self.world.port.encode("release", [lane.held[min(lane.held)]])
            dapp.transact("plan", self.world.port.address, data, sender=self.world.user)

    def _received(self, dapp: Contract, sender: str) -> list[int]:
        tail = bytes.fromhex(sender[2:])
        return [data[0] for data in self.world.received(dapp) if data.endswith(tail)]


def test_no_course_of_events_changes_the_order() -> None:
    """And every outcome came up."""
    seen: set[str] = set()
    for seed in range(10):
        play = Play(seed)
        for _ in range(STEPS):
            play.step()
        play.check()
        seen |= play.seen
    refusals = {"NonceDone", "AlreadyHeld", "NotNext", "NotHeld", "DappFailed", "NotAddressee"}
    assert seen == {"delivered", "held", "given up"} | refusals
