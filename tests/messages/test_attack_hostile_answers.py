"""Nodes and peers that answer to harm: no answer ends a daemon's thread or holds it for long."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account

from native.errors import TallystickError
from sequencer.messages import answers
from sequencer.messages.chain_loop import ChainLoop
from sequencer.messages.ledger import Ledger
from sequencer.messages.logs import logger
from sequencer.messages.metrics import Metrics
from sequencer.messages.oracle import Mode, Route, peers
from sequencer.messages.watch import NodeUnavailable
from sequencer.messages.watch.node import Node, NodeRefused, Patience
from sequencer.messages.watch.view import reverted_by
from tests.messages.fake_chain import ENDPOINT, ORACLE, FakeChain
from tests.messages.hostile_server import HostileServer, hostile_server
from tests.messages.mutations import JUNK, mutated
from tests.messages.test_watch_follower import catch_up, follower
from verifier.chain.abi import decode_revert
from verifier.chain.attestation import RootAttestation, sign
from verifier.chain.transport import ExecutionReverted

HARM = ("drip", "flood", "nested", "cut", "garbled", "moved")


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with hostile_server() as found:
        yield found


@pytest.mark.parametrize("harm", HARM)
def test_a_node_that_answers_to_harm_is_unavailable(
    server: HostileServer, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The drip would be a good answer after five seconds; nobody is waited for that long."""
    monkeypatch.setattr("sequencer.messages.watch.node.MAX_ANSWER_BYTES", 100_000)
    node = Node(f"{server.url}/{harm}", patience=Patience(timeout_s=1.0, attempts=1))
    with pytest.raises(NodeUnavailable):
        node.request("eth_chainId", [])
    assert not server.dripped.is_set()
    node.close()


@pytest.mark.parametrize("harm", HARM)
def test_a_peer_that_answers_to_harm_gives_no_signature(server: HostileServer, harm: str) -> None:
    """And a peer cannot send the daemon to another place."""
    url = f"{server.url}/{harm}"
    route = Route(1, ENDPOINT, (), 2, ORACLE, Mode.PUBLISHER, peers=(url,), peer_timeout_s=1.0)
    attestation = RootAttestation(1, ENDPOINT, 5, 1, b"\x01" * 32)
    assert peers.collect(route, attestation, lambda _: True, logger(), own={}, wanted=1) == {}
    assert server.asked == [harm]
    assert not server.dripped.is_set()


def test_a_peers_good_answer_still_counts() -> None:
    assert peers._signature(b'{"signature": "0x0102"}') == b"\x01\x02"


def test_a_peer_that_repeats_signatures_does_not_count_for_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Anybody can ask the publisher for its own signature, and bring it back as a peer."""
    keys = [bytes([number]) * 32 for number in (1, 2, 3)]
    attestation = RootAttestation(1, ENDPOINT, 5, 1, b"\x01" * 32)
    parrot, repeater, honest = "http://parrot", "http://repeater", "http://honest"
    route = Route(
        1, ENDPOINT, (), 2, ORACLE, Mode.PUBLISHER, peers=(parrot, repeater, repeater, honest)
    )
    ours, theirs, third = (sign(route.domain, attestation, key) for key in keys)
    answers_of = {parrot: ours, repeater: theirs, honest: third}
    monkeypatch.setattr(peers, "_ask", lambda url, _: answers_of[url.partition("/att")[0]])
    own = {Account.from_key(keys[0]).address: ours}
    found = peers.collect(route, attestation, lambda _: True, logger(), own=own, wanted=3)
    assert set(found.values()) == {ours, theirs, third}


BOTTOMLESS = b"[" * 200_000


@pytest.mark.parametrize(
    "text",
    [
        BOTTOMLESS,
        b'{"a":' * 100_000,
        b'["' + BOTTOMLESS + b'",' + BOTTOMLESS,
        rb'["\"",' + BOTTOMLESS,
        rb'["\\",' + BOTTOMLESS,
        '["\u0122",'.encode("utf-16-le") + BOTTOMLESS.decode().encode("utf-16-le"),
        BOTTOMLESS + b"]" * 200_000,
        b"[" * 65 + b"]" * 65,
    ],
    ids=range(8),
)
def test_bottomless_json_is_refused_before_it_is_parsed(text: bytes) -> None:
    """The interpreter would end without a word: its stack is smaller than its recursion limit."""
    with pytest.raises(ValueError):
        answers.document(text)


def test_deep_and_odd_json_is_read() -> None:
    deep: object = []
    for _ in range(63):
        deep = [deep]
    for value in (deep, {"a": [{}, "[[[", '"[', "\\", "é", {"]": 1}]}, 1, "x", None):
        assert answers.document(json.dumps(value).encode()) == value


@pytest.mark.parametrize("data", [value for value in JUNK if isinstance(value, str)])
def test_a_garbled_revert_is_a_revert(data: str) -> None:
    for wrapped in (data, {"data": data}):
        found = reverted_by(NodeRefused("node", "eth_call", "execution reverted", wrapped))
        assert isinstance(found, ExecutionReverted)


@pytest.mark.parametrize("word", [2**255, 2**256 - 1, 2**63, 2**64])
@pytest.mark.parametrize("signature", ["08c379a0", "4e487b71"])
def test_revert_data_with_absurd_lengths_is_unknown_or_read(signature: str, word: int) -> None:
    for data in (word.to_bytes(32, "big"), (32).to_bytes(32, "big") + word.to_bytes(32, "big")):
        revert = decode_revert(ExecutionReverted(bytes.fromhex(signature) + data))
        assert revert.name in ("Unknown", "Panic")


@pytest.mark.parametrize("seed", range(120))
def test_one_wrong_answer_stores_nothing_wrong(tmp_path: Path, seed: int) -> None:
    """Any one answer is altered anywhere: only declared errors come out, and then the truth."""
    rng = random.Random(seed)
    chain = FakeChain()
    chain.mine(2)
    messages = []
    for number in range(3):
        messages.append(chain.accept(bytes(20 * number)))
        chain.mine(rng.randrange(3))
    chain.import_root(2, 5, b"\x09" * 32)
    chain.dispatch(messages[0])
    chain.mine(2)
    chain.lie = _one_lie(rng)
    ledger = Ledger.open(tmp_path / "ledger.sqlite")
    following = follower(chain, ledger)
    for _ in range(4):
        try:
            following.step()
        except TallystickError:
            following = follower(chain, ledger)  # as a restarted daemon
    chain.lie = lambda method, params, answer: answer
    catch_up(following)
    assert ledger.leaves(1, ENDPOINT, 0) == [message.hash() for message in messages]
    assert [d.message_hash for d in ledger.dispatches(messages[0].hash())] == [messages[0].hash()]


def _one_lie(rng: random.Random) -> Callable[[str, list[Any], Any], Any]:
    countdown = rng.randrange(1, 12)

    def lie(method: str, params: list[Any], answer: Any) -> Any:
        nonlocal countdown
        countdown -= 1
        if countdown != 0:
            return answer
        if rng.random() < 0.2:
            raise NodeRefused("node", method, "execution reverted", rng.choice(JUNK))
        return mutated(rng, answer)

    return lie


@pytest.mark.parametrize("error", [ZeroDivisionError("bug"), sqlite3.OperationalError("full")])
def test_an_unforeseen_error_does_not_end_a_chain_in_silence(
    tmp_path: Path, error: Exception
) -> None:
    chain = FakeChain()
    chain.mine(2)
    metrics = Metrics()
    errors = [error]

    def work() -> bool:
        if errors:
            raise errors.pop()
        return False

    following = follower(chain, Ledger.open(tmp_path / "ledger.sqlite"))
    loop = ChainLoop("a", following, metrics, logger(), poll_interval_s=0.01, work=work)
    assert loop.round() is False
    failures = metrics.registry.get_sample_value("tallystick_chain_failures_total", {"chain": "a"})
    assert failures == 1
    loop.round()
    assert (loop.stopped, errors) == (None, [])
