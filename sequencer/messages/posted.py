"""The ORMP messages of a batch, from what it posts and nothing else.

Their hashes are the leaves that the rollup contract computes in `commitBatch` and announces in
`BatchCommitted`, in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eth_hash.auto import keccak

from circuits.spec.domain import RollupDomain
from circuits.spec.params import HASH_HALF_BITS, HEADER_WORDS, MESSAGE_COUNT_BITS, SLOT_WORDS
from circuits.spec.public_data import MESSAGES_AFTER_SHIFT
from circuits.spec.slot_data import SlotFields, unpack
from circuits.spec.transactions import TRANSACTIONS
from circuits.spec.types import TransactionType
from sequencer.errors import MessageError
from sequencer.messages.message import Message, account_address
from sequencer.messages.withdrawal import withdrawal_message

_COUNTS_WORD = 4
_COUNT_MASK = (1 << MESSAGE_COUNT_BITS) - 1
_SOURCE = "posted batch"


def posted_messages(
    public_data: Sequence[int], payloads: Sequence[bytes], domain: RollupDomain
) -> list[Message]:
    """The messages of `message` and `withdraw` slots in slot order, with consecutive indices.

    `domain` names the settlement chain, the rollup contract and the rollup's own chain id. Raises
    MessageError for data and payloads that the contract would not have accepted together.
    """
    slots = _sending_slots(public_data)
    first, after = message_counts(public_data)
    if after - first != len(slots):
        raise MessageError(
            _SOURCE, "message count", f"from {first} to {after}, but {len(slots)} slots send"
        )
    given = iter(payloads)
    messages = [_message(domain, i, slot, given) for i, slot in enumerate(slots, start=first)]
    if next(given, None) is not None:
        raise MessageError(_SOURCE, "payloads", f"{len(payloads)}, more than there are messages")
    return messages


def message_counts(public_data: Sequence[int]) -> tuple[int, int]:
    """How many messages the rollup had sent before the batch, and after it."""
    if len(public_data) < HEADER_WORDS:
        raise MessageError(_SOURCE, "public data", f"{len(public_data)} elements are no header")
    counts = public_data[_COUNTS_WORD]
    return counts & _COUNT_MASK, counts >> MESSAGES_AFTER_SHIFT & _COUNT_MASK


def _sending_slots(public_data: Sequence[int]) -> list[SlotFields]:
    words = public_data[HEADER_WORDS:]
    if len(words) % SLOT_WORDS:
        raise MessageError(_SOURCE, "public data", f"{len(public_data)} elements are no batch")
    slots = [
        unpack((words[i], words[i + 1], words[i + 2], words[i + 3]))
        for i in range(0, len(words), SLOT_WORDS)
    ]
    if None in slots:
        raise MessageError(_SOURCE, f"slot {slots.index(None)}", "no transaction packs to it")
    return [slot for slot in slots if slot is not None and TRANSACTIONS[slot.type].sends_message]


def _message(
    domain: RollupDomain, index: int, slot: SlotFields, payloads: Iterator[bytes]
) -> Message:
    if slot.type == TransactionType.WITHDRAW:
        return withdrawal_message(domain, index, slot.address, slot.amount_e6)
    return Message(
        channel=domain.contract,
        index=index,
        from_chain_id=domain.rollup_chain_id,
        sender=account_address(domain.contract, slot.a_index),
        to_chain_id=slot.chain_id,
        to=slot.address,
        gas_limit=slot.gas_limit,
        encoded=_payload(index, slot, payloads),
    )


def _payload(index: int, slot: SlotFields, payloads: Iterator[bytes]) -> bytes:
    payload = next(payloads, None)
    if payload is None:
        raise MessageError(_SOURCE, "payloads", f"none for message {index}")
    if int.from_bytes(keccak(payload), "big") != slot.hash_hi << HASH_HALF_BITS | slot.hash_lo:
        raise MessageError(_SOURCE, "payloads", f"message {index} has another payload's hash")
    return payload
