"""The transaction types, by the number that slot data carries."""

from __future__ import annotations

from enum import IntEnum


class TransactionType(IntEnum):
    """What a slot does. The numbers are part of the format."""

    NOOP = 0
    DEPOSIT = 1
    TRANSFER = 2
    WITHDRAW = 3
    MESSAGE = 4
