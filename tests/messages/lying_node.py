"""A loopback JSON-RPC proxy in front of a real node, that lies when a test tells it to.

`lie(method, params, answer)` changes answers; `fault(method, params)` breaks the transport: it
names what happens instead of an answer.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests


class Fault(Enum):
    """Ways in which an answer fails to arrive."""

    NONE = auto()
    TRUNCATED = auto()
    SILENT = auto()
    GARBAGE = auto()
    STATUS_500 = auto()
    CLOSED = auto()


def truth(_: str, __: list[Any], answer: Any) -> Any:
    """No lie."""
    return answer


class LyingNode:
    """The proxy. `calls` lists the methods it was asked; it is truthful until told otherwise."""

    def __init__(self, target_url: str) -> None:
        self.lie: Callable[[str, list[Any], Any], Any] = truth
        self.fault: Callable[[str, list[Any]], Fault] = lambda method, params: Fault.NONE
        self.calls: list[str] = []
        self._target = target_url
        self._released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def honest(self) -> None:
        """Tell the truth from now on."""
        self.lie = truth
        self.fault = lambda method, params: Fault.NONE

    def close(self) -> None:
        """Stop serving."""
        self._released.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, body: bytes) -> tuple[int, bytes, Fault]:
        """Status, bytes and what goes wrong with them."""
        question = json.loads(body)
        method, params = question["method"], question["params"]
        self.calls.append(method)
        fault = self.fault(method, params)
        if fault is not Fault.NONE:
            return 500 if fault is Fault.STATUS_500 else 200, b'{"jsonrpc":"2.0"', fault
        reply = requests.post(self._target, data=body, headers=_JSON, timeout=60).json()
        if "result" in reply:
            reply["result"] = self.lie(method, params, reply["result"])
        return 200, json.dumps(reply).encode(), fault

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        node = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                status, body, fault = node.answer(self.rfile.read(size))
                if fault is Fault.SILENT:
                    node._released.wait(60)
                    self.close_connection = True
                    return
                if fault is Fault.CLOSED:
                    self.close_connection = True
                    return
                if fault is Fault.GARBAGE:
                    body = b"<html>welcome</html>"
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                announced = len(body) + (100 if fault is Fault.TRUNCATED else 0)
                self.send_header("Content-Length", str(announced))
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = fault is not Fault.NONE

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler


_JSON = {"Content-Type": "application/json"}


@contextmanager
def lying_node(target_url: str) -> Iterator[LyingNode]:
    """A proxy for the time of a test."""
    node = LyingNode(target_url)
    try:
        yield node
    finally:
        node.close()
