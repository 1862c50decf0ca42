"""`BatchInputs`: everything that proving one batch needs, and nothing more.

The specification makes it (`circuits.spec.batch.BatchBuilder.seal`), a file or a queue carries it,
and `named_inputs` lays it out as the circuit declares its inputs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from circuits.rollup.inputs_json import batch_to_json, members_from_json
from circuits.rollup.slot_witness import Opening, SlotWitness
from circuits.spec import public_data
from circuits.spec.domain import RollupDomain
from circuits.spec.params import ARITY_BITS, Preset
from circuits.spec.public_data import BatchHeader
from circuits.spec.types import TransactionType

PACKED_FIELDS = (
    "amount_e6",
    "fee_e6",
    "key_x",
    "key_y",
    "address",
    "chain_id",
    "hash_hi",
    "gas_limit",
    "hash_lo",
)
"""The slot fields that are inputs of their own; the indices are the sums of their path bits."""


@dataclass(frozen=True)
class BatchInputs:
    """One sealed batch."""

    preset: Preset
    domain: RollupDomain
    circuit_id: bytes
    header: BatchHeader
    previous_timestamp_s: int
    account_root_before: int
    slots: tuple[SlotWitness, ...]
    operator: Opening
    account_root_after: int
    payloads: tuple[bytes, ...]

    @cached_property
    def public_data(self) -> tuple[int, ...]:
        """d: what the batch posts."""
        return public_data.encode(self.header, [slot.fields for slot in self.slots])

    @cached_property
    def commitment(self) -> int:
        """C: the sponge of the public data."""
        return public_data.commitment(self.public_data)

    @cached_property
    def challenge(self) -> int:
        """z: the point of comparison."""
        return public_data.challenge(
            self.domain, self.circuit_id, self.commitment, self.public_data
        )

    @cached_property
    def evaluation(self) -> int:
        """y: the public data as a polynomial at z."""
        return public_data.evaluate(self.public_data, self.challenge)

    @property
    def public_inputs(self) -> tuple[int, int, int]:
        """What the proof is verified against."""
        return self.commitment, self.challenge, self.evaluation

    @property
    def batch_number(self) -> int:
        """The number of this batch; the first is 1."""
        return self.header.batch_number

    @property
    def old_root(self) -> int:
        """The state root before."""
        return self.header.old_state_root

    @property
    def new_root(self) -> int:
        """The state root after."""
        return self.header.new_state_root

    def to_json(self) -> dict[str, Any]:
        """The batch as a JSON object (integers are decimal strings)."""
        return batch_to_json(self)

    @staticmethod
    def from_json(value: object, source: str = "batch inputs") -> BatchInputs:
        """The batch of a parsed JSON object; MalformedError names the offending member."""
        return BatchInputs(**members_from_json(value, source))

    def named_inputs(self) -> dict[str, list[int]]:
        """The values of the circuit's declared inputs, by name."""
        values = {
            "commitment": [self.commitment],
            "challenge": [self.challenge],
            "evaluation": [self.evaluation],
            "rollup_id": [self.header.rollup_id],
            "batch_number": [self.header.batch_number],
            "timestamp_s": [self.header.timestamp_s],
            "previous_timestamp_s": [self.previous_timestamp_s],
            "message_count_before": [self.header.message_count_before],
            "deposit_count_before": [self.header.deposit_count_before],
            "account_root_before": [self.account_root_before],
        }
        for i, slot in enumerate(self.slots):
            values |= {f"slot[{i}].{name}": value for name, value in _slot_inputs(slot)}
        values |= {f"operator.{name}": value for name, value in _opening_inputs(self.operator)}
        values["account_root_after"] = [self.account_root_after]
        return values


def _slot_inputs(slot: SlotWitness) -> Iterator[tuple[str, list[int]]]:
    """The inputs of one slot, in the order of `circuits.rollup.slot`."""
    fields = slot.fields
    yield "type", [int(fields.type == kind) for kind in TransactionType]
    for name in PACKED_FIELDS:
        yield name, [getattr(fields, name)]
    yield "expiry_s", [slot.expiry_s]
    yield "signature", list(slot.signature)
    for half, opening in (("sender", slot.sender), ("receiver", slot.receiver)):
        for name, value in _opening_inputs(opening):
            yield f"{half}.{name}", value
    yield "middle_root", [slot.middle_root]
    yield "root_after", [slot.root_after]


def _opening_inputs(opening: Opening) -> Iterator[tuple[str, list[int]]]:
    depth = len(opening.path)
    yield "index_bits", [opening.index >> i & 1 for i in range(ARITY_BITS * depth)]
    yield "account", list(opening.account.fields())
    yield "siblings", [sibling for level in opening.path for sibling in level]
