"""Strict reading of snarkjs JSON: every large integer is a canonical decimal string.

JSON numbers are refused where a field element is due, because parsers in other languages round
them; so are signs, leading zeros, hexadecimal, duplicate keys and files of absurd size.
"""

from __future__ import annotations

import json
import re
from itertools import accumulate
from pathlib import Path
from typing import Any

from native.errors import MalformedError
from verifier.points import Fp2, G1Point, G2Point

MAX_JSON_BYTES = 16 << 20
MAX_NESTING = 8
_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,77})", re.ASCII)


class JsonDocument:
    """One parsed JSON text that knows its source, so that errors can name it."""

    def __init__(self, text: str | bytes, source: str, error: type[MalformedError]) -> None:
        self.source = source
        self.error = error
        self.value: Any = self._parse(text)

    def fail(self, section: str, reason: str) -> MalformedError:
        """The error to raise for a bad value."""
        return self.error(self.source, section, reason)

    def object(self) -> dict[str, Any]:
        """The document as an object."""
        if not isinstance(self.value, dict):
            raise self.fail("json", "an object is expected")
        return self.value

    def member(self, name: str) -> Any:
        """A required member of the top-level object."""
        if name not in self.object():
            raise self.fail(name, "missing")
        return self.value[name]

    def constant(self, name: str, expected: str) -> None:
        """A member that has one permitted value."""
        if self.member(name) != expected:
            raise self.fail(name, f"expected {expected!r}, found {self.value[name]!r:.60}")

    def items(self, value: Any, section: str, length: int | None = None) -> list[Any]:
        """A list, of exactly `length` items when given."""
        if not isinstance(value, list):
            raise self.fail(section, "a list is expected")
        if length is not None and len(value) != length:
            raise self.fail(section, f"{length} items are expected, found {len(value)}")
        return value

    def integer(self, value: Any, section: str, bound: int) -> int:
        """A canonical decimal string below `bound`."""
        if not isinstance(value, str):
            raise self.fail(section, f"a decimal string is expected, found {type(value).__name__}")
        if _DECIMAL.fullmatch(value) is None:
            raise self.fail(section, f"not a canonical decimal string: {value!r:.90}")
        number = int(value)
        if number >= bound:
            raise self.fail(section, f"{number} is not below the modulus {bound}")
        return number

    def g1(self, value: Any, section: str, bound: int) -> G1Point:
        """[x, y, "1"]; the third coordinate "0" (infinity) is refused."""
        x, y, z = self.items(value, section, 3)
        if z != "1":
            raise self.fail(section, f'third coordinate must be "1" (no infinity), found {z!r:.40}')
        return self.integer(x, section, bound), self.integer(y, section, bound)

    def g2(self, value: Any, section: str, bound: int) -> G2Point:
        """[[x.c0, x.c1], [y.c0, y.c1], ["1", "0"]]."""
        x, y, z = self.items(value, section, 3)
        if z != ["1", "0"]:
            raise self.fail(section, f'third coordinate must be ["1", "0"], found {z!r:.40}')
        return self._fp2(x, section, bound), self._fp2(y, section, bound)

    def _fp2(self, value: Any, section: str, bound: int) -> Fp2:
        c0, c1 = self.items(value, section, 2)
        return self.integer(c0, section, bound), self.integer(c1, section, bound)

    def _parse(self, text: str | bytes) -> Any:
        if len(text) > MAX_JSON_BYTES:
            raise self.fail("json", f"larger than {MAX_JSON_BYTES} bytes")
        try:
            text = text.decode() if isinstance(text, bytes) else text
            if _nesting(text) > MAX_NESTING:
                raise self.fail("json", f"nested deeper than {MAX_NESTING} levels")
            return json.loads(text, object_pairs_hook=self._unique)
        except ValueError as problem:
            raise self.fail("json", f"not valid JSON: {problem}") from problem

    def _unique(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) != len(pairs):
            raise self.fail("json", "a key occurs twice")
        return result


def _nesting(text: str) -> int:
    """The deepest nesting of brackets: json.loads overflows the C stack when libraries imported
    beside it (py_ecc does) raise the recursion limit. None of our strings holds a bracket."""
    steps = (1 if match[0] in "[{" else -1 for match in re.finditer(r"[][{}]", text))
    return max(accumulate(steps), default=0)


def read_text(path: str | Path, error: type[MalformedError]) -> bytes:
    """The bytes of a JSON file, refused before reading when absurdly large."""
    path = Path(path)
    if path.stat().st_size > MAX_JSON_BYTES:
        raise error(str(path), "json", f"larger than {MAX_JSON_BYTES} bytes")
    return path.read_bytes()
