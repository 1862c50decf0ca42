"""Which contracts of a chain are listened to. Nobody else's events count."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WatchedRollup:
    """A rollup on this settlement chain, its own ORMP chain id, and the oracles that serve it."""

    contract: str
    chain_id: int
    zk_oracles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Watchlist:
    """The contracts of one chain, as checksummed addresses.

    `start_block` lies at or before the endpoint's (and the rollups') first message: the message
    tree is followed from its first leaf.
    """

    chain_id: int
    start_block: int
    endpoint: str | None = None
    relayers: frozenset[str] = frozenset()
    oracles: frozenset[str] = frozenset()
    feeds: frozenset[str] = frozenset()
    rollups: tuple[WatchedRollup, ...] = ()
    ordered_ports: frozenset[str] = frozenset()
