"""`BatchInputs` as JSON: integers are decimal strings, bytes are 0x-prefixed hex."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circuits.rollup.slot_witness import Opening, SlotWitness
from circuits.spec.account import Account
from circuits.spec.codec import Reader, hex_data
from circuits.spec.domain import RollupDomain
from circuits.spec.params import (
    ADDRESS_BITS,
    AMOUNT_BITS,
    CHAIN_ID_BITS,
    EXPIRY_BITS,
    NONCE_BITS,
    PRESETS,
    SIBLINGS,
    TIMESTAMP_BITS,
    Preset,
)
from circuits.spec.public_data import decode
from circuits.spec.refusal import PublicDataError
from circuits.spec.slot_data import SlotFields
from circuits.spec.transactions import Signature
from circuits.spec.transactions.transaction import MAX_PAYLOAD_BYTES
from native.constants import FR_MODULUS

if TYPE_CHECKING:
    from circuits.rollup.inputs import BatchInputs

FORMAT = "tallystick-batch-inputs-1"
CIRCUIT_ID_BYTES = 32
_DOMAIN_BOUNDS = {
    "l1_chain_id": 1 << 256,
    "contract": 1 << ADDRESS_BITS,
    "rollup_chain_id": 1 << CHAIN_ID_BITS,
}


def batch_to_json(batch: BatchInputs) -> dict[str, Any]:
    """The JSON object of a batch. Header and slot fields are read back from the public data."""
    return {
        "format": FORMAT,
        "preset": batch.preset.name,
        "domain": {name: str(getattr(batch.domain, name)) for name in _DOMAIN_BOUNDS},
        "circuit_id": hex_data(batch.circuit_id),
        "public_data": [str(word) for word in batch.public_data],
        "previous_timestamp_s": str(batch.previous_timestamp_s),
        "account_root_before": str(batch.account_root_before),
        "slots": [_slot_to_json(slot) for slot in batch.slots],
        "operator": _opening_to_json(batch.operator),
        "account_root_after": str(batch.account_root_after),
        "payloads": [hex_data(payload) for payload in batch.payloads],
    }


def members_from_json(value: object, source: str) -> dict[str, Any]:
    """The arguments of `BatchInputs`; PublicDataError names the offending JSON member."""
    reader = Reader(value, source, PublicDataError)
    if reader.value("format") != FORMAT:
        reader.fail("format", f"{FORMAT!r} is due")
    preset = _preset(reader)
    header, fields = decode(
        reader.integers("public_data", preset.public_data_words, FR_MODULUS), preset
    )
    members = {
        "preset": preset,
        "domain": _domain(reader.child(reader.value("domain"), "domain")),
        "circuit_id": _circuit_id(reader),
        "header": header,
        "previous_timestamp_s": reader.integer("previous_timestamp_s", 1 << TIMESTAMP_BITS),
        "account_root_before": reader.integer("account_root_before", FR_MODULUS),
        "slots": _slots(reader, fields, preset),
        "operator": _opening(reader, "operator", header.operator_index, preset),
        "account_root_after": reader.integer("account_root_after", FR_MODULUS),
        "payloads": _payloads(reader),
    }
    reader.finish()
    return members


def _slot_to_json(slot: SlotWitness) -> dict[str, Any]:
    return {
        "sender": _opening_to_json(slot.sender),
        "middle_root": str(slot.middle_root),
        "receiver": _opening_to_json(slot.receiver),
        "root_after": str(slot.root_after),
        "expiry_s": str(slot.expiry_s),
        "signature": [str(part) for part in slot.signature],
    }


def _opening_to_json(opening: Opening) -> dict[str, Any]:
    """The index is not repeated: the public data has it."""
    return {
        "account": [str(value) for value in opening.account.fields()],
        "path": [str(sibling) for level in opening.path for sibling in level],
    }


def _slots(
    reader: Reader, fields: tuple[SlotFields, ...], preset: Preset
) -> tuple[SlotWitness, ...]:
    items = zip(reader.items("slots", preset.slots), fields, strict=True)
    return tuple(
        _slot(reader.child(item, f"slots[{i}]"), each, preset)
        for i, (item, each) in enumerate(items)
    )


def _slot(reader: Reader, fields: SlotFields, preset: Preset) -> SlotWitness:
    slot = SlotWitness(
        fields=fields,
        sender=_opening(reader, "sender", fields.a_index, preset),
        middle_root=reader.integer("middle_root", FR_MODULUS),
        receiver=_opening(reader, "receiver", fields.b_index, preset),
        root_after=reader.integer("root_after", FR_MODULUS),
        expiry_s=reader.integer("expiry_s", 1 << EXPIRY_BITS),
        signature=Signature(*reader.integers("signature", 3, FR_MODULUS)),
    )
    reader.finish()
    return slot


def _opening(parent: Reader, name: str, index: int, preset: Preset) -> Opening:
    reader = parent.child(parent.value(name), name)
    ax, ay, nonce, collateral, positions, orders = reader.integers("account", 6, FR_MODULUS)
    if nonce >> NONCE_BITS or collateral >> AMOUNT_BITS:
        reader.fail("account", f"nonce {nonce} or collateral {collateral} out of range")
    flat = reader.integers("path", SIBLINGS * preset.tree_depth, FR_MODULUS)
    reader.finish()
    levels = tuple((flat[i], flat[i + 1], flat[i + 2]) for i in range(0, len(flat), SIBLINGS))
    return Opening(index, Account((ax, ay), nonce, collateral, positions, orders), levels)


def _preset(reader: Reader) -> Preset:
    name = reader.text("preset")
    if name not in PRESETS:
        reader.fail("preset", f"{name!r:.40} is none of {', '.join(PRESETS)}")
    return PRESETS[name]


def _domain(reader: Reader) -> RollupDomain:
    values = {name: reader.integer(name, bound) for name, bound in _DOMAIN_BOUNDS.items()}
    reader.finish()
    return RollupDomain(**values)


def _circuit_id(reader: Reader) -> bytes:
    circuit_id = reader.data("circuit_id", CIRCUIT_ID_BYTES)
    if len(circuit_id) != CIRCUIT_ID_BYTES:
        reader.fail("circuit_id", f"{len(circuit_id)} bytes, {CIRCUIT_ID_BYTES} are due")
    return circuit_id


def _payloads(reader: Reader) -> tuple[bytes, ...]:
    items = enumerate(reader.items("payloads"))
    return tuple(reader.data_value(item, f"payloads[{i}]", MAX_PAYLOAD_BYTES) for i, item in items)
