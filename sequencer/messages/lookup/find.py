"""Finds messages in a ledger: by the beginning of their hash, or all of them in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sequencer.errors import MessageError, UnknownMessageError
from sequencer.messages.ledger import Ledger, rows
from sequencer.messages.message import Message
from sequencer.messages.watch.facts import BatchCommitted, MessageAccepted

HASH_DIGITS = 64
FEWEST_DIGITS = 4
MOST_NAMED = 4
_PREFIX = re.compile(rf"(?:0x)?([0-9a-f]{{{FEWEST_DIGITS},{HASH_DIGITS}}})", re.IGNORECASE)


@dataclass(frozen=True)
class PostedMessage:
    """A message of a rollup batch that is posted and not proven yet."""

    message_hash: bytes
    message: Message
    batch: BatchCommitted


Found = MessageAccepted | PostedMessage


def find_message(ledger: Ledger, text: str) -> Found:
    """The message whose hash begins with these hexadecimal digits.

    MessageError for what is no such beginning, UnknownMessageError if no message has it or several
    do.
    """
    match = _PREFIX.fullmatch(text)
    if match is None:
        raise MessageError(
            "message",
            "hash",
            f"{text!r} is not {FEWEST_DIGITS} … {HASH_DIGITS} hexadecimal digits",
        )
    digits = match[1].lower()
    found: list[Found] = [*_accepted(ledger, digits), *_posted_with(ledger, digits)]
    if not found:
        raise UnknownMessageError(
            f"no message with the hash 0x{digits}{'…' * (len(digits) < HASH_DIGITS)} in "
            f"{ledger.database.path}; it knows chains {_chains(ledger)}"
        )
    if len(found) > 1:
        hashes = ", ".join(f"0x{one.message_hash.hex()}" for one in found[:MOST_NAMED])
        more = ", …" if len(found) > MOST_NAMED else ""
        raise UnknownMessageError(
            f"several messages begin with 0x{digits}: {hashes}{more}; give more digits"
        )
    return found[0]


def listed(
    ledger: Ledger,
    *,
    source_chain_id: int | None = None,
    target_chain_id: int | None = None,
    after_index: int = -1,
    limit: int = 100,
) -> list[Found]:
    """Messages by source chain, channel and index, then those of batches that are not proven."""
    found: list[Found] = list(
        ledger.messages(
            source_chain_id=source_chain_id,
            target_chain_id=target_chain_id,
            after_index=after_index,
            limit=limit,
        )
    )
    for posted in _posted(ledger):
        message = posted.message
        if (
            message.index > after_index
            and source_chain_id in (None, message.from_chain_id)
            and target_chain_id in (None, message.to_chain_id)
        ):
            found.append(posted)
    return found[:limit]


def _accepted(ledger: Ledger, digits: str) -> list[MessageAccepted]:
    low = bytes.fromhex(digits.ljust(HASH_DIGITS, "0"))
    high = bytes.fromhex(digits.ljust(HASH_DIGITS, "f"))
    query = (
        f"SELECT {rows.MESSAGE} FROM messages WHERE message_hash BETWEEN ? AND ?"
        " ORDER BY message_hash LIMIT ?"
    )
    found = ledger.database.rows(query, low, high, MOST_NAMED + 1)
    return [rows.accepted(row) for row in found]


def _posted_with(ledger: Ledger, digits: str) -> list[PostedMessage]:
    return [one for one in _posted(ledger) if one.message_hash.hex().startswith(digits)]


def _posted(ledger: Ledger) -> Iterator[PostedMessage]:
    """The messages of batches that nothing proves yet, each batch as it was last posted."""
    rollups = ledger.database.rows("SELECT DISTINCT chain, rollup FROM batches ORDER BY 1, 2")
    for chain, rollup in rollups:
        for batch in _unproven(ledger, chain, rollup):
            for message in batch.messages:
                message_hash = message.hash()
                if ledger.message(message_hash) is None:
                    yield PostedMessage(message_hash, message, batch)


def _unproven(ledger: Ledger, chain: int, rollup: str) -> Iterator[BatchCommitted]:
    """The batches with messages after the last one whose messages were proven."""
    query = (
        f"SELECT {rows.BATCH} FROM batches b WHERE b.chain = ? AND b.rollup = ? AND b.number >"
        " (SELECT COALESCE(MAX(root_block), 0) FROM messages WHERE chain = ? AND channel = ?)"
        " AND NOT EXISTS (SELECT 1 FROM batches later"
        " WHERE later.chain = b.chain AND later.rollup = b.rollup AND later.number = b.number"
        " AND (later.block_number, later.log_index) > (b.block_number, b.log_index))"
        " AND b.messages <> '[]' ORDER BY b.number"
    )
    for row in ledger.database.rows(query, chain, rollup, chain, rollup):
        yield rows.batch(row)


def _chains(ledger: Ledger) -> str:
    known = (f"{state.chain_id} up to block {state.cursor}" for state in ledger.chains())
    return ", ".join(known) or "none"
