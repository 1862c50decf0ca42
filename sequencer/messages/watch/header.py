"""A block header, as far as following a chain needs it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Header:
    """A block by number and hash, the hash of its parent, and its time."""

    number: int
    hash: bytes
    parent_hash: bytes
    timestamp_s: int
