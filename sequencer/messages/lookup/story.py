"""What happened to one message, on both chains, in order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sequencer.messages.ledger import Ledger, rows
from sequencer.messages.ledger.views import KnownRoot
from sequencer.messages.lookup.find import Found, PostedMessage
from sequencer.messages.message import Message
from sequencer.messages.watch.facts import (
    MessageAccepted,
    MessageRetried,
    OracleAssigned,
    Position,
    RelayerAssigned,
)

_STILL_HELD = (
    "AND NOT EXISTS (SELECT 1 FROM roots later WHERE later.chain = r.chain"
    " AND later.contract = r.contract AND later.source_chain = r.source_chain"
    " AND later.source_block IS r.source_block"
    " AND (later.block_number, later.log_index) > (r.block_number, r.log_index))"
)


class Status(StrEnum):
    """How far a message is. A later one includes the earlier ones."""

    POSTED = "posted"  # in a rollup batch that nothing proves yet
    ACCEPTED = "accepted"  # on its source, in a block that may still be replaced
    FINAL = "final"  # on its source for good
    ROOT_KNOWN = "root known"  # an oracle on the target holds a root that covers it
    FAILED = "failed"  # delivered, and the application reverted, the last time too
    DELIVERED = "delivered"  # and the application took it


@dataclass(frozen=True)
class Event:
    """One thing that happened; `detail` says more in words."""

    name: str
    position: Position
    time_s: int | None
    detail: str = ""


@dataclass(frozen=True)
class Story:
    """A message, how far it is and all that happened; `waits` is why the relayer here holds it
    back, if it does.
    """

    message_hash: bytes
    message: Message
    status: Status
    events: tuple[Event, ...]
    target_is_followed: bool
    waits: str | None = None


def story_of(ledger: Ledger, found: Found) -> Story:
    """All that the ledger knows about a message."""
    telling = _Telling(ledger)
    if isinstance(found, PostedMessage):
        events, status = [telling.posted(found)], Status.POSTED
    else:
        events = telling.events(found)
        status = _status(ledger, found)
    return Story(
        message_hash=found.message_hash,
        message=found.message,
        status=status,
        events=tuple(events),
        target_is_followed=_follows(ledger, found.message.to_chain_id),
        waits=_waits(ledger, found),
    )


class _Telling:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def events(self, accepted: MessageAccepted) -> list[Event]:
        """In the order in which things happen; only those of one chain have a common clock."""
        sent = self._of_batch(accepted) if _is_rollups(accepted) else [self._accepted(accepted)]
        return [
            *sent,
            *self._assigned(accepted),
            *self._roots(accepted),
            *self._dispatches(accepted),
        ]

    def posted(self, found: PostedMessage) -> Event:
        """In which batch an unproven message is."""
        return self._event("posted", found.batch.position, f"in batch {found.batch.number}")

    def _event(self, name: str, position: Position, detail: str = "") -> Event:
        time_s = self._ledger.block_time_s(position.chain_id, position.block_number)
        return Event(name, position, time_s, detail)

    def _accepted(self, accepted: MessageAccepted) -> Event:
        return self._event("accepted", accepted.position, f"as message {accepted.message.index}")

    def _of_batch(self, accepted: MessageAccepted) -> list[Event]:
        number = accepted.root_block
        rollup = rows.address(accepted.message.channel)
        batch = self._ledger.batch(accepted.position.chain_id, rollup, number)
        proven = self._event("proven", accepted.position, f"with batch {number}")
        if batch is None:
            return [proven]
        return [self._event("posted", batch.position, f"in batch {number}"), proven]

    def _assigned(self, accepted: MessageAccepted) -> list[Event]:
        message_hash = accepted.message_hash
        paid: list[tuple[str, RelayerAssigned | OracleAssigned]] = [
            *(("relayer paid", fact) for fact in self._ledger.relayer_assignments(message_hash)),
            *(("oracle paid", fact) for fact in self._ledger.oracle_assignments(message_hash)),
        ]
        return [
            self._event(name, fact.position, f"{fact.fee_wei} wei to {fact.contract}")
            for name, fact in paid
        ]

    def _roots(self, accepted: MessageAccepted) -> list[Event]:
        """The first root of each oracle on the target that covers the message."""
        first: dict[str, KnownRoot] = {}
        for known, _ in covering_roots(self._ledger, accepted):
            first.setdefault(known.contract, known)
        return [
            self._event("root known", known.position, f"{_number(known)} by {known.contract}")
            for known in first.values()
        ]

    def _dispatches(self, accepted: MessageAccepted) -> list[Event]:
        events = []
        for fact in self._ledger.dispatches(accepted.message_hash):
            if fact.position.chain_id == accepted.message.to_chain_id:
                name = "delivered" if fact.succeeded else "failed"
                detail = "on another attempt" if isinstance(fact, MessageRetried) else ""
                events.append(self._event(name, fact.position, detail))
        return events


def covering_roots(
    ledger: Ledger, accepted: MessageAccepted, *, still_held: bool = False
) -> list[tuple[KnownRoot, int]]:
    """The roots on the target that cover a message, the oldest first, each with how many messages
    it covers; `still_held` leaves out those that another root has replaced.
    """
    columns = ", ".join(f"r.{column.strip()}" for column in rows.ROOT.split(","))
    query = (
        f"SELECT {columns}, m.message_index + 1 FROM roots r"
        " JOIN messages m ON m.root = r.root AND m.source_chain = r.source_chain"
        " WHERE r.chain = ? AND r.source_chain = ? AND m.channel = ? AND m.message_index >= ?"
        f" {_STILL_HELD if still_held else ''} ORDER BY r.block_number, r.log_index"
    )
    message = accepted.message
    found = ledger.database.rows(
        query,
        message.to_chain_id,
        str(message.from_chain_id),
        rows.address(message.channel),
        message.index,
    )
    return [(rows.known_root(row[:-1]), row[-1]) for row in found]


def _status(ledger: Ledger, accepted: MessageAccepted) -> Status:
    target = accepted.message.to_chain_id
    ends = [
        fact
        for fact in ledger.dispatches(accepted.message_hash)
        if fact.position.chain_id == target
    ]
    if any(fact.succeeded for fact in ends):
        return Status.DELIVERED
    if ends:
        return Status.FAILED
    if covering_roots(ledger, accepted):
        return Status.ROOT_KNOWN
    state = ledger.chain(accepted.position.chain_id)
    is_final = state is not None and accepted.position.block_number <= state.finalized
    return Status.FINAL if is_final else Status.ACCEPTED


def _is_rollups(accepted: MessageAccepted) -> bool:
    """Whether a rollup sent it: it stands on the chain that the rollup settles on."""
    return accepted.message.from_chain_id != accepted.position.chain_id


def _follows(ledger: Ledger, chain_id: int) -> bool:
    return any(state.chain_id == chain_id for state in ledger.chains())


def _number(known: KnownRoot) -> str:
    return "newest" if known.source_block is None else f"number {known.source_block}"


def _waits(ledger: Ledger, found: Found) -> str | None:
    """The relayer's reason, if this is a relayer's database."""
    table = "SELECT 1 FROM sqlite_master WHERE name = 'deliveries'"
    if ledger.database.row(table) is None:
        return None
    row = ledger.database.row(
        "SELECT reason FROM deliveries WHERE message_hash = ? AND target_chain = ?",
        found.message_hash,
        str(found.message.to_chain_id),
    )
    return None if row is None else row[0]
