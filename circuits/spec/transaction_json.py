"""Transactions as JSON objects: {"type": "transfer", "sender_index": "3", …}.

Members are the fields of the transaction's dataclass. Integers are decimal strings, a public key is
[x, y], a signature is {"r8x", "r8y", "s"}, a payload is 0x-prefixed hex.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from circuits.spec.codec import Reader, hex_data
from circuits.spec.refusal import MalformedTransactionError
from circuits.spec.transactions import TRANSACTIONS, Signature, Transaction
from circuits.spec.transactions.transaction import MAX_PAYLOAD_BYTES
from native.constants import FR_MODULUS

_BY_NAME = {cls.type.name.lower(): cls for cls in TRANSACTIONS.values()}
_SOURCE = "transaction"


def transaction_to_json(transaction: Transaction) -> dict[str, Any]:
    """The JSON object of a transaction."""
    members: dict[str, Any] = {"type": transaction.type.name.lower()}
    for field in dataclasses.fields(transaction):
        members[field.name] = _encode(getattr(transaction, field.name))
    return members


def transaction_from_json(value: object) -> Transaction:
    """The transaction of a JSON object; MalformedTransactionError names the offending member."""
    reader = Reader(value, _SOURCE, MalformedTransactionError)
    name = reader.text("type")
    if name not in _BY_NAME:
        reader.fail("type", f"{name!r:.40} is none of {', '.join(_BY_NAME)}")
    cls = _BY_NAME[name]
    members = {field.name: _decode(reader, cls, field.name) for field in dataclasses.fields(cls)}
    reader.finish()
    transaction = cls(**members)
    transaction.validate()
    return transaction


def _encode(value: Any) -> Any:
    if isinstance(value, bytes):
        return hex_data(value)
    if isinstance(value, Signature):
        return {name: str(part) for name, part in value._asdict().items()}
    return [str(part) for part in value] if isinstance(value, tuple) else str(value)


def _decode(reader: Reader, cls: type[Transaction], name: str) -> Any:
    if name in cls.bits:
        return reader.integer(name, 1 << cls.bits[name])
    if name == "payload":
        return reader.data(name, MAX_PAYLOAD_BYTES)
    if name == "public_key":
        return reader.integers(name, 2, FR_MODULUS)
    assert name == "signature", name
    signature = reader.child(reader.value(name), name)
    parts = [signature.integer(part, FR_MODULUS) for part in Signature._fields]
    signature.finish()
    return Signature(*parts)
