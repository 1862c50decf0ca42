"""A block header, as far as following a chain needs it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Header:
    """A block by number and hash, the hash of its parent, and its time.

    `logs_bloom` is not kept in the ledger; it is None, too, where a node gives none.
    """

    number: int
    hash: bytes
    parent_hash: bytes
    timestamp_s: int
    logs_bloom: bytes | None = field(default=None, compare=False, repr=False)
