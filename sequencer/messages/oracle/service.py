"""What a signer serves: GET /attestations/TARGET/ORACLE/SOURCE/BLOCK gives its signed attestation.

Answers are JSON with numbers as decimal strings. 404 while the block is not final here, 409 when
this signer vouched for another root before. Anybody may ask: it signs nothing but final facts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sequencer.messages.oracle.attester import Attester
from sequencer.messages.oracle.errors import ConflictingRootError, NotFinalError
from sequencer.messages.oracle.route import Mode, Route
from verifier.chain.attestation import RootAttestation

PATH = "attestations"


class AttestationService:
    """A WSGI application over the routes that this daemon signs on."""

    def __init__(
        self, attester: Attester, routes: Sequence[Route], alarm: Callable[[str], None]
    ) -> None:
        self._attester = attester
        self._alarm = alarm
        self._routes = {
            (str(route.target_chain_id), route.oracle, str(route.source_chain_id)): route
            for route in routes
            if route.mode is not Mode.OWNER
        }

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer one request."""
        status, document = self._answer(environ.get("PATH_INFO", "").strip("/").split("/"))
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps(document).encode() + b"\n"]

    def _answer(self, parts: Sequence[str]) -> tuple[str, dict[str, str]]:
        if len(parts) != 5 or tuple(parts[1:4]) not in self._routes:
            return "404 Not Found", {"reason": "no route of this signer"}
        if not (parts[4].isascii() and parts[4].isdigit() and len(parts[4]) < 20):
            return "400 Bad Request", {"reason": "no block number"}
        route = self._routes[parts[1], parts[2], parts[3]]
        try:
            attestation, signature = self._attester.attest(route, int(parts[4]))
        except NotFinalError as error:
            return "404 Not Found", {"reason": str(error)}
        except ConflictingRootError as error:
            self._alarm(str(error))
            return "409 Conflict", {"reason": str(error)}
        return "200 OK", to_json(self._attester.signer, attestation, signature)


def path(route: Route, block: int) -> str:
    """Where a signer serves its attestation of a block."""
    return f"{PATH}/{route.target_chain_id}/{route.oracle}/{route.source_chain_id}/{block}"


def to_json(signer: str, attestation: RootAttestation, signature: bytes) -> dict[str, str]:
    """A signed attestation."""
    return {
        "signer": signer,
        "chain_id": str(attestation.chain_id),
        "channel": attestation.channel,
        "block_number": str(attestation.block_number),
        "message_count": str(attestation.message_count),
        "message_root": "0x" + attestation.message_root.hex(),
        "signature": "0x" + signature.hex(),
    }
