"""Strict JSON values: every integer is a canonical decimal string, bytes are 0x-prefixed hex.

A JSON number is refused wherever an integer is due: parsers in other languages round it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NoReturn

from circuits.spec.refusal import MalformedTransactionError
from native.errors import MalformedError

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,77}", re.ASCII)
_HEX = re.compile(r"0x(?:[0-9a-f]{2})*", re.ASCII)


class Reader:
    """Reads members of one JSON object; errors name the source and the member."""

    def __init__(
        self, value: object, source: str, error: type[MalformedError] = MalformedError
    ) -> None:
        self._source = source
        self._error = error
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            self.fail("json", f"an object is due, found {type(value).__name__}")
        self._members: Mapping[str, object] = value
        self._unread = set(value)

    def fail(self, section: str, reason: str) -> NoReturn:
        """Raise the reader's error for one member."""
        if self._error is MalformedTransactionError:
            raise MalformedTransactionError(section, reason, self._source)
        raise self._error(self._source, section, reason)

    def value(self, name: str) -> object:
        """A required member, as parsed."""
        if name not in self._members:
            self.fail(name, "missing")
        self._unread.discard(name)
        return self._members[name]

    def integer(self, name: str, bound: int) -> int:
        """A canonical decimal string of an integer below `bound`."""
        return self.integer_value(self.value(name), name, bound)

    def integer_value(self, value: object, name: str, bound: int) -> int:
        """The same for a value that is not itself a member."""
        if not isinstance(value, str):
            self.fail(name, f"a decimal string is due, found {type(value).__name__}")
        if _DECIMAL.fullmatch(value) is None:
            self.fail(name, f"not a canonical decimal string: {value!r:.90}")
        number = int(value)
        if number >= bound:
            self.fail(name, f"{number} is not below {bound}")
        return number

    def integers(self, name: str, length: int, bound: int) -> tuple[int, ...]:
        """A list of exactly `length` integers below `bound`."""
        items = self.items(name, length)
        return tuple(
            self.integer_value(item, f"{name}[{i}]", bound) for i, item in enumerate(items)
        )

    def items(self, name: str, length: int | None = None) -> list[object]:
        """A list, of exactly `length` items when given."""
        value = self.value(name)
        if not isinstance(value, list):
            self.fail(name, f"a list is due, found {type(value).__name__}")
        if length is not None and len(value) != length:
            self.fail(name, f"{length} items are due, found {len(value)}")
        return value

    def text(self, name: str) -> str:
        """A string."""
        value = self.value(name)
        if not isinstance(value, str):
            self.fail(name, f"a string is due, found {type(value).__name__}")
        return value

    def data(self, name: str, max_bytes: int) -> bytes:
        """Bytes as lower-case hex with 0x in front."""
        return self.data_value(self.value(name), name, max_bytes)

    def data_value(self, value: object, name: str, max_bytes: int) -> bytes:
        """The same for a value that is not itself a member."""
        if not isinstance(value, str):
            self.fail(name, f"a string is due, found {type(value).__name__}")
        if len(value) > 2 + 2 * max_bytes:
            self.fail(name, f"more than {max_bytes} bytes")
        if _HEX.fullmatch(value) is None:
            self.fail(name, f"not 0x and pairs of lower-case hex digits: {value!r:.90}")
        return bytes.fromhex(value[2:])

    def child(self, value: object, name: str) -> Reader:
        """A reader of an object inside this one."""
        return Reader(value, f"{self._source}: {name}", self._error)

    def finish(self) -> None:
        """Refuse members that nobody read."""
        if self._unread:
            self.fail(min(self._unread), "unknown member")


def hex_data(data: bytes) -> str:
    """The JSON string of some bytes."""
    return "0x" + data.hex()
