"""What ordered ports hold back, followed into the ledger and checked against the ports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sequencer.messages.ledger import HeldMessages, Ledger
from sequencer.messages.ordered import OrderedMessage
from sequencer.messages.watch import ChainStopped, ChainView, Watchlist
from sequencer.messages.watch.follower import MAX_DISAGREEMENTS, Follower
from tests.messages.fake_chain import PORT, STRANGER, FakeChain

ONE, TWO = (OrderedMessage(bytes([n]) * 32, 7, STRANGER, n, PORT, 9, b"\x11" * 32) for n in (1, 2))


class Followed:
    """A chain with a port, and its follower."""

    def __init__(self, folder: Path) -> None:
        self.chain: Any = FakeChain()
        self.ledger = Ledger.open(folder / "ledger.sqlite")
        watchlist = Watchlist(1, 0, ordered_ports=frozenset({PORT}))
        self.follower = Follower(ChainView(1, [self.chain]), self.ledger, watchlist)
        self.port = HeldMessages(self.ledger.database, 1, PORT)

    def step(self) -> str | None:
        return self.follower.step().disagreement


@pytest.fixture
def followed(tmp_path: Path) -> Followed:
    found = Followed(tmp_path)
    assert found.step() is None
    found.chain.mine()
    return found


def test_held_messages_are_known_until_they_go_through(followed: Followed) -> None:
    chain = followed.chain
    chain.hold(ONE)
    chain.hold(TWO)
    assert followed.step() is None
    assert followed.port.all() == [ONE, TWO]
    chain.mine()
    chain.release(ONE)
    chain.give_up(TWO)
    assert followed.step() is None
    assert followed.port.all() == []


def test_held_and_released_within_one_range(followed: Followed) -> None:
    followed.chain.hold(ONE)
    followed.chain.mine()
    followed.chain.release(ONE)
    assert followed.step() is None
    assert followed.port.all() == []


def test_a_reorganisation_takes_back_what_was_held_and_what_was_released(
    followed: Followed,
) -> None:
    chain = followed.chain
    chain.mine(2)
    chain.hold(ONE)
    chain.hold(TWO)
    chain.mine()
    chain.release(ONE)
    followed.step()
    assert followed.port.all() == [TWO]
    chain.reorganise(1)
    assert followed.step() is None
    assert followed.port.all() == [ONE, TWO]
    chain.reorganise(2)
    assert followed.step() is None
    assert followed.port.all() == []


def altered(_: str, logs: Any) -> Any:
    return [log | {"data": log["data"].replace("11" * 32, "22" * 32)} for log in logs]


def test_a_held_message_that_does_not_have_the_hash_that_the_port_keeps_stops_the_chain(
    followed: Followed,
) -> None:
    followed.chain.hold(ONE)
    followed.chain.lie = lambda method, params, answer: (
        altered(method, answer) if method == "eth_getLogs" else answer
    )
    for _ in range(MAX_DISAGREEMENTS - 1):
        assert "by its logs the port" in str(followed.step())
    with pytest.raises(ChainStopped, match="by its logs the port"):
        followed.step()
    assert followed.port.all() == []


@pytest.mark.parametrize(
    "invent",
    [
        lambda chain: chain.hold(TWO),
        lambda chain: chain.release(ONE),
        lambda chain: chain.give_up(ONE),
        lambda chain: chain.hold(replace(ONE, id=b"\x09" * 32)),
    ],
)
def test_an_event_that_the_ports_state_denies_is_not_believed(
    followed: Followed, invent: Callable[[Any], None]
) -> None:
    chain = followed.chain
    chain.hold(ONE)
    assert followed.step() is None
    chain.mine()
    held = dict(chain.blocks[-1].held)
    invent(chain)
    chain.blocks[-1].held = held
    assert "by its logs the port" in str(followed.step())
    assert followed.port.all() == [ONE]
