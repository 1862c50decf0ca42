"""The public data of a batch, and the three numbers that bind a proof to it.

    d0   rollup_id
    d1   old state root
    d2   new state root
    d3   bits   0 …  63  batch_number
         bits  64 … 127  timestamp_s
         bits 128 … 159  operator_index
    d4   bits   0 …  31  message_count_before
         bits  32 …  63  message_count_after
         bits  64 … 127  deposit_count_before
         bits 128 … 191  deposit_count_after
    d5 … four elements a slot (slot_data)

Messages are what leaves: `message` and `withdraw` slots take the indices message_count_before …
message_count_after - 1 in slot order.

The contract knows d from calldata; the circuit has a copy of its own.

    C    Poseidon sponge of d (t = 17, sixteen elements a permutation, length in the capacity)
    z    keccak256 of everything the statement is about, reduced mod r: fixed after both copies of d
    y    Σ d_i z^i, which the circuit computes from its copy of d and the contract from calldata
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eth_hash.auto import keccak

from circuits.spec.domain import RollupDomain
from circuits.spec.params import (
    BATCH_NUMBER_BITS,
    DEPOSIT_COUNT_BITS,
    HEADER_WORDS,
    INDEX_BITS,
    MESSAGE_COUNT_BITS,
    SLOT_WORDS,
    TIMESTAMP_BITS,
    Preset,
)
from circuits.spec.refusal import PublicDataError
from circuits.spec.slot_data import SlotFields, unpack
from circuits.spec.transactions import TRANSACTIONS
from native import api
from native.constants import FR_MODULUS

TIMESTAMP_SHIFT = BATCH_NUMBER_BITS
OPERATOR_SHIFT = TIMESTAMP_SHIFT + TIMESTAMP_BITS
MESSAGES_AFTER_SHIFT = MESSAGE_COUNT_BITS
DEPOSITS_BEFORE_SHIFT = MESSAGES_AFTER_SHIFT + MESSAGE_COUNT_BITS
DEPOSITS_AFTER_SHIFT = DEPOSITS_BEFORE_SHIFT + DEPOSIT_COUNT_BITS

SPONGE_RATE = 16
SPONGE_TAG = int.from_bytes(b"tallystick.public-data.v1", "big")
LENGTH_BITS = 32

_CHALLENGE_TAG = keccak(b"tallystick.challenge.v1")
_SOURCE = "public data"


@dataclass(frozen=True)
class BatchHeader:
    """What a batch posts beside its slots."""

    rollup_id: int
    old_state_root: int
    new_state_root: int
    batch_number: int
    timestamp_s: int
    operator_index: int
    message_count_before: int
    message_count_after: int
    deposit_count_before: int
    deposit_count_after: int

    def words(self) -> tuple[int, ...]:
        """The five header elements."""
        times = (
            self.batch_number
            | self.timestamp_s << TIMESTAMP_SHIFT
            | self.operator_index << OPERATOR_SHIFT
        )
        counts = (
            self.message_count_before
            | self.message_count_after << MESSAGES_AFTER_SHIFT
            | self.deposit_count_before << DEPOSITS_BEFORE_SHIFT
            | self.deposit_count_after << DEPOSITS_AFTER_SHIFT
        )
        return self.rollup_id, self.old_state_root, self.new_state_root, times, counts


def encode(header: BatchHeader, slots: Sequence[SlotFields]) -> tuple[int, ...]:
    """The public data d."""
    return (*header.words(), *(word for fields in slots for word in fields.words()))


def decode(data: Sequence[int], preset: Preset) -> tuple[BatchHeader, tuple[SlotFields, ...]]:
    """The header and the slots behind d; PublicDataError unless d is their one encoding."""
    if len(data) != preset.public_data_words:
        raise PublicDataError(
            _SOURCE, "length", f"{len(data)} elements, a batch has {preset.public_data_words}"
        )
    for i, word in enumerate(data):
        if not 0 <= word < FR_MODULUS:
            raise PublicDataError(_SOURCE, f"d[{i}]", f"{word} is not a canonical field element")
    header = _header(data[:HEADER_WORDS])
    if header.words() != tuple(data[:HEADER_WORDS]):
        raise PublicDataError(_SOURCE, "header", "bits are set that no field uses")
    starts = range(HEADER_WORDS, len(data), SLOT_WORDS)
    slots = tuple(_slot(data, start) for start in starts)
    indices = [index for fields in slots for index in (fields.a_index, fields.b_index)]
    last = max(header.operator_index, *indices)
    if last >= preset.max_accounts:
        raise PublicDataError(
            _SOURCE, "index", f"no account {last} in a tree of depth {preset.tree_depth}"
        )
    return header, slots


def commitment(data: Sequence[int]) -> int:
    """C: the sponge of d."""
    state = [(SPONGE_TAG << LENGTH_BITS) + len(data)] + [0] * SPONGE_RATE
    for start in range(0, len(data), SPONGE_RATE):
        for i, word in enumerate(data[start : start + SPONGE_RATE]):
            state[1 + i] += word
        state = _permuted(state)
    return state[0]


def challenge(
    domain: RollupDomain, circuit_id: bytes, commitment_: int, data: Sequence[int]
) -> int:
    """z: where the two copies of d are compared."""
    if len(circuit_id) != 32:
        raise ValueError(f"a circuit id has 32 bytes, not {len(circuit_id)}")
    words = (
        _CHALLENGE_TAG
        + domain.l1_chain_id.to_bytes(32, "big")
        + domain.contract.to_bytes(32, "big")
        + circuit_id
        + commitment_.to_bytes(32, "big")
        + keccak(b"".join(word.to_bytes(32, "big") for word in data))
    )
    return int.from_bytes(keccak(words), "big") % FR_MODULUS


def evaluate(data: Sequence[int], z: int) -> int:
    """y: the polynomial with the coefficients d at z."""
    y = 0
    for word in reversed(data):
        y = (y * z + word) % FR_MODULUS
    return y


def _permuted(state: list[int]) -> list[int]:
    words = api.fr_from_ints(state)
    return api.fr_to_ints(api.poseidon_permute(words[None])[0])


def _header(words: Sequence[int]) -> BatchHeader:
    rollup_id, old_root, new_root, times, counts = words
    return BatchHeader(
        rollup_id=rollup_id,
        old_state_root=old_root,
        new_state_root=new_root,
        batch_number=_bits(times, 0, BATCH_NUMBER_BITS),
        timestamp_s=_bits(times, TIMESTAMP_SHIFT, TIMESTAMP_BITS),
        operator_index=_bits(times, OPERATOR_SHIFT, INDEX_BITS),
        message_count_before=_bits(counts, 0, MESSAGE_COUNT_BITS),
        message_count_after=_bits(counts, MESSAGES_AFTER_SHIFT, MESSAGE_COUNT_BITS),
        deposit_count_before=_bits(counts, DEPOSITS_BEFORE_SHIFT, DEPOSIT_COUNT_BITS),
        deposit_count_after=_bits(counts, DEPOSITS_AFTER_SHIFT, DEPOSIT_COUNT_BITS),
    )


def _slot(data: Sequence[int], start: int) -> SlotFields:
    name = f"slot {(start - HEADER_WORDS) // SLOT_WORDS}"
    fields = unpack((data[start], data[start + 1], data[start + 2], data[start + 3]))
    if fields is None:
        raise PublicDataError(_SOURCE, name, "an unknown type, or bits that no field uses")
    used = TRANSACTIONS[fields.type].used
    for field, value in vars(fields).items():
        if field != "type" and field not in used and value:
            raise PublicDataError(
                _SOURCE, name, f"{field} = {value}, but a {fields.type.name.lower()} has none"
            )
    return fields


def _bits(word: int, shift: int, width: int) -> int:
    return (word >> shift) & ((1 << width) - 1)
