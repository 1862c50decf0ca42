"""One table of a TOML file, read key by key: every value checked, every misspelt key noticed.

Each error is a ConfigError that names the file, the key and what is wrong.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eth_utils.address import is_checksum_formatted_address, to_checksum_address

from sequencer.errors import ConfigError

_MAX_TOML_INTEGER = 1 << 53


def load_toml(path: Path) -> Section:
    """The whole file as a section."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(str(path), "file", str(error)) from None
    return Section(str(path), "", document)


class Section:
    """One table of the document; remembers what was read, so that a misspelt key is noticed."""

    def __init__(self, source: str, name: str, table: Mapping[str, Any]) -> None:
        self._source = source
        self._name = name
        self._table = table
        self._read: set[str] = set()
        self._children: list[Section] = []

    def error(self, key: str, reason: str) -> ConfigError:
        """The error that names the file and the key."""
        return ConfigError(self._source, self._path(key), reason)

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        self._read.add(key)
        return key in self._table

    def is_table(self, key: str) -> bool:
        """Whether the key is there and holds a table."""
        self._read.add(key)
        return isinstance(self._table.get(key), dict)

    def table(self, key: str) -> Section:
        """A table; an absent one is empty."""
        value = self._value(key, {})
        if not isinstance(value, dict):
            raise self.error(key, "a table is expected")
        return self._child(self._path(key), value)

    def tables(self, key: str) -> list[Section]:
        """A list of tables, [[key]] in the file; absent, it is empty."""
        value = self._value(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(key, f"a list of tables is expected: [[{self._path(key)}]]")
        return [self._child(f"{self._path(key)}[{i}]", item) for i, item in enumerate(value)]

    def text(self, key: str, default: str | None = None) -> str:
        """A non-empty string."""
        value = self._value(key, default)
        if not isinstance(value, str) or not value:
            raise self.error(key, f"a non-empty string is expected, found {value!r}")
        return value

    def texts(self, key: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """A list of non-empty strings."""
        value = self._value(key, None if default is None else list(default))
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            raise self.error(key, f"a list of non-empty strings is expected, found {value!r}")
        return tuple(value)

    def path(self, key: str) -> Path:
        """A path, relative to the file's folder unless absolute."""
        return Path(self._source).parent / self.text(key)

    def integer(self, key: str, default: int | None = None) -> int:
        """An integer: a decimal string, or a TOML integer below 2^53."""
        value = self._value(key, default)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 78:
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(key, f"a decimal string or an integer is expected, found {value!r}")
        if default is None and abs(value) >= _MAX_TOML_INTEGER:
            raise self.error(key, "integers from 2^53 on are written as decimal strings")
        return value

    def bounded_integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """An integer within [low, high]."""
        value = self.integer(key, default)
        self.bounded(key, value, low, high)
        return value

    def seconds(self, key: str, low: float, high: float, default: float) -> float:
        """A number of seconds within [low, high]."""
        value = self._value(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(key, f"a number of seconds is expected, found {value!r}")
        if not low <= value <= high:
            raise self.error(key, f"{value} is outside {low} … {high}")
        return float(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._value(key, default)
        if not isinstance(value, bool):
            raise self.error(key, f"true or false is expected, found {value!r}")
        return value

    def hexadecimal(self, key: str, size: int) -> bytes:
        """Bytes in hexadecimal."""
        return self._bytes(key, self.text(key), size)

    def address(self, key: str) -> str:
        """A contract or account, checksummed; a wrong checksum is refused."""
        return self._address(key, self.text(key))

    def addresses(self, key: str) -> tuple[str, ...]:
        """A list of addresses; absent, it is empty."""
        return tuple(self._address(key, text) for text in self.texts(key, ()))

    def bounded(self, key: str, value: int, low: int, high: int) -> None:
        """Refuse a value outside [low, high]."""
        if not low <= value <= high:
            raise self.error(key, f"{value} is outside {low} … {high}")

    def refuse_unread(self) -> None:
        """Refuse keys that nobody asked for, here and in the tables that were read."""
        unknown = sorted(set(self._table) - self._read)
        if unknown:
            known = ", ".join(sorted(self._read))
            raise self.error(unknown[0], f"unknown key; known here: {known}")
        for child in self._children:
            child.refuse_unread()

    def _child(self, name: str, table: Mapping[str, Any]) -> Section:
        child = Section(self._source, name, table)
        self._children.append(child)
        return child

    def _path(self, key: str) -> str:
        return f"{self._name}.{key}".lstrip(".")

    def _bytes(self, key: str, text: str, size: int) -> bytes:
        try:
            data = bytes.fromhex(text.removeprefix("0x"))
        except ValueError:
            raise self.error(key, f"{text!r} is not hexadecimal") from None
        if len(data) != size:
            raise self.error(key, f"{len(data)} bytes instead of {size}")
        return data

    def _address(self, key: str, text: str) -> str:
        address = to_checksum_address(self._bytes(key, text, 20))
        if is_checksum_formatted_address(text) and text != address:
            raise self.error(key, f"{text} has a wrong checksum: a typing error?")
        return address

    def _value(self, key: str, default: object) -> object:
        self._read.add(key)
        if key not in self._table and default is None:
            raise self.error(key, "missing")
        return self._table.get(key, default)
