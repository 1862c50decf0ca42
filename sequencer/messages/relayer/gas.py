"""How much gas a delivery needs at most: what its transaction must bring along, not what it burns.

The endpoint calls an application with its full gas limit or not at all, and the EVM passes on at
most 63/64 of what is left, at two levels: relayer to endpoint and endpoint to application.
"""

from __future__ import annotations

from collections.abc import Sequence

from sequencer.messages.message import Message
from sequencer.messages.ordered import OrderedMessage

TRANSACTION = 21_000
CALLDATA_BYTE = 40
"""A non-zero byte at the highest rate of today's rules (EIP-7623)."""
DELIVERY = 300_000
"""The oracle's check and the endpoint's own work in a batch; its contract gives this much."""
DELIVERY_BYTE = 16
"""Copying and hashing a byte of the payload."""
BOOKKEEPING = 30_000
"""A message's part of the batch outside its delivery."""

RELEASE = 140_000
"""An ordered port's own work for a held message, and what it keeps back from the dapp's call."""
RELEASE_BYTE = 48
"""Copying and hashing a byte of a held message, three times over."""


def share(message: Message) -> int:
    """What the relayer contract gives the endpoint for one message of a batch."""
    limit = message.gas_limit
    return limit + limit // 63 + DELIVERY + DELIVERY_BYTE * len(message.encoded)


def transaction_limit(messages: Sequence[Message], call_data: bytes, extra: int) -> int:
    """The gas limit of a transaction that delivers these messages."""
    shares = [share(message) for message in messages]
    payloads = sum(DELIVERY_BYTE * len(message.encoded) for message in messages)
    passed_on = max(shares) // 63 + 1
    fixed = TRANSACTION + CALLDATA_BYTE * len(call_data) + BOOKKEEPING * len(messages)
    return fixed + sum(shares) + payloads + passed_on + extra


def release_share(message: OrderedMessage) -> int:
    """What an ordered port needs to release one message, its dapp's gas included."""
    limit = message.gas_limit
    return limit + limit // 63 + 1 + RELEASE + RELEASE_BYTE * len(message.payload)


def release_limit(messages: Sequence[OrderedMessage], call_data: bytes, extra: int) -> int:
    """The gas limit of a transaction that releases these messages."""
    shares = sum(release_share(message) for message in messages)
    return TRANSACTION + CALLDATA_BYTE * len(call_data) + shares + extra
