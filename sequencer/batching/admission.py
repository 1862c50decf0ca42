"""What users may submit, before the state is asked: one signed transaction, in the wire's strict
JSON.

The rules that need the state (nonce, balance, expiry, signature against the account's key) are the
specification's; it refuses before it changes anything.
"""

from __future__ import annotations

import json

from circuits.spec.refusal import MalformedTransactionError
from circuits.spec.transaction_json import transaction_from_json
from circuits.spec.transactions import SignedTransaction

MAX_WIRE_BYTES = 1 << 16

Submission = SignedTransaction | dict[str, object] | str | bytes
"""A transaction, its JSON object, or the text of that."""


def decode_submission(submission: Submission) -> SignedTransaction:
    """The transaction; MalformedTransactionError (code MALFORMED) names the offending member."""
    if isinstance(submission, str | bytes):
        submission = _parse(submission)
    if isinstance(submission, SignedTransaction):
        submission.validate()
        return submission
    transaction = transaction_from_json(submission)
    if not isinstance(transaction, SignedTransaction):
        name = transaction.type.name.lower()
        raise MalformedTransactionError("type", f"{name!r} is not for users to submit")
    return transaction


def _parse(text: str | bytes) -> dict[str, object]:
    if len(text) > MAX_WIRE_BYTES:
        raise MalformedTransactionError("json", f"longer than {MAX_WIRE_BYTES} bytes")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedTransactionError("json", str(error)) from None
    if not isinstance(value, dict):
        raise MalformedTransactionError("json", "an object is due")
    return value
