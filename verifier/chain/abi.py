"""Encoding and decoding by ABI: calls, events and errors of all our contracts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from eth_typing import ABIEvent, ABIFunction
from eth_utils.abi import (
    collapse_if_tuple,
    event_abi_to_log_topic,
    function_abi_to_4byte_selector,
    function_signature_to_4byte_selector,
)
from eth_utils.address import to_checksum_address

from verifier.chain.errors import ChainRevert
from verifier.chain.transport import ExecutionReverted, Log
from verifier.contracts import load_artifact
from verifier.contracts.artifact import artifact_names

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Event:
    """A decoded event; tuples stay tuples, addresses are checksummed."""

    name: str
    address: str
    args: dict[str, Any]
    transaction_id: str
    block_number: int


@dataclass(frozen=True)
class Function:
    """One function of a contract: how to call it and read its answer."""

    selector: bytes
    input_types: list[str]
    output_types: list[str]

    def encode(self, arguments: Sequence[Any]) -> bytes:
        """Call data."""
        return self.selector + encode(self.input_types, arguments)

    def decode_arguments(self, data: bytes) -> tuple[Any, ...]:
        """The arguments in call data made by `encode`; ValueError for any other."""
        if data[:4] != self.selector:
            raise ValueError(f"call data starts with {data[:4].hex()}, not {self.selector.hex()}")
        try:
            return decode(self.input_types, data[4:])
        except (DecodingError, OverflowError) as error:
            raise ValueError(f"call data that does not decode: {error}") from None

    def decode_result(self, data: bytes) -> Any:
        """The returned value, a tuple if there are several, None if there is none."""
        values = decode(self.output_types, data)
        return values[0] if len(values) == 1 else (values or None)


def functions(abi: Sequence[Entry]) -> dict[str, Function]:
    """Functions by name (our contracts overload none)."""
    return {
        entry["name"]: Function(
            function_abi_to_4byte_selector(cast(ABIFunction, entry)),
            _types(entry["inputs"]),
            _types(entry["outputs"]),
        )
        for entry in abi
        if entry["type"] == "function"
    }


def encode_constructor(abi: Sequence[Entry], arguments: Sequence[Any]) -> bytes:
    """The bytes that follow the creation code."""
    inputs = [entry["inputs"] for entry in abi if entry["type"] == "constructor"]
    return encode(_types(inputs[0]) if inputs else [], arguments)


def event_topic(abi: Sequence[Entry], name: str) -> bytes:
    """Topic 0 of an event."""
    entry = next(e for e in abi if e["type"] == "event" and e["name"] == name)
    return event_abi_to_log_topic(cast(ABIEvent, entry))


def decode_event(log: Log) -> Event | None:
    """The event behind a log, None if no contract of ours declares it."""
    entry = _events().get(log.topics[0]) if log.topics else None
    if entry is None:
        return None
    indexed = [item for item in entry["inputs"] if item["indexed"]]
    others = [item for item in entry["inputs"] if not item["indexed"]]
    args = {
        item["name"]: decode([item["type"]], topic)[0]
        for item, topic in zip(indexed, log.topics[1:], strict=True)
    }
    values = decode(_types(others), log.data)
    args |= {item["name"]: value for item, value in zip(others, values, strict=True)}
    for item in entry["inputs"]:
        if item["type"] == "address":
            args[item["name"]] = to_checksum_address(args[item["name"]])
    return Event(entry["name"], log.address, args, log.transaction_id, log.block_number)


def decode_revert(reverted: ExecutionReverted) -> ChainRevert:
    """The contract's own error behind revert data."""
    if reverted.out_of_gas:
        return ChainRevert("OutOfGas")
    if not reverted.data:
        return ChainRevert("Empty")
    found = _errors().get(reverted.data[:4])
    if found is None:
        return ChainRevert("Unknown", (reverted.data,))
    name, types = found
    try:
        return ChainRevert(name, decode(types, reverted.data[4:]))
    except (DecodingError, OverflowError):  # an offset or a length beyond all memory
        return ChainRevert("Unknown", (reverted.data,))


def _types(items: Sequence[Any]) -> list[str]:
    return [collapse_if_tuple(item) for item in items]


def _entries(kind: str) -> Iterator[Entry]:
    for name in artifact_names():
        yield from (entry for entry in load_artifact(name).abi if entry["type"] == kind)


@cache
def _events() -> dict[bytes, Entry]:
    return {event_abi_to_log_topic(cast(ABIEvent, entry)): entry for entry in _entries("event")}


@cache
def _errors() -> dict[bytes, tuple[str, list[str]]]:
    found = {"Error(string)": ("Error", ["string"]), "Panic(uint256)": ("Panic", ["uint256"])}
    for entry in _entries("error"):
        types = _types(entry["inputs"])
        found[f"{entry['name']}({','.join(types)})"] = (entry["name"], types)
    return {function_signature_to_4byte_selector(text): value for text, value in found.items()}
