"""What strangers may send to a signer's port: each question is answered, nothing else is signed."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from sequencer.messages.metrics import LOOPBACK, LoopbackServer, Metrics
from sequencer.messages.oracle import Mode, Route
from sequencer.messages.oracle.errors import NotFinalError
from sequencer.messages.oracle.service import PATH, AttestationService
from tests.messages.fake_chain import ENDPOINT, ORACLE
from verifier.chain.attestation import RootAttestation

GOOD = f"/{PATH}/2/{ORACLE}/1/7"


class Attester:
    """Attests block 7; remembers what it was asked."""

    signer = ENDPOINT

    def __init__(self) -> None:
        self.asked: list[int] = []

    def attest(self, route: Route, block: int) -> tuple[RootAttestation, bytes]:
        self.asked.append(block)
        if block != 7:
            raise NotFinalError(f"block {block}")
        return RootAttestation(1, ENDPOINT, 7, 1, b"\x01" * 32), b"\x02" * 65


@pytest.fixture
def attester() -> Attester:
    return Attester()


@pytest.fixture
def server(attester: Attester) -> Iterator[LoopbackServer]:
    route = Route(1, ENDPOINT, (), 2, ORACLE, Mode.SIGNER)
    stub: Any = attester
    service = AttestationService(stub, [route], alarm=lambda reason: None)
    server = LoopbackServer(Metrics().registry, 0, {PATH: service})
    yield server
    server.close()


def ask(server: LoopbackServer, raw: bytes) -> bytes:
    """Raw bytes to the port; everything that comes back until the server hangs up."""
    with socket.create_connection((LOOPBACK, server.port), timeout=20) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := connection.recv(65_536):
            answer += chunk
    return answer


def get(server: LoopbackServer, path: str) -> tuple[int, bytes]:
    answer = ask(server, f"GET {path} HTTP/1.0\r\n\r\n".encode())
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


def test_it_listens_on_the_loopback_only(server: LoopbackServer) -> None:
    assert server._server.server_address[0] == "127.0.0.1"


def test_the_good_question_is_answered(server: LoopbackServer) -> None:
    status, body = get(server, GOOD)
    assert status == 200
    assert json.loads(body)["signature"] == "0x" + "02" * 65


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/../../../etc/passwd", 404),
        (f"/{PATH}/../../etc/passwd", 404),
        (f"/{PATH}/%2e%2e/%2e%2e/x/y/z", 404),
        (f"/{PATH}/2/{ORACLE}/1/7/8", 404),
        (f"/{PATH}/2/{ORACLE.lower()}/1/7", 404),
        (f"/{PATH}/02/{ORACLE}/1/7", 404),
        (f"/{PATH}/2/{ORACLE}/1", 404),
        (f"/{PATH}/2/{ORACLE}/1/-7", 400),
        (f"/{PATH}/2/{ORACLE}/1/7.0", 400),
        (f"/{PATH}/2/{ORACLE}/1/0x7", 400),
        (f"/{PATH}/2/{ORACLE}/1/%d9%a7", 400),
        (f"/{PATH}/2/{ORACLE}/1/%00", 400),
        (f"/{PATH}/2/{ORACLE}/1/" + "9" * 5_000, 400),
    ],
)
def test_odd_paths_sign_nothing(
    server: LoopbackServer, attester: Attester, path: str, expected: int
) -> None:
    assert get(server, path)[0] == expected
    assert attester.asked == []
    assert get(server, GOOD)[0] == 200


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /" + b"a" * 200_000 + b" HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.0\r\n" + b"x: y\r\n" * 500 + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        f"POST {GOOD} HTTP/1.0\r\nContent-Length: 999999999999\r\n\r\nx".encode(),
        f"GET {GOOD} HTTP/1.0\r\nContent-Length: -1\r\n\r\n".encode(),
    ],
    ids=["long-line", "many-headers", "tls", "nothing", "half", "endless-body", "negative-body"],
)
def test_a_broken_request_breaks_nobody_else(server: LoopbackServer, raw: bytes) -> None:
    ask(server, raw)
    assert get(server, GOOD)[0] == 200
