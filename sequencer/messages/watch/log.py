"""A log as a node reports it, before anything is made of it."""

from __future__ import annotations

from dataclasses import dataclass

from sequencer.messages.watch.facts import Position


@dataclass(frozen=True)
class RawLog:
    """`address` is checksummed; topics and hashes are 32 bytes."""

    address: str
    topics: tuple[bytes, ...]
    data: bytes
    block_number: int
    block_hash: bytes
    tx_hash: bytes
    log_index: int

    def position(self, chain_id: int) -> Position:
        """Its place."""
        return Position(chain_id, self.block_number, self.block_hash, self.tx_hash, self.log_index)
