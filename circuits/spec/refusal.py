"""Why a transaction is refused. A refusal leaves the state untouched.

TallystickError
├── Refused(code, reason)              a well-formed transaction that the rules do not admit
│   └── MalformedTransactionError      … which is also a MalformedError: code MALFORMED
└── MalformedError
    └── PublicDataError                posted data that no batch can have produced
"""

from __future__ import annotations

from enum import StrEnum

from native.errors import MalformedError, TallystickError


class RefusalCode(StrEnum):
    """The stable names of the reasons, as receipts and logs carry them."""

    MALFORMED = "malformed"
    BAD_SIGNATURE = "bad_signature"
    WRONG_NONCE = "wrong_nonce"
    NONCE_EXHAUSTED = "nonce_exhausted"
    INSUFFICIENT_BALANCE = "insufficient_balance"
    BALANCE_OVERFLOW = "balance_overflow"
    EXPIRED = "expired"
    UNKNOWN_ACCOUNT = "unknown_account"
    UNKNOWN_OPERATOR = "unknown_operator"
    SELF_TRANSFER = "self_transfer"
    KEY_MISMATCH = "key_mismatch"
    COUNT_EXHAUSTED = "count_exhausted"
    BATCH_FULL = "batch_full"
    # a sequencer's own terms, which are no rules of the circuit
    FEE_TOO_LOW = "fee_too_low"
    NO_PRICE = "no_price"


class Refused(TallystickError):
    """A transaction that the rules do not admit; `code` says which rule, `reason` the values."""

    def __init__(self, code: RefusalCode, reason: str) -> None:
        super().__init__(f"{code.value}: {reason}")
        self.code = code
        self.reason = reason

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        """Keep the parts when the error crosses a process boundary."""
        return type(self), (self.code, self.reason)


class MalformedTransactionError(Refused, MalformedError):
    """A transaction with a missing, mistyped or out-of-range field."""

    def __init__(self, section: str, reason: str, source: str = "transaction") -> None:
        MalformedError.__init__(self, source, section, reason)
        self.code = RefusalCode.MALFORMED

    def __reduce__(self) -> tuple[type[MalformedTransactionError], tuple[str, str, str]]:
        """Keep the parts when the error crosses a process boundary."""
        return type(self), (self.section, self.reason, self.source)


class PublicDataError(MalformedError):
    """Posted public data, or a batch file, that no batch can have produced."""
