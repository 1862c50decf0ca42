"""What the sender is asked to do, what it signed for it, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sequencer.messages.transactions.fees import Fees


@dataclass(frozen=True)
class Intent:
    """One piece of work. `key` names it for ever: two intents with one key are one piece of work.

    `to` is a checksummed address, `value` in wei. `gas_limit` is the caller's: it has run the
    call before and knows what it needs.
    """

    key: str
    to: str
    data: bytes
    gas_limit: int
    value: int = 0


class State(StrEnum):
    """How far an intent got. A reorganisation may take it back from any state to PENDING."""

    QUEUED = "queued"
    """Not signed yet; it has no nonce."""
    PENDING = "pending"
    """Signed under its nonce, perhaps sent, not in a block of the chain."""
    MINED = "mined"
    """In a block that is not yet deep enough; the outcome is known but may change."""
    FINAL = "final"
    """Decided."""


class Outcome(StrEnum):
    """How an intent ended."""

    SUCCEEDED = "succeeded"
    REVERTED = "reverted"
    """Mined, and the contract refused; the reason names its error."""
    CANCELLED = "cancelled"
    """Its nonce was used up by an empty transaction of ours, as no node would take it."""
    REPLACED = "replaced"
    """Its nonce was used up by a transaction that this sender did not sign."""


@dataclass(frozen=True)
class Attempt:
    """One signed transaction for an intent; all attempts of an intent share its nonce."""

    hash: bytes
    raw: bytes
    fees: Fees
    is_cancel: bool
    signed_at_block: int
    signed_at_s: int


@dataclass(frozen=True)
class Tracked:
    """An intent with all that is known about it; what is not known yet is None.

    `gas_price` is what the mined transaction paid for a unit, wei. `missing_since` is the block
    at which the nonce was first seen used up although no attempt is in the chain.
    """

    id: int
    intent: Intent
    state: State
    nonce: int | None = None
    outcome: Outcome | None = None
    reason: str | None = None
    transaction_hash: bytes | None = None
    block_number: int | None = None
    block_hash: bytes | None = None
    gas_used: int | None = None
    gas_price: int | None = None
    missing_since: int | None = None

    @property
    def failed(self) -> bool:
        """Decided, and the work is not done: the same key may be submitted again."""
        return self.state is State.FINAL and self.outcome is not Outcome.SUCCEEDED
