"""How the queues of a relayer stand, read from its database, whether it runs or not."""

from __future__ import annotations

from dataclasses import dataclass

from sequencer.messages.ledger import Database, HeldMessages
from sequencer.messages.ordered import OrderedMessage
from sequencer.messages.relayer.settings import Route
from sequencer.messages.relayer.work import RELEASES, WorkTable, ensure_table

_QUERY = """
SELECT m.message_index, m.message_hash,
       m.block_number <= (SELECT finalized FROM chains c WHERE c.chain = m.chain),
       (SELECT max(d.succeeded) FROM dispatches d
        WHERE d.message_hash = m.message_hash AND d.chain = ?),
       w.intent, w.reason, w.failures
FROM messages m LEFT JOIN deliveries w
     ON w.message_hash = m.message_hash AND w.target_chain = m.target_chain
WHERE m.source_chain = ? AND m.channel = ? AND m.target_chain = ?
AND (? OR EXISTS (SELECT 1 FROM assignments a WHERE a.message_hash = m.message_hash
     AND a.role = 'relayer' AND a.contract IN ({relayers})))
ORDER BY m.message_index
"""
STATES = ("unfinal", "waiting", "in transaction", "postponed", "delivered", "failed")
"""`waiting`: for a root, or for its turn. `failed`: delivered, and the application refused."""


@dataclass(frozen=True)
class Postponed:
    """A message that cannot be delivered for now, and why."""

    index: int
    message_hash: bytes
    failures: int
    reason: str


@dataclass(frozen=True)
class RouteStatus:
    """One route: messages by state, and the postponed ones."""

    route: Route
    counts: dict[str, int]
    postponed: tuple[Postponed, ...]


def route_status(database: Database, route: Route) -> RouteStatus:
    """Where the route's messages are."""
    ensure_table(database)
    query = _QUERY.format(relayers=",".join("?" * len(route.relayers)))
    key = (str(route.source_chain_id), route.channel, str(route.target_chain_id))
    found = database.rows(query, route.target_chain_id, *key, route.is_subsidised, *route.relayers)
    counts = dict.fromkeys(STATES, 0)
    postponed = []
    for index, message_hash, is_final, succeeded, intent, reason, failures in found:
        state = _state(is_final, succeeded, intent, reason)
        counts[state] += 1
        if state == "postponed":
            postponed.append(Postponed(index, message_hash, failures, reason))
    return RouteStatus(route, counts, tuple(postponed))


@dataclass(frozen=True)
class HeldStatus:
    """A message that an ordered port holds. `reason` tells why it was not released, None while it
    is not its turn; `releases` counts transactions made for it.
    """

    message: OrderedMessage
    in_transaction: bool
    releases: int
    failures: int
    reason: str | None


def held_status(database: Database, chain_id: int, port: str) -> list[HeldStatus]:
    """What the port holds, by lane and number."""
    work = WorkTable(database, chain_id, RELEASES)
    return [
        HeldStatus(held, row.intent is not None, row.attempts, row.failures, row.reason)
        for held in HeldMessages(database, chain_id, port).all()
        for row in [work.of(held.id)]
    ]


def _state(is_final: int, succeeded: int | None, intent: str | None, reason: str | None) -> str:
    if succeeded is not None:
        return "delivered" if succeeded else "failed"
    if intent is not None:
        return "in transaction"
    if not is_final:
        return "unfinal"
    return "waiting" if reason is None else "postponed"
