"""One JSON-RPC node over HTTP: finite time, bounded retries with back-off, bounded answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from sequencer.messages import answers
from sequencer.messages.watch.errors import NodeUnavailable, WatchError

MAX_ANSWER_BYTES = 64 << 20


@dataclass(frozen=True)
class Patience:
    """How long a node is waited for: one attempt, how many of them, and the first pause between
    (each pause is twice the one before).
    """

    timeout_s: float = 10.0
    attempts: int = 3
    pause_s: float = 0.25


class NodeRefused(WatchError):
    """The node answered with a JSON-RPC error: it understood, and does not serve this."""

    def __init__(self, node: str, method: str, message: str, data: object) -> None:
        super().__init__(f"{node} refuses {method}: {message}")
        self.message = message
        self.data = data


class Node:
    """A node at `url`. Its name in messages leaves out path and user, which may hold a key."""

    def __init__(
        self,
        url: str,
        *,
        patience: Patience = Patience(),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(url)
        self.name = parts.hostname or "?"
        if parts.port is not None:
            self.name += f":{parts.port}"
        self._url = url
        self._patience = patience
        self._sleep = sleep
        self._session = requests.Session()
        self._next_id = 0

    def request(self, method: str, params: Sequence[object]) -> Any:
        """The result of one call.

        NodeUnavailable when no attempt brought a whole JSON-RPC answer, NodeRefused for an error.
        """
        pause = self._patience.pause_s
        for attempt in range(self._patience.attempts):
            if attempt:
                self._sleep(pause)
                pause *= 2
            try:
                return self._attempt(method, params)
            except (requests.RequestException, OSError, ValueError) as error:
                reason = _without_url(error)
        raise NodeUnavailable(
            f"{self.name} gives no usable answer to {method} in {self._patience.attempts} attempts"
            f" of {self._patience.timeout_s:g} s: {reason}"
        )

    def close(self) -> None:
        """Close its connections."""
        self._session.close()

    def _attempt(self, method: str, params: Sequence[object]) -> Any:
        self._next_id += 1
        body = {"jsonrpc": "2.0", "id": self._next_id, "method": method, "params": list(params)}
        document = answers.document(self._post(body))
        if not isinstance(document, dict) or document.get("id") != self._next_id:
            raise ValueError("the answer does not belong to the question")
        if document.get("error") is not None:
            error = document["error"] if isinstance(document["error"], dict) else {}
            raise NodeRefused(
                self.name, method, str(error.get("message", "no reason"))[:300], error.get("data")
            )
        if "result" not in document:
            raise ValueError("an answer without a result")
        return document["result"]

    def _post(self, body: Any) -> bytes:
        """The whole answer; reading it takes no longer than one attempt."""
        timeout_s = self._patience.timeout_s
        with self._session.post(self._url, json=body, timeout=timeout_s, stream=True) as response:
            # A refusal may come with a status of its own: what counts is whether it is JSON-RPC.
            if response.status_code in (401, 403, 429) or response.status_code >= 500:
                raise ValueError(f"HTTP status {response.status_code}")
            return answers.body(response, MAX_ANSWER_BYTES, timeout_s)


def _without_url(error: Exception) -> str:
    """Why it failed; requests puts the URL into its texts, and a URL may hold a key."""
    return type(error).__name__ if isinstance(error, requests.RequestException) else str(error)
