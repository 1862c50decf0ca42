"""What the committed state is: after which batch, with which root, from which journal record."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True)
class Head:
    """The state after a sealed batch.

    `journal_sequence` is the number of journal records that the state was computed from,
    `chain_hash` the journal's chain hash after the last of them, in hex.
    """

    batch_number: int
    timestamp_s: int
    message_count: int
    deposit_count: int
    state_root: int
    journal_sequence: int
    chain_hash: str

    def encode(self) -> bytes:
        """JSON with decimal strings."""
        fields = {name: str(value) for name, value in asdict(self).items()}
        return json.dumps(fields, sort_keys=True).encode()

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """The inverse of `encode`."""
        fields = json.loads(data)
        chain_hash = fields.pop("chain_hash")
        return cls(**{name: int(value) for name, value in fields.items()}, chain_hash=chain_hash)


def genesis_head(state_root: int) -> Head:
    """The state before the first batch and the first journal record."""
    return Head(0, 0, 0, 0, state_root, journal_sequence=0, chain_hash="")
