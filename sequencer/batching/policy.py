"""When an open batch is sealed."""

from __future__ import annotations

from typing import Protocol

from sequencer.config import SealingPolicy


class Sealable(Protocol):
    """What the decision is based on."""

    @property
    def size(self) -> int:
        """Transactions in the batch."""

    @property
    def timestamp_s(self) -> int:
        """When it was opened."""

    @property
    def value_e6(self) -> int:
        """Sum of what its transactions move."""


def reason_to_seal(policy: SealingPolicy, batch: Sealable, now_s: int) -> str | None:
    """Why the batch should be sealed now, in words for the log; None to leave it open."""
    if batch.size >= policy.max_transactions:
        return f"it holds {batch.size} transactions"
    if batch.value_e6 >= policy.max_value_e6:
        return f"it moves {batch.value_e6} e-6"
    if batch.size and now_s - batch.timestamp_s >= policy.max_age_s:
        return f"it was opened {now_s - batch.timestamp_s} s ago"
    return None
