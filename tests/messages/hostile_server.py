"""A loopback HTTP server whose answers are made to harm whoever reads them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAUSE_S = 0.05
FLOOD_BYTES = 200_000


class HostileServer:
    """Answers every request as its path says: /drip, /flood, /nested, /cut, /garbled, /moved."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.dripped = threading.Event()
        self.asked: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.do_GET()

            def do_GET(self) -> None:
                mode = self.path.split("/")[1]
                server.asked.append(mode)
                self.send_response(302 if mode == "moved" else 200)
                getattr(self, mode)()

            def head(self, **headers: str) -> None:
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()

            def drip(self) -> None:
                """A good answer, a byte at a time, far slower than anybody should wait."""
                body = b'{"jsonrpc":"2.0","id":1,"result":"0x1","signature":"0x00"}' + b" " * 40
                self.head(Content_Length=str(len(body)))
                for byte in body:
                    if server.stopped.wait(PAUSE_S):
                        return
                    self.wfile.write(bytes([byte]))
                server.dripped.set()

            def flood(self) -> None:
                self.head(Content_Length=str(FLOOD_BYTES))
                self.wfile.write(b" " * FLOOD_BYTES)

            def nested(self) -> None:
                self.head(Content_Length="90000")
                self.wfile.write(b"[" * 90_000)

            def cut(self) -> None:
                self.head(Content_Length="100")
                self.wfile.write(b"{")

            def garbled(self) -> None:
                self.head(Content_Length="100", Content_Encoding="gzip")
                self.wfile.write(b"not gzip" * 13)

            def moved(self) -> None:
                self.head(Location="/garbled", Content_Length="0")

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


@contextmanager
def hostile_server() -> Iterator[HostileServer]:
    """One for the time of a test."""
    server = HostileServer()
    try:
        yield server
    finally:
        server.close()
