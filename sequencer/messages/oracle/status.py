"""Where an oracle stands, read from its files while the daemon runs or not."""

from __future__ import annotations

from dataclasses import dataclass

from sequencer.messages.ledger import Ledger
from sequencer.messages.oracle.config import OracleConfig
from sequencer.messages.oracle.route import Route


@dataclass(frozen=True)
class ChainStatus:
    """How far a chain was followed; None for one that was never begun."""

    name: str
    chain_id: int
    cursor: int | None
    finalized: int | None


@dataclass(frozen=True)
class RouteStatus:
    """Messages of a route's source, how many the target's oracle covers, and attestations made.

    `waiting` says whether a final message that was paid for is not covered yet.
    """

    route: Route
    messages: int
    covered: int
    waiting: bool
    attested: int


@dataclass(frozen=True)
class OracleStatus:
    """All chains and routes of a configuration."""

    chains: tuple[ChainStatus, ...]
    routes: tuple[RouteStatus, ...]


def oracle_status(config: OracleConfig, ledger: Ledger) -> OracleStatus:
    """Read it from the ledger."""
    chains = []
    for chain in config.daemon.chains.values():
        state = ledger.chain(chain.chain_id)
        cursor, finalized = (state.cursor, state.finalized) if state else (None, None)
        chains.append(ChainStatus(chain.name, chain.chain_id, cursor, finalized))
    routes = tuple(_route(route, ledger) for route in config.routes)
    return OracleStatus(tuple(chains), routes)


def _route(route: Route, ledger: Ledger) -> RouteStatus:
    source, target = route.source_chain_id, route.target_chain_id
    covering = ledger.covering_root(target, route.oracle, source, route.channel)
    covered = 0 if covering is None else covering.count
    waiting = ledger.last_awaiting_root(
        source, route.channel, target, route.source_oracles, first_index=covered
    )
    attested = ledger.database.row(
        "SELECT COUNT(*) FROM attestations WHERE target_chain = ? AND oracle = ?"
        " AND source_chain = ?",
        target,
        route.oracle,
        str(source),
    )
    return RouteStatus(
        route,
        ledger.message_count(source, route.channel),
        covered,
        waiting is not None,
        0 if attested is None else int(attested[0]),
    )
