"""What this oracle vouches for: the root of a final block, one root a block for ever.

Every attestation is on disk before anybody sees it. A second root under the same key (after a
reorganisation below what counted as final, or from a ledger that was made anew) is refused: roots
are never overwritten, so a second one could only do harm.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from eth_account.signers.local import LocalAccount

from sequencer.messages.ledger import Ledger
from sequencer.messages.ledger.following import ChainState
from sequencer.messages.oracle.errors import ConflictingRootError, NotFinalError
from sequencer.messages.oracle.route import Mode, Route
from sequencer.messages.watch.facts import MessageAccepted
from verifier.chain.attestation import RootAttestation, sign

MAX_DETOUR = 256
"""How many blocks after an unusable one are tried in its place."""


class Attester:
    """Attests roots on any route, for one key. Any thread may use it."""

    def __init__(
        self, ledger: Ledger, account: LocalAccount, clock: Callable[[], float] = time.time
    ) -> None:
        self._ledger = ledger
        self._account = account
        self._clock = clock

    @property
    def signer(self) -> str:
        """Who signs."""
        return str(self._account.address)

    def newest(self, route: Route, *, first_block: int = 0) -> RootAttestation | None:
        """The root to import now: that of the last final block with a message, covering all before.

        When another root was attested for that block, or it lies before `first_block`, the root is
        attested for a later block, after which the tree is the same. None when there is none yet.
        """
        finalized = self._source(route).finalized
        last = self._ledger.last_root(route.source_chain_id, route.channel, finalized)
        if last is None:
            return None
        start, end = max(last.root_block, first_block), last.root_block + MAX_DETOUR
        if start > finalized:
            return None
        for block in range(start, min(finalized, end) + 1):
            stored = self._stored_root(route, block)
            if stored is None or stored == last.root:
                return _attestation(route, block, last)
        raise ConflictingRootError(
            f"route {route}: other roots were attested for all blocks from {start} on; wait for"
            " further ones, and find out why the chain changed below its finality"
        )

    def attest(self, route: Route, block: int) -> tuple[RootAttestation, bytes]:
        """Vouch for the root after a final block: the statement, and the signature (empty for an
        owner, who needs none).

        NotFinalError before the time, ConflictingRootError for ever after another root.
        """
        attestation = self._at(route, block)
        signature = b""
        if route.mode is not Mode.OWNER:
            signature = sign(route.domain, attestation, bytes(self._account.key))
        self._keep(route, attestation, signature)
        return attestation, signature

    def _at(self, route: Route, block: int) -> RootAttestation:
        finalized = self._source(route).finalized
        if block > finalized:
            raise NotFinalError(
                f"block {block} of chain {route.source_chain_id} is not final here, which is at"
                f" {finalized}"
            )
        last = self._ledger.last_root(route.source_chain_id, route.channel, block)
        if last is None:
            raise NotFinalError(f"{route.channel} took no message up to block {block}")
        return _attestation(route, block, last)

    def _keep(self, route: Route, attestation: RootAttestation, signature: bytes) -> None:
        database = self._ledger.database
        with database.transaction():
            stored = self._stored_root(route, attestation.block_number)
            if stored is None:
                database.insert(
                    "attestations",
                    (
                        *_key(route, attestation.block_number),
                        attestation.channel,
                        attestation.message_count,
                        attestation.message_root,
                        signature,
                        int(self._clock()),
                    ),
                )
        if stored not in (None, attestation.message_root):
            raise ConflictingRootError(
                f"route {route}: block {attestation.block_number} was attested with the root"
                f" 0x{(stored or b'').hex()}, now it has 0x{attestation.message_root.hex()}:"
                " refused; find out why the chain changed below its finality"
            )

    def _stored_root(self, route: Route, block: int) -> bytes | None:
        row = self._ledger.database.row(
            "SELECT root FROM attestations WHERE target_chain = ? AND oracle = ?"
            " AND source_chain = ? AND source_block = ?",
            *_key(route, block),
        )
        return None if row is None else bytes(row[0])

    def _source(self, route: Route) -> ChainState:
        state = self._ledger.chain(route.source_chain_id)
        return state or ChainState(route.source_chain_id, 0, -1, -1)


def _attestation(route: Route, block: int, last: MessageAccepted) -> RootAttestation:
    count = last.message.index + 1
    return RootAttestation(route.source_chain_id, route.channel, block, count, last.root)


def _key(route: Route, block: int) -> tuple[object, ...]:
    return route.target_chain_id, route.oracle, str(route.source_chain_id), str(block)
