"""What a node means when it answers a raw transaction. Nodes agree on the words, not on codes."""

from __future__ import annotations

from enum import StrEnum


class Reply(StrEnum):
    """How a node took a transaction."""

    ACCEPTED = "accepted"
    KNOWN = "known"
    """It has this very transaction already."""
    NONCE_USED = "nonce used"
    """A transaction with this nonce is in the chain, ours or another."""
    UNDERPRICED = "underpriced"
    """It holds another transaction with this nonce, or asks for more than this one offers."""
    NO_FUNDS = "no funds"
    """The account cannot pay for it."""
    IMPOSSIBLE = "impossible"
    """No block can ever hold it."""
    LATER = "later"
    """Anything else: the node's own trouble."""


# The first row with a matching word counts.
_WORDS: tuple[tuple[Reply, tuple[str, ...]], ...] = (
    (Reply.KNOWN, ("already known", "known transaction", "already imported", "already exists")),
    (Reply.NONCE_USED, ("nonce too low", "nonce is too low", "invalid nonce")),
    (
        Reply.UNDERPRICED,
        (
            "underpriced",
            "less than block base fee",
            "fee too low",
            "fee cap less than",
            "gas price too low",
            "gas price below",
        ),
    ),
    (Reply.NO_FUNDS, ("insufficient funds", "insufficient balance", "not enough funds")),
    (
        Reply.IMPOSSIBLE,
        (
            "block gas limit",
            "gas limit too high",
            "gas limit is greater",
            "exceeds transaction gas limit",
            "gas limit cap",
            "intrinsic gas",
            "oversized data",
            "max initcode size",
            "transaction type not supported",
        ),
    ),
)


def classify(message: str) -> Reply:
    """The meaning of a node's error message."""
    text = message.lower()
    for reply, words in _WORDS:
        if any(word in text for word in words):
            return reply
    return Reply.LATER
