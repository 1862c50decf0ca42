"""Asks other signers for their signatures of one attestation. Nothing they say is believed but a
signature that fits what was seen here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import requests

from sequencer.messages import answers
from sequencer.messages.oracle.route import Route
from sequencer.messages.oracle.service import path
from verifier.chain.attestation import MalformedAttestationError, RootAttestation, recover

_MAX_ANSWER_BYTES = 4_096


def collect(
    route: Route,
    attestation: RootAttestation,
    is_signer: Callable[[str], bool],
    log: Any,
    *,
    own: Mapping[str, bytes],
    wanted: int,
) -> dict[str, bytes]:
    """Signatures by signer, `own` and those of peers, until `wanted` are there or all peers were
    asked. A peer that repeats somebody's signature adds nothing.
    """
    found = dict(own)
    for peer in route.peers:
        if len(found) >= wanted:
            break
        try:
            signature = _ask(f"{peer}/{path(route, attestation.block_number)}", route)
            signer = recover(route.domain, attestation, signature)
        except (requests.RequestException, ValueError, MalformedAttestationError) as error:
            log.warning("peer gives no signature", peer=peer, reason=str(error))
            continue
        if is_signer(signer):
            found[signer] = signature
        else:
            # A signature of another root recovers to a stranger, too.
            log.error("peer signed something else, or is no signer", peer=peer, recovered=signer)
    return found


def _ask(url: str, route: Route) -> bytes:
    """ValueError for anything but a signature."""
    timeout_s = route.peer_timeout_s
    # A peer is asked, and nobody else in its name.
    with requests.get(url, timeout=timeout_s, stream=True, allow_redirects=False) as response:
        body = answers.body(response, _MAX_ANSWER_BYTES, timeout_s)
        if response.status_code != 200:
            raise ValueError(
                f"status {response.status_code}: {body[:300].decode(errors='replace')}"
            )
    return _signature(body)


def _signature(body: bytes) -> bytes:
    document = answers.document(body)
    text = document.get("signature") if isinstance(document, dict) else None
    if not isinstance(text, str):
        raise ValueError("an answer without a signature")
    return bytes.fromhex(text.removeprefix("0x"))
