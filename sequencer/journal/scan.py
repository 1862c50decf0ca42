"""Reading a journal back: verify every frame, and tell a cut-off tail from damage.

A crash leaves a prefix of what was being appended, or, after power loss, space that was allocated
but never filled. So a frame that the file ends inside of, and a rest of only zero bytes, are a
*tail*: nothing in it was acknowledged, and it may go. Anything else that does not verify is damage
to records that were acknowledged, and no program may guess its way past that: JournalCorruptError
names the offset and reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from sequencer.errors import JournalCorruptError
from sequencer.journal import frame
from sequencer.journal.frame import Record

_ZERO_CHUNK = 1 << 16


class Scanner:
    """Iterates over a journal's records; then `good_end` and `torn_reason` describe its tail."""

    def __init__(self, path: Path, domain: bytes) -> None:
        self._path = path
        self._domain = domain
        self.good_end = 0
        self.torn_reason: str | None = None
        self.chain_hash = frame.first_chain_hash(domain)
        self.next_sequence = 0

    def records(self) -> Iterator[Record]:
        """Every verified record in order; raises JournalCorruptError at the first damaged one."""
        with self._path.open("rb") as file:
            if not self._read_file_header(file):
                return
            while (record := self._read_record(file)) is not None:
                yield record

    def _read_file_header(self, file: BinaryIO) -> bool:
        expected = frame.file_header(self._domain)
        found = file.read(frame.FILE_HEADER_SIZE)
        if len(found) < len(expected) and expected.startswith(found):
            self.torn_reason = f"the file ends inside its header after {len(found)} bytes"
            return False
        if found != expected:
            raise self._corrupt(_header_problem(found, expected))
        self.good_end = frame.FILE_HEADER_SIZE
        return True

    def _read_record(self, file: BinaryIO) -> Record | None:
        header = file.read(frame.FRAME_HEADER_SIZE)
        if len(header) < frame.FRAME_HEADER_SIZE:
            if header:
                self.torn_reason = (
                    f"the file ends inside a frame header ({len(header)} of 20 bytes)"
                )
            return None
        if not any(header) and _only_zeros(file):
            self.torn_reason = "the rest of the file is allocated but was never written"
            return None
        try:
            length, kind = frame.decode_header(header, self.next_sequence)
            rest = file.read(length + frame.CHAIN_HASH_SIZE)
            if len(rest) < length + frame.CHAIN_HASH_SIZE:
                self.torn_reason = f"the file ends inside record {self.next_sequence}"
                return None
            self.chain_hash = frame.check_chain(header + rest, self.chain_hash)
        except frame.FrameError as error:
            raise self._corrupt(str(error)) from None
        self.good_end += frame.frame_size(length)
        self.next_sequence += 1
        payload = rest[:length]
        return Record(self.next_sequence - 1, kind, payload, self.chain_hash, self.good_end)

    def _corrupt(self, reason: str) -> JournalCorruptError:
        return JournalCorruptError(str(self._path), self.good_end, reason)


def _header_problem(found: bytes, expected: bytes) -> str:
    if found[:8] != expected[:8]:
        return f"not a journal: magic {found[:8].hex()} instead of {expected[:8].hex()}"
    if found[8:12] != expected[8:12]:
        version = int.from_bytes(found[8:12], "little")
        return f"format version {version}; this program reads version {frame.VERSION}"
    if found[16:] != expected[16:]:
        return "the journal belongs to another deployment: its domain is not the configured one"
    return "file header checksum does not match"


def _only_zeros(file: BinaryIO) -> bool:
    while chunk := file.read(_ZERO_CHUNK):
        if any(chunk):
            return False
    return True
