"""A node is waited for, but never for ever, and never believed further than it can be."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from sequencer.messages.watch import fields
from sequencer.messages.watch.errors import NodeDisagreement, NodeUnavailable
from sequencer.messages.watch.node import Node, NodeRefused, Patience
from sequencer.messages.watch.view import ChainView
from tests.messages.fake_chain import FakeChain
from verifier.chain.transport import ExecutionReverted


class Server:
    """Answers each request with the next prepared (status, body)."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, Any]] = []
        self.asked = 0
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.asked += 1
                status, body = server.answers.pop(0) if server.answers else (200, {"result": "0x1"})
                if isinstance(body, dict):
                    body = json.dumps({"jsonrpc": "2.0", "id": question["id"]} | body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://user:token@127.0.0.1:{self.http.server_port}/secret-path"


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.http.shutdown()
    server.http.server_close()


def node(server: Server, pauses: list[float]) -> Node:
    return Node(server.url, patience=Patience(2.0, 3, 0.5), sleep=pauses.append)


@pytest.mark.parametrize(
    "answer",
    [
        (500, b""),
        (429, {"error": {"code": 1, "message": "slow down"}}),
        (200, b"<html>"),
        (200, b'{"jsonrpc":"2.0","id":1'),
        (200, {"id": 999, "result": "0x1"}),
        (200, {}),
        (200, b"[]"),
        (200, b"\xff\xfe"),
    ],
)
def test_what_may_pass_is_tried_again_with_growing_pauses(server: Server, answer: Any) -> None:
    pauses: list[float] = []
    asking = node(server, pauses)
    server.answers = [answer, answer]
    assert asking.request("eth_chainId", []) == "0x1"
    assert pauses == [0.5, 1.0]
    server.answers = [answer] * 3
    with pytest.raises(NodeUnavailable) as caught:
        asking.request("eth_chainId", [])
    assert server.asked == 6
    text = str(caught.value)
    assert "127.0.0.1" in text and "eth_chainId" in text
    assert "token" not in text and "secret-path" not in text


def test_an_error_reply_is_not_tried_again(server: Server) -> None:
    server.answers = [(200, {"error": {"code": -32000, "message": "no", "data": "0x12"}})]
    with pytest.raises(NodeRefused, match="refuses eth_call: no") as caught:
        node(server, []).request("eth_call", [])
    assert (server.asked, caught.value.data) == (1, "0x12")


def test_nobody_listens() -> None:
    asking = Node("http://127.0.0.1:1", patience=Patience(0.5, 2, 0), sleep=lambda _: None)
    with pytest.raises(NodeUnavailable, match="in 2 attempts"):
        asking.request("eth_chainId", [])


@pytest.mark.parametrize("text", ["", "0x", "12", "0xg", "0x" + "1" * 65, 7, None, ["0x1"]])
def test_quantities_that_are_none(text: Any) -> None:
    with pytest.raises(ValueError):
        fields.quantity(text, "number")


@pytest.mark.parametrize("text", ["0x1", "0x" + "12" * 31, "12" * 32, None, "0x" + "zz" * 32])
def test_hashes_that_are_none(text: Any) -> None:
    with pytest.raises(ValueError):
        fields.data(text, "hash", 32)


def test_numbers_stay_below_2_63() -> None:
    assert fields.number("0x7fffffffffffffff", "block") == (1 << 63) - 1
    with pytest.raises(ValueError, match="not below 2\\^63"):
        fields.number("0x8000000000000000", "block")


def test_another_block_than_the_one_asked_for_is_refused() -> None:
    chain = FakeChain()
    chain.mine(5)
    chain.lie = lambda method, params, answer: (
        answer | {"number": "0x4"} if params[:1] == ["0x2"] else answer
    )
    view = ChainView(1, [chain])  # type: ignore[list-item]
    with pytest.raises(NodeDisagreement, match="block 4 was given for block 2"):
        view.header(2)


def test_the_next_node_answers_when_one_is_away() -> None:
    away, there = FakeChain(), FakeChain()
    there.mine(3)
    away.name, there.name = "away", "there"

    def fail(method: str, params: list[Any], answer: Any) -> Any:
        raise NodeUnavailable("away is away")

    away.lie = fail
    view = ChainView(1, [away, there])  # type: ignore[list-item]
    assert view.head().number == 3
    assert view.node_name == "there"
    there.lie = fail
    with pytest.raises(NodeUnavailable, match="chain 1: away is away; away is away"):
        view.head()


def test_reverts_are_told_from_refusals() -> None:
    chain = FakeChain()
    view = ChainView(1, [chain])  # type: ignore[list-item]
    with pytest.raises(ExecutionReverted):
        view.call("0x" + "11" * 20, b"\x01\x02\x03\x04")
    with pytest.raises(NodeRefused, match="header not found"):
        view.call("0x" + "11" * 20, b"", block_hash=b"\x01" * 32)
