"""The sequencer's configuration: a frozen dataclass, read from TOML and checked field by field.

data_dir = "var/sequencer"          # journal, state and database; relative to the file
receipt_key_file = "receipt.key"    # 32 bytes in hex, mode 0600; relative to the file

[rollup]
preset = "small"                    # tiny, small or mainnet
l1_chain_id = "31337"               # numbers are decimal strings or TOML integers below 2^53
contract = "0x…"                    # 20 bytes
rollup_chain_id = "7001"            # the rollup's own chain id in its messages
circuit_id = "0x…"                  # 32 bytes
operator_index = "0"                # the account that is credited the fees

[sealing]
max_transactions = "8"              # not more than the preset has slots
max_age_s = "10"                    # seal a batch this old even if it is not full
max_value_e6 = "1000000000000"      # seal once transfers and withdrawals add up to this
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from circuits.spec.domain import RollupDomain
from circuits.spec.params import PRESETS, Preset
from sequencer.errors import ConfigError

_MAX_TOML_INTEGER = 1 << 53
_U32, _U63, _U64 = (1 << 32) - 1, (1 << 63) - 1, (1 << 64) - 1
_U256 = (1 << 256) - 1


@dataclass(frozen=True)
class SealingPolicy:
    """When an open batch is sealed: full, old, or worth enough."""

    max_transactions: int
    max_age_s: int = 10
    max_value_e6: int = 10**12


@dataclass(frozen=True)
class Config:
    """Everything that a sequencer needs to know before it starts."""

    data_dir: Path
    receipt_key_file: Path
    preset: Preset
    l1_chain_id: int
    contract: int
    rollup_chain_id: int
    circuit_id: bytes
    sealing: SealingPolicy
    operator_index: int = 0

    def __post_init__(self) -> None:
        section = _Section("config", "rollup", {})
        section.bounded("l1_chain_id", self.l1_chain_id, 1, _U256)
        section.bounded("contract", self.contract, 1, (1 << 160) - 1)
        section.bounded("rollup_chain_id", self.rollup_chain_id, 1, _U64)
        section.bounded("operator_index", self.operator_index, 0, self.preset.max_accounts - 1)
        if len(self.circuit_id) != 32:
            raise section.error("circuit_id", f"{len(self.circuit_id)} bytes instead of 32")
        if self.rollup_chain_id == self.l1_chain_id:
            raise section.error("rollup_chain_id", "equals l1_chain_id; the rollup needs its own")
        sealing = _Section("config", "sealing", {})
        sealing.bounded("max_transactions", self.sealing.max_transactions, 1, self.preset.slots)
        sealing.bounded("max_age_s", self.sealing.max_age_s, 0, _U32)
        sealing.bounded("max_value_e6", self.sealing.max_value_e6, 1, _U63)

    @property
    def domain(self) -> RollupDomain:
        """Which rollup this is."""
        return RollupDomain(self.l1_chain_id, self.contract, self.rollup_chain_id)


def load_config(path: Path) -> Config:
    """Read and check a TOML file. ConfigError names the file, the field and what is wrong."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(str(path), "file", str(error)) from None
    top = _Section(str(path), "", document)
    rollup, sealing = top.table("rollup"), top.table("sealing")
    base = path.parent
    data_dir, key_file = base / top.text("data_dir"), base / top.text("receipt_key_file")
    preset = rollup.preset("preset")
    try:
        config = Config(
            data_dir=data_dir,
            receipt_key_file=key_file,
            preset=preset,
            l1_chain_id=rollup.integer("l1_chain_id"),
            contract=int.from_bytes(rollup.hexadecimal("contract", 20), "big"),
            rollup_chain_id=rollup.integer("rollup_chain_id"),
            circuit_id=rollup.hexadecimal("circuit_id", 32),
            operator_index=rollup.integer("operator_index", 0),
            sealing=SealingPolicy(
                sealing.integer("max_transactions", preset.slots),
                sealing.integer("max_age_s", SealingPolicy.max_age_s),
                sealing.integer("max_value_e6", SealingPolicy.max_value_e6),
            ),
        )
    except ConfigError as error:
        raise ConfigError(str(path), error.section, error.reason) from None
    for section in (top, rollup, sealing):
        section.refuse_unread()
    return config


class _Section:
    """One table of the document; remembers what was read, so that a misspelt key is noticed."""

    def __init__(self, source: str, name: str, table: Mapping[str, Any]) -> None:
        self._source = source
        self._name = name
        self._table = table
        self._read: set[str] = set()

    def error(self, key: str, reason: str) -> ConfigError:
        return ConfigError(self._source, f"{self._name}.{key}".lstrip("."), reason)

    def table(self, key: str) -> _Section:
        value = self._value(key, {})
        if not isinstance(value, dict):
            raise self.error(key, "a table is expected")
        return _Section(self._source, key, value)

    def text(self, key: str) -> str:
        value = self._value(key, None)
        if not isinstance(value, str) or not value:
            raise self.error(key, f"a non-empty string is expected, found {value!r}")
        return value

    def integer(self, key: str, default: int | None = None) -> int:
        value = self._value(key, default)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 78:
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(key, f"a decimal string or an integer is expected, found {value!r}")
        if default is None and abs(value) >= _MAX_TOML_INTEGER:
            raise self.error(key, "integers from 2^53 on are written as decimal strings")
        return value

    def preset(self, key: str) -> Preset:
        name = self.text(key)
        if name not in PRESETS:
            raise self.error(key, f"{name!r} is none of {', '.join(PRESETS)}")
        return PRESETS[name]

    def hexadecimal(self, key: str, size: int) -> bytes:
        value = self.text(key)
        try:
            data = bytes.fromhex(value.removeprefix("0x"))
        except ValueError:
            raise self.error(key, f"{value!r} is not hexadecimal") from None
        if len(data) != size:
            raise self.error(key, f"{len(data)} bytes instead of {size}")
        return data

    def bounded(self, key: str, value: int, low: int, high: int) -> None:
        if not low <= value <= high:
            raise self.error(key, f"{value} is outside {low} … {high}")

    def refuse_unread(self) -> None:
        unknown = sorted(set(self._table) - self._read)
        if unknown:
            known = ", ".join(sorted(self._read))
            raise self.error(unknown[0], f"unknown key; known here: {known}")

    def _value(self, key: str, default: object) -> object:
        self._read.add(key)
        if key not in self._table and default is None:
            raise self.error(key, "missing")
        return self._table.get(key, default)
