"""Reads what nodes write: quantities, bytes and addresses in JSON, each checked.

ValueError for anything else; the caller knows which node to blame for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eth_utils.address import to_checksum_address

from sequencer.messages.watch.header import Header
from sequencer.messages.watch.log import RawLog

_MAX_NUMBER = (1 << 63) - 1


def quantity(value: object, name: str) -> int:
    """A hexadecimal number of at most 256 bits."""
    if not isinstance(value, str) or not value.startswith("0x") or not 3 <= len(value) <= 66:
        raise ValueError(f"{name} is {value!r}, not a hexadecimal quantity")
    return int(value, 16)


def number(value: object, name: str) -> int:
    """A block number, log index or time: below 2^63."""
    found = quantity(value, name)
    if found > _MAX_NUMBER:
        raise ValueError(f"{name} is {value!r}, which is not below 2^63")
    return found


def data(value: object, name: str, size: int | None = None) -> bytes:
    """Hexadecimal bytes, of a given size if one is given."""
    if not isinstance(value, str) or not value.startswith("0x"):
        raise ValueError(f"{name} is {str(value)[:80]!r}, not hexadecimal data")
    found = bytes.fromhex(value[2:])
    if size is not None and len(found) != size:
        raise ValueError(f"{name} has {len(found)} bytes instead of {size}")
    return found


def header(value: object) -> Header:
    """A block as eth_getBlockBy… gives it."""
    block = _object(value, "block")
    return Header(
        number(block.get("number"), "block number"),
        data(block.get("hash"), "block hash", 32),
        data(block.get("parentHash"), "parent hash", 32),
        number(block.get("timestamp"), "timestamp"),
        _bloom(block.get("logsBloom")),
    )


def log(value: object) -> RawLog:
    """A log as eth_getLogs gives it; a removed one is refused."""
    entry = _object(value, "log")
    if entry.get("removed") not in (None, False):
        raise ValueError("a log that was removed")
    topics = entry.get("topics")
    if not isinstance(topics, list) or len(topics) > 4:
        raise ValueError(f"topics are {str(topics)[:80]!r}")
    return RawLog(
        to_checksum_address(data(entry.get("address"), "log address", 20)),
        tuple(data(topic, "topic", 32) for topic in topics),
        data(entry.get("data"), "log data"),
        number(entry.get("blockNumber"), "log block number"),
        data(entry.get("blockHash"), "log block hash", 32),
        data(entry.get("transactionHash"), "log transaction hash", 32),
        number(entry.get("logIndex"), "log index"),
    )


def logs(value: object) -> list[RawLog]:
    """The answer of eth_getLogs."""
    if not isinstance(value, list):
        raise ValueError(f"logs are {str(value)[:80]!r}, not a list")
    return [log(entry) for entry in value]


def receipt_logs(value: object) -> list[RawLog]:
    """The logs in the answer of eth_getTransactionReceipt."""
    return logs(_object(value, "receipt").get("logs"))


def block_logs(value: object) -> list[RawLog]:
    """The logs in the answer of eth_getBlockReceipts."""
    if not isinstance(value, list):
        raise ValueError(f"receipts are {str(value)[:80]!r}, not a list")
    return [entry for receipt in value for entry in receipt_logs(receipt)]


def _bloom(value: object) -> bytes | None:
    return None if value is None else data(value, "logs bloom", 256)


def _object(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} is {str(value)[:80]!r}, not an object")
    return value
