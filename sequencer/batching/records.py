"""What the journal records say: batches open, transactions execute, batches seal.

Payloads are JSON objects with decimal strings. They hold what execution cannot find out again (the
time, the operator) and the roots it has to arrive at again, so that a replay checks itself.
"""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass
from typing import Any, Self

from circuits.spec.transaction_json import transaction_from_json, transaction_to_json
from circuits.spec.transactions import Transaction


class RecordKind(enum.IntEnum):
    """The kind field of a journal frame."""

    BATCH_OPENED = 1
    TRANSACTION = 2
    BATCH_SEALED = 3


@dataclass(frozen=True)
class BatchOpened:
    """A batch begins; everything up to the next BatchSealed belongs to it."""

    batch_number: int
    timestamp_s: int
    operator_index: int

    def encode(self) -> bytes:
        """The journal payload."""
        return _encode_integers(self)

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """The inverse of `encode`."""
        return cls(**_decode_integers(payload))


@dataclass(frozen=True)
class TransactionExecuted:
    """A transaction was executed; `account_root` is the root of the account tree after it."""

    transaction: Transaction
    account_root: int

    def encode(self) -> bytes:
        """The journal payload."""
        body = transaction_to_json(self.transaction)
        return _dump({"account_root": str(self.account_root), "transaction": body})

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """The inverse of `encode`."""
        members = json.loads(payload)
        transaction = transaction_from_json(members["transaction"])
        return cls(transaction, int(members["account_root"]))


@dataclass(frozen=True)
class BatchSealed:
    """The batch is complete and leads to `state_root`."""

    batch_number: int
    state_root: int

    def encode(self) -> bytes:
        """The journal payload."""
        return _encode_integers(self)

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """The inverse of `encode`."""
        return cls(**_decode_integers(payload))


def _encode_integers(record: BatchOpened | BatchSealed) -> bytes:
    return _dump({name: str(value) for name, value in vars(record).items()})


def _decode_integers(payload: bytes) -> dict[str, int]:
    return {name: int(value) for name, value in json.loads(payload).items()}


def _dump(value: dict[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
