"""What ordered ports of one chain hold back, as the ledger knows it."""

from __future__ import annotations

from dataclasses import dataclass

from sequencer.messages.ledger import rows
from sequencer.messages.ledger.database import Database
from sequencer.messages.ordered import OrderedMessage

_OPEN = (
    "h.chain = ? AND h.port = ? AND NOT EXISTS (SELECT 1 FROM lane_steps s WHERE s.chain = h.chain"
    " AND s.port = h.port AND s.message_id = h.message_id)"
    " AND NOT EXISTS (SELECT 1 FROM lane_steps s WHERE s.chain = h.chain AND s.port = h.port"
    " AND s.from_chain = h.from_chain AND s.from_dapp = h.from_dapp AND s.nonce = h.nonce)"
)


@dataclass(frozen=True)
class Lane:
    """The messages of one sending dapp; `held` of them wait."""

    from_chain_id: int
    from_dapp: str
    held: int


class HeldMessages:
    """Of one port."""

    def __init__(self, database: Database, chain_id: int, port: str) -> None:
        self._database = database
        self._key = chain_id, port

    def lanes(self) -> list[Lane]:
        """The lanes that wait."""
        query = (
            f"SELECT h.from_chain, h.from_dapp, COUNT(*) FROM held h WHERE {_OPEN}"
            " GROUP BY h.from_chain, h.from_dapp ORDER BY h.from_chain, h.from_dapp"
        )
        found = self._database.rows(query, *self._key)
        return [Lane(int(source), dapp, count) for source, dapp, count in found]

    def all(self) -> list[OrderedMessage]:
        """Every message that waits, lane by lane."""
        found = self._database.rows(f"SELECT {rows.HELD} FROM held h WHERE {_OPEN}", *self._key)
        messages = [rows.held(row) for row in found]
        return sorted(messages, key=lambda held: (held.from_chain_id, held.from_dapp, held.nonce))

    def number(self, lane: Lane, nonce: int) -> OrderedMessage | None:
        """A message of a lane, if it waits."""
        of_lane = "h.from_chain = ? AND h.from_dapp = ? AND h.nonce = ?"
        return self._one(of_lane, str(lane.from_chain_id), lane.from_dapp, str(nonce))

    def by_id(self, message_id: bytes) -> OrderedMessage | None:
        """The message that an ORMP message brought, if it waits."""
        return self._one("h.message_id = ?", message_id)

    def newest_step(self) -> tuple[object, ...] | None:
        """Where the port last said that a lane went on."""
        return self._database.row(
            "SELECT block_number, block_hash, log_index FROM lane_steps WHERE chain = ?"
            " AND port = ? ORDER BY block_number DESC, log_index DESC LIMIT 1",
            *self._key,
        )

    def _one(self, condition: str, *values: object) -> OrderedMessage | None:
        query = f"SELECT {rows.HELD} FROM held h WHERE {_OPEN} AND {condition}"
        row = self._database.row(query, *self._key, *values)
        return None if row is None else rows.held(row)
