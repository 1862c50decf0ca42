"""What the types that account A signs have in common.

    message = Poseidon(rollup_id, e0, nonce | expiry_s << 32, e1, e2, e3)

and the signature is EdDSA-Poseidon over it with A's key. The message covers every public bit of the
slot, so it holds for one rollup, one account, one nonce, and until one second.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple, Self

from circuits.spec.account import Account
from circuits.spec.params import AMOUNT_BITS, EXPIRY_BITS, INDEX_BITS, NONCE_BITS
from circuits.spec.refusal import RefusalCode, Refused
from circuits.spec.transactions.transaction import Transaction, check_field_elements
from native.api import BABYJUB_BASE8, eddsa_sign, eddsa_verify, poseidon

MAX_NONCE = (1 << NONCE_BITS) - 1


class Signature(NamedTuple):
    """An EdDSA signature on BabyJubJub: the point R8 and the scalar S."""

    r8x: int
    r8y: int
    s: int


NO_SIGNATURE = Signature(0, 0, 0)
FILLER_SIGNATURE = Signature(*BABYJUB_BASE8, 0)
"""What a slot of an unsigned type shows the circuit, which then compares nothing. Any R8.x with an
inverse and any S in range would do; a fixed one keeps the witness free of loose wires."""


@dataclass(frozen=True)
class SignedTransaction(Transaction):
    """A transaction of account `sender_index`, valid while the batch time is <= expiry_s."""

    is_signed: ClassVar[bool] = True
    bits: ClassVar[dict[str, int]] = {
        "sender_index": INDEX_BITS,
        "fee_e6": AMOUNT_BITS,
        "nonce": NONCE_BITS,
        "expiry_s": EXPIRY_BITS,
    }

    sender_index: int
    fee_e6: int
    nonce: int
    expiry_s: int

    @property
    def debit_e6(self) -> int:
        """What account A pays."""
        return self.fields().amount_e6 + self.fee_e6

    @property
    def authorization(self) -> Signature:
        """The signature (`signature`, which each type declares last)."""
        signature: Signature = self.signature  # type: ignore[attr-defined]
        return signature

    def signing_hash(self, rollup_id: int) -> int:
        """The field element that account A signs."""
        e0, e1, e2, e3 = self.slot_data()
        return poseidon(rollup_id, e0, self.nonce | self.expiry_s << NONCE_BITS, e1, e2, e3)

    def signed(self, private_key: bytes, rollup_id: int) -> Self:
        """This transaction with the signature of 32 secret bytes."""
        signature = Signature(*eddsa_sign(private_key, self.signing_hash(rollup_id)))
        return replace(self, signature=signature)  # type: ignore[call-arg]

    def validate(self) -> None:
        """Refuse (MALFORMED) any field outside its width."""
        super().validate()
        check_field_elements("signature", self.authorization, len(NO_SIGNATURE))

    def sender_after(self, account: Account, rollup_id: int, timestamp_s: int) -> Account:
        """Account A after this transaction; raises Refused. The signature, dearest, comes last."""
        if account.is_empty:
            raise Refused(RefusalCode.UNKNOWN_ACCOUNT, f"account {self.sender_index} is empty")
        if self.nonce != account.nonce:
            raise Refused(
                RefusalCode.WRONG_NONCE, f"nonce {self.nonce}, the account is at {account.nonce}"
            )
        if self.nonce == MAX_NONCE:
            raise Refused(RefusalCode.NONCE_EXHAUSTED, f"nonce {self.nonce} is never used")
        if timestamp_s > self.expiry_s:
            raise Refused(
                RefusalCode.EXPIRED, f"expired at {self.expiry_s}, the batch is at {timestamp_s}"
            )
        if self.debit_e6 > account.collateral_e6:
            raise Refused(
                RefusalCode.INSUFFICIENT_BALANCE,
                f"amount and fee are {self.debit_e6}, the balance is {account.collateral_e6}",
            )
        if not eddsa_verify(account.public_key, self.signing_hash(rollup_id), self.authorization):
            raise Refused(
                RefusalCode.BAD_SIGNATURE, f"not signed by the key of account {self.sender_index}"
            )
        return account.debited(self.debit_e6)
