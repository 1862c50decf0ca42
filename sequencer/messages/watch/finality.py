"""When a block counts as final."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finality:
    """By the node's own tag `finalized` or `safe`, or `confirmations` blocks below the head."""

    tag: str | None = "finalized"
    confirmations: int = 0

    @classmethod
    def after(cls, confirmations: int) -> Finality:
        """Final once that many blocks stand above."""
        return cls(None, confirmations)

    def __str__(self) -> str:
        return self.tag or f"{self.confirmations} confirmations"
