"""Prometheus metrics of a daemon, and the loopback HTTP server that shows them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, Counter, Gauge, make_wsgi_app

from sequencer.messages.watch.follower import Progress

LOOPBACK = "127.0.0.1"
WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Metrics:
    """The metrics that both daemons have, by chain name; daemons add theirs to `registry`."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.head = self.gauge("chain_head_block", "Newest block of the chain", "chain")
        self.cursor = self.gauge("chain_cursor_block", "Newest block that was read", "chain")
        self.finalized = self.gauge("chain_finalized_block", "Newest final block", "chain")
        self.lag = self.gauge("chain_cursor_lag_blocks", "Blocks still to be read", "chain")
        self.stopped = self.gauge("chain_stopped", "1 once a chain is not followed", "chain")
        self.reorgs = self.counter("chain_reorganisations", "Reorganisations", "chain")
        self.reorged = self.counter("chain_reorganised_blocks", "Blocks taken back", "chain")
        self.disagreements = self.counter(
            "chain_disagreements", "Answers of nodes that could not be true", "chain"
        )
        self.failures = self.counter("chain_failures", "Rounds that ended in an error", "chain")
        self.balance = self.gauge("account_balance_wei", "Balance of the daemon's key", "chain")

    def gauge(self, name: str, text: str, *labels: str) -> Gauge:
        """A value that goes up and down."""
        return Gauge(f"tallystick_{name}", text, labels, registry=self.registry)

    def counter(self, name: str, text: str, *labels: str) -> Counter:
        """A value that only goes up."""
        return Counter(f"tallystick_{name}", text, labels, registry=self.registry)

    def progressed(self, chain: str, progress: Progress) -> None:
        """Show what a step of a follower did."""
        self.head.labels(chain).set(progress.head)
        self.cursor.labels(chain).set(progress.cursor)
        self.finalized.labels(chain).set(progress.finalized)
        self.lag.labels(chain).set(max(0, progress.head - progress.cursor))
        if progress.reorg_depth:
            self.reorgs.labels(chain).inc()
            self.reorged.labels(chain).inc(progress.reorg_depth)
        if progress.disagreement is not None:
            self.disagreements.labels(chain).inc()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    """Requests are not logged."""

    timeout = 10

    def log_message(self, format: str, *args: Any) -> None:
        pass


class LoopbackServer:
    """Serves `/metrics`, and further WSGI applications by the first part of the path."""

    def __init__(
        self, registry: CollectorRegistry, port: int, routes: Mapping[str, WsgiApp] | None = None
    ) -> None:
        routes = {"metrics": make_wsgi_app(registry), **(routes or {})}

        def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            part = environ.get("PATH_INFO", "/").strip("/").split("/")[0]
            if part in routes:
                return routes[part](environ, start_response)
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"not here\n"]

        self._server = make_server(LOOPBACK, port, app, _Server, _Quiet)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
