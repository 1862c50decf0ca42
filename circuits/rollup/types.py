"""The type of a slot: one flag for each transaction type, exactly one of them set."""

from __future__ import annotations

from collections.abc import Sequence

from circuits.frontend import Builder, Wire
from circuits.spec.transactions import TRANSACTIONS
from circuits.spec.types import TransactionType


def assert_one_type(b: Builder, flags: Sequence[Wire]) -> None:
    """Every flag is boolean and exactly one is set, so a slot has exactly one type."""
    for flag in flags:
        b.assert_boolean(flag)
    b.assert_equal(b.sum(flags), 1)


def type_number(b: Builder, flags: Sequence[Wire]) -> Wire:
    """The number of the set flag. Free."""
    return b.linear([int(kind) for kind in TransactionType], flags)


def any_of(b: Builder, flags: Sequence[Wire], types: Sequence[TransactionType]) -> Wire:
    """Boolean: whether the slot has one of `types`. Free."""
    return b.sum([flags[kind] for kind in types])


def types_that_use(field: str) -> list[TransactionType]:
    """The types whose slot data may carry `field`."""
    return [kind for kind, cls in TRANSACTIONS.items() if field in cls.used]


def signed_types() -> list[TransactionType]:
    """The types that account A signs."""
    return [kind for kind, cls in TRANSACTIONS.items() if cls.is_signed]


def sending_types() -> list[TransactionType]:
    """The types that leave the rollup as an ORMP message."""
    return [kind for kind, cls in TRANSACTIONS.items() if cls.sends_message]


def crediting_types() -> list[TransactionType]:
    """The types whose amount account B receives."""
    return [kind for kind, cls in TRANSACTIONS.items() if cls.credits_receiver]
