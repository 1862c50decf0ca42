"""The container that .r1cs, .wtns, .zkey and .ptau share.

    magic 4 bytes | u32 version | u32 count | count × (u32 type, u64 length, payload)

All integers are little-endian. Sections come in any order, each type once, and the file ends with
the last one. The file is memory-mapped and every length is checked against the file's before
anything is allocated, so a lying header costs nothing.
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from native.constants import FR_MODULUS
from prover.errors import MalformedFileError

Bytes = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
Piece = bytes | NDArray[np.generic]
Payload = Piece | tuple[Piece, ...]  # of a section to be written; pieces follow each other
MAX_SECTIONS = 64
_FILE_HEADER = struct.Struct("<4sII")
_SECTION_HEADER = struct.Struct("<IQ")


def map_file(path: str | Path) -> Bytes:
    """The bytes of a regular file, mapped read-only."""
    with open(path, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise MalformedFileError(str(path), "file", "not a regular file")
        if status.st_size == 0:
            raise MalformedFileError(str(path), "file", "empty")
        return np.memmap(file, dtype=np.uint8, mode="r")


class SectionFile:
    """The index of a container; sections are views into the mapped file."""

    def __init__(
        self, path: str | Path, magic: bytes, version: int, names: Mapping[int, str]
    ) -> None:
        self.source = str(path)
        self.data = map_file(path)
        self.names = names
        self._extents = self._index(magic, version)
        self.order = tuple(self._extents)

    def fail(self, section: str, reason: str) -> MalformedFileError:
        """The error to raise for a bad value."""
        return MalformedFileError(self.source, section, reason)

    def name(self, kind: int) -> str:
        """The name of a section type in messages."""
        return self.names.get(kind, f"section {kind}")

    def has(self, kind: int) -> bool:
        """Whether the section is there."""
        return kind in self._extents

    def offset(self, kind: int) -> int:
        """Where the section's payload starts in the file."""
        self.section(kind)
        return self._extents[kind][0]

    def section(self, kind: int, size: int | None = None) -> Bytes:
        """The payload of a required section, of exactly `size` bytes when given."""
        if kind not in self._extents:
            raise self.fail(self.name(kind), "missing")
        start, length = self._extents[kind]
        if size is not None and length != size:
            raise self.fail(self.name(kind), f"{size} bytes are expected, found {length}")
        return self.data[start : start + length]

    def cursor(self, kind: int, size: int | None = None) -> Cursor:
        """A reader over the payload of a required section."""
        return Cursor(self, self.name(kind), self.section(kind, size))

    def rows(self, kind: int, count: int, words: int) -> U64:
        """The payload as (count, words) u64; anything but count·words·8 bytes is refused."""
        payload = self.section(kind, count * words * 8)
        return np.frombuffer(payload, dtype="<u8").reshape(count, words)

    def _index(self, magic: bytes, version: int) -> dict[int, tuple[int, int]]:
        size = len(self.data)
        if size < _FILE_HEADER.size:
            raise self.fail("file", f"truncated: {size} bytes")
        found_magic, found_version, count = _FILE_HEADER.unpack_from(self.data.data, 0)
        if found_magic != magic:
            raise self.fail("file", f"magic {magic!r} is expected, found {found_magic!r}")
        if found_version != version:
            raise self.fail("file", f"version {version} is expected, found {found_version}")
        if count > MAX_SECTIONS:
            raise self.fail("file", f"{count} sections, more than {MAX_SECTIONS}")
        extents: dict[int, tuple[int, int]] = {}
        position = _FILE_HEADER.size
        for _ in range(count):
            position = self._index_one(position, extents)
        if position != size:
            raise self.fail("file", f"{size - position} bytes follow the last section")
        return extents

    def _index_one(self, position: int, extents: dict[int, tuple[int, int]]) -> int:
        size = len(self.data)
        if position + _SECTION_HEADER.size > size:
            raise self.fail("file", f"truncated in the section header at byte {position}")
        kind, length = _SECTION_HEADER.unpack_from(self.data.data, position)
        start = position + _SECTION_HEADER.size
        if length > size - start:
            left = size - start
            raise self.fail(self.name(kind), f"claims {length} bytes, the file has {left} left")
        if kind in extents:
            raise self.fail(self.name(kind), "occurs twice")
        extents[kind] = (start, length)
        return start + int(length)


class Cursor:
    """Sequential reading of one section, with bounds checked at every step."""

    def __init__(self, file: SectionFile, name: str, data: Bytes) -> None:
        self.file = file
        self.name = name
        self.data = data
        self.position = 0

    def take(self, size: int) -> Bytes:
        """The next `size` bytes, still mapped."""
        left = len(self.data) - self.position
        if size > left:
            raise self.file.fail(self.name, f"truncated: {size} bytes wanted, {left} left")
        self.position += size
        return self.data[self.position - size : self.position]

    def bytes(self, size: int) -> bytes:
        """The next `size` bytes, copied."""
        return self.take(size).tobytes()

    def u32(self) -> int:
        """A little-endian 32-bit integer."""
        return int.from_bytes(self.bytes(4), "little")

    def u64(self) -> int:
        """A little-endian 64-bit integer."""
        return int.from_bytes(self.bytes(8), "little")

    def limbs(self, words: int) -> U64:
        """The next point or field element as (words,) u64, copied."""
        return np.frombuffer(self.bytes(8 * words), dtype="<u8").astype(np.uint64)

    def prime(self, expected: int) -> None:
        """A field size in bytes and the modulus itself, which must be the expected one."""
        if (size := self.u32()) != 32:
            raise self.file.fail(self.name, f"field elements of {size} bytes, 32 are expected")
        if (found := int.from_bytes(self.bytes(32), "little")) != expected:
            raise self.file.fail(self.name, f"modulus {found} is not BN254's {expected}")

    def finish(self) -> None:
        """Refuse bytes after the last field."""
        if left := len(self.data) - self.position:
            raise self.file.fail(self.name, f"{left} bytes too many")


def prime_bytes(prime: int = FR_MODULUS) -> bytes:
    """A field size and its modulus, as headers hold them."""
    return struct.pack("<I", 32) + prime.to_bytes(32, "little")


def write_sections(
    path: str | Path,
    magic: bytes,
    version: int,
    sections: Iterable[tuple[int, Payload]],
) -> None:
    """Write a container, its sections in the given order; replaces the file only when complete."""
    sections = list(sections)
    temporary = Path(f"{path}.partial")
    with open(temporary, "wb") as file:
        file.write(_FILE_HEADER.pack(magic, version, len(sections)))
        for kind, payload in sections:
            _write_section(file, kind, payload)
    temporary.replace(path)


def _write_section(file: BinaryIO, kind: int, payload: Payload) -> None:
    pieces = payload if isinstance(payload, tuple) else (payload,)
    sizes = [p.nbytes if isinstance(p, np.ndarray) else len(p) for p in pieces]
    file.write(_SECTION_HEADER.pack(kind, sum(sizes)))
    for piece in pieces:
        if isinstance(piece, np.ndarray):
            np.ascontiguousarray(piece).tofile(file)
        else:
            file.write(piece)
