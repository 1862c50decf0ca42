"""Message: account A sends a payload to a contract on another chain through ORMP.

The batch posts the two halves of keccak256(payload); the payload itself travels beside the public
data, where the contract hashes it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from eth_hash.auto import keccak

from circuits.spec.params import ADDRESS_BITS, CHAIN_ID_BITS, GAS_LIMIT_BITS, HASH_HALF_BITS
from circuits.spec.refusal import MalformedTransactionError
from circuits.spec.slot_data import SlotFields
from circuits.spec.transactions.signed import NO_SIGNATURE, Signature, SignedTransaction
from circuits.spec.transactions.transaction import MAX_PAYLOAD_BYTES
from circuits.spec.types import TransactionType


@dataclass(frozen=True)
class Message(SignedTransaction):
    """Call `to` on chain `to_chain_id` with `payload` and at most `gas_limit` gas."""

    type: ClassVar[TransactionType] = TransactionType.MESSAGE
    used: ClassVar[frozenset[str]] = frozenset(
        {"a_index", "fee_e6", "address", "chain_id", "hash_hi", "gas_limit", "hash_lo"}
    )
    bits: ClassVar[dict[str, int]] = SignedTransaction.bits | {
        "to_chain_id": CHAIN_ID_BITS,
        "to": ADDRESS_BITS,
        "gas_limit": GAS_LIMIT_BITS,
    }
    sends_message: ClassVar[bool] = True

    to_chain_id: int
    to: int
    gas_limit: int
    payload: bytes
    signature: Signature = NO_SIGNATURE

    def fields(self) -> SlotFields:
        """The public part."""
        payload_hash = int.from_bytes(keccak(self.payload), "big")
        return SlotFields(
            self.type,
            a_index=self.sender_index,
            fee_e6=self.fee_e6,
            address=self.to,
            chain_id=self.to_chain_id,
            hash_hi=payload_hash >> HASH_HALF_BITS,
            gas_limit=self.gas_limit,
            hash_lo=payload_hash & ((1 << HASH_HALF_BITS) - 1),
        )

    def validate(self) -> None:
        """Refuse (MALFORMED) any field outside its width and payloads over the limit."""
        super().validate()
        if not isinstance(self.payload, bytes):
            raise MalformedTransactionError("payload", "bytes are due")
        if len(self.payload) > MAX_PAYLOAD_BYTES:
            raise MalformedTransactionError("payload", f"more than {MAX_PAYLOAD_BYTES} bytes")
