"""An oracle whose source node lies: it stops with a clear message or reads again, imports no wrong
root and loses none.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from sequencer.messages import logs
from sequencer.messages.oracle import OracleDaemon, load_oracle_config
from sequencer.messages.watch.decode import ACCEPTED, ORACLE_ASSIGNED
from tests.messages.chains import A_ID, OWNER_KEY, MessagingChain, messaging_pair
from tests.messages.lying_node import Fault, LyingNode, lying_node
from tests.messages.oracle_world import KEY_VARIABLE, write_config

pytestmark = pytest.mark.node
Pair = tuple[MessagingChain, MessagingChain]
Lie = Callable[[str, list[Any], Any], Any]
STRANGER = "0x" + "ee" * 20


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with messaging_pair() as pair:
        yield pair


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, OWNER_KEY)


def about_logs(change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Lie:
    return lambda method, _, answer: change(answer) if method == "eth_getLogs" else answer


def wrong_chain_id(method: str, _: list[Any], answer: Any) -> Any:
    return "0x1" if method == "eth_chainId" else answer


def without(topic: bytes, position: int) -> Lie:
    """Leave out one log of this kind."""

    def change(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        matching = [log for log in found if log["topics"][0] == "0x" + topic.hex()]
        gone = matching[position] if matching else None
        return [log for log in found if log is not gone]

    return about_logs(change)


def edited(name: str, value: Any) -> Lie:
    """Change one member of the first log."""

    def change(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        found = deepcopy(found)
        for log in found[:1]:
            log[name] = value(log[name]) if callable(value) else value
        return found

    return about_logs(change)


def flipped(text: str) -> str:
    """Another last digit."""
    return text[:-1] + ("0" if text[-1] != "0" else "1")


def other_root(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The root of the first message, changed; its hash still fits its fields."""
    found = deepcopy(found)
    for log in found:
        if log["topics"][0] == "0x" + ACCEPTED.hex():
            log["data"] = "0x" + "ab" * 32 + log["data"][66:]
            break
    return found


LIES: dict[str, tuple[Lie, str]] = {
    "wrong chain id": (wrong_chain_id, "it serves chain 1"),
    "the first message is missing": (without(ACCEPTED, 0), "missing"),
    "the last message is missing": (without(ACCEPTED, -1), "is missing from eth_getLogs"),
    "no logs at all": (about_logs(lambda _: []), "is missing from eth_getLogs"),
    "an assignment is missing": (without(ORACLE_ASSIGNED, -1), "is missing from eth_getLogs"),
    "every log twice": (about_logs(lambda found: found + found), "there twice"),
    "a log of a block that is gone": (edited("blockHash", flipped), "from another block"),
    "a log outside the range": (edited("blockNumber", "0x7fffff"), "does not lie in"),
    "a log of another address": (edited("address", STRANGER), "which was not asked for"),
    "a log with another topic": (
        edited("topics", lambda topics: [flipped(topics[0]), *topics[1:]]),
        "a topic that was not asked for",
    ),
    "a removed log": (edited("removed", True), "removed"),
    "an altered message": (edited("data", flipped), "blocks"),
    "an altered root": (about_logs(other_root), "carries the root"),
    "logs that are no list": (about_logs(lambda _: {"a": 1}), "malformed"),  # type: ignore[arg-type,return-value]
    "a log without a number": (edited("logIndex", None), "malformed"),
}


class World:
    """An oracle on B whose view of A goes through the lying node."""

    def __init__(self, pair: Pair, node: LyingNode, folder: Path) -> None:
        self.a, self.b = pair
        self.node = node
        self.config = write_config(folder, self.a, self.b, source_urls=(node.url,), timeout_s=1.0)

    def run(self, *, timeout_s: float = 180) -> tuple[bool, str]:
        """One run to the end: whether all was done, and why a chain was stopped."""
        daemon = OracleDaemon(load_oracle_config(self.config), logs.logger())
        try:
            is_done = daemon.run_once(threading.Event(), timeout_s=timeout_s)
            stopped = [str(loop.stopped) for loop in daemon.loops if loop.stopped]
            return is_done, " ".join(stopped)
        finally:
            daemon.close()

    def roots(self) -> list[bytes]:
        events = self.b.oracle.events("ImportedMessageRoot", A_ID)
        return [event.args["messageRoot"] for event in events]

    def send(self) -> None:
        for text in ("one", "two", "three"):
            self.a.send(self.b, text)
        self.a.mine(2)


@pytest.fixture
def world(pair: Pair, tmp_path: Path) -> Iterator[World]:
    with lying_node(pair[0].url) as node:
        yield World(pair, node, tmp_path)


@pytest.mark.parametrize("name", LIES)
def test_a_lie_that_stays_stops_the_chain_and_costs_nothing(world: World, name: str) -> None:
    lie, words = LIES[name]
    world.send()
    before = world.roots()
    world.node.lie = lie
    is_done, reason = world.run()
    assert not is_done
    assert words in reason
    assert f"chain {A_ID}" in reason
    assert "Check the chain's nodes and URLs" in reason
    assert world.roots() == before
    world.node.honest()
    assert world.run() == (True, "")
    assert world.roots() == [*before, world.a.endpoint.call("root")]


@pytest.mark.parametrize("name", ["wrong chain id", "no logs at all", "an altered root"])
def test_a_lie_that_passes_is_read_again(world: World, name: str) -> None:
    lie, _ = LIES[name]
    world.send()
    before = world.roots()
    told = 0

    def twice(method: str, params: list[Any], answer: Any) -> Any:
        nonlocal told
        changed = lie(method, params, answer)
        if told == 2 or changed == answer:
            return answer
        told += 1
        return changed

    world.node.lie = twice
    assert world.run() == (True, "")
    assert told == 2
    assert world.roots() == [*before, world.a.endpoint.call("root")]


@pytest.mark.parametrize(
    "fault", [Fault.TRUNCATED, Fault.GARBAGE, Fault.STATUS_500, Fault.CLOSED, Fault.SILENT]
)
def test_an_answer_that_does_not_arrive_is_waited_for(world: World, fault: Fault) -> None:
    world.send()
    before = world.roots()
    broken = 2

    def sometimes(method: str, _: list[Any]) -> Fault:
        nonlocal broken
        if method == "eth_getLogs" and broken:
            broken -= 1
            return fault
        return Fault.NONE

    world.node.fault = sometimes
    assert world.run() == (True, "")
    assert world.roots() == [*before, world.a.endpoint.call("root")]


def test_a_node_that_never_answers_is_not_an_error_of_the_chain(world: World) -> None:
    world.send()
    before = world.roots()
    world.node.fault = lambda method, params: Fault.STATUS_500
    assert world.run(timeout_s=3) == (False, "")
    assert world.roots() == before
    world.node.honest()
    assert world.run() == (True, "")
    assert len(world.roots()) == len(before) + 1


def test_a_head_that_goes_back_takes_nothing_back(world: World) -> None:
    world.send()
    assert world.run() == (True, "")
    roots = world.roots()
    world.send()
    head = world.a.head()

    def lagging(method: str, params: list[Any], answer: Any) -> Any:
        if method == "eth_getBlockByNumber" and params[0] == "latest":
            return world.a.ask("eth_getBlockByNumber", hex(head - 9), False)
        return answer

    world.node.lie = lagging
    assert world.run() == (True, "")
    assert world.roots() == roots
    world.node.honest()
    assert world.run() == (True, "")
    assert world.roots() == [*roots, world.a.endpoint.call("root")]


def test_an_invented_block_above_finality_is_taken_back(world: World) -> None:
    """Invented hashes are a branch like any other: what was real comes back."""
    world.send()
    assert world.run() == (True, "")
    roots = world.roots()
    world.send()
    world.node.lie = lambda method, params, answer: (
        answer | {"hash": "0x" + "cd" * 32}
        if method == "eth_getBlockByNumber" and params[0] == "latest"
        else answer
    )
    world.run(timeout_s=3)
    world.node.honest()
    assert world.run() == (True, "")
    assert world.roots() == [*roots, world.a.endpoint.call("root")]


def test_another_url_replaces_a_liar(pair: Pair, tmp_path: Path) -> None:
    a, b = pair
    with lying_node(a.url) as node:
        node.lie = LIES["the last message is missing"][0]
        world = World(pair, node, tmp_path)
        world.config = write_config(tmp_path, a, b, source_urls=(node.url, a.url))
        world.send()
        before = world.roots()
        assert world.run() == (True, "")
        assert world.roots() == [*before, a.endpoint.call("root")]
