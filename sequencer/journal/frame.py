"""The bytes of a journal file: a file header, then frames, each chained to the one before.

    file header (48 bytes)
        0   8  magic "TALLYJRN"
        8   4  format version, little-endian like every integer here
       12   4  CRC-32 of the other 44 bytes
       16  32  domain: identifies the deployment whose transactions are journaled
    frame
        0   4  payload length n
        4   2  kind
        6   2  zero
        8   8  sequence number: 0, 1, 2, …
       16   4  CRC-32 of the 16 bytes before
       20   n  payload
     20+n  32  chain hash = SHA-256(previous chain hash ‖ the first 20 bytes ‖ payload)

The chain hash before the first frame is SHA-256 of the file header. The frame header has a
checksum of its own so that a damaged length is recognised as damage, and not taken for a frame cut
off by a crash.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass

MAGIC = b"TALLYJRN"
VERSION = 1
FILE_HEADER_SIZE = 48
FRAME_HEADER_SIZE = 20
CHAIN_HASH_SIZE = 32
MAX_PAYLOAD = 1 << 24

_FRAME_FIELDS = struct.Struct("<IHHQ")
_CRC = struct.Struct("<I")


@dataclass(frozen=True)
class Record:
    """One journaled record and the chain hash that covers it and everything before it."""

    sequence: int
    kind: int
    payload: bytes
    chain_hash: bytes
    end_offset: int


def file_header(domain: bytes) -> bytes:
    """The 48 bytes at the start of a journal for the 32-byte `domain`."""
    if len(domain) != 32:
        raise ValueError(f"the journal domain has 32 bytes, got {len(domain)}")
    start = MAGIC + VERSION.to_bytes(4, "little")
    return start + _CRC.pack(zlib.crc32(start + domain)) + domain


def first_chain_hash(domain: bytes) -> bytes:
    """The chain hash before the first frame."""
    return hashlib.sha256(file_header(domain)).digest()


def frame_size(payload_length: int) -> int:
    """Bytes that a frame with such a payload takes."""
    return FRAME_HEADER_SIZE + payload_length + CHAIN_HASH_SIZE


def encode_frame(sequence: int, kind: int, payload: bytes, previous: bytes) -> tuple[bytes, bytes]:
    """The frame's bytes and its chain hash."""
    if len(payload) > MAX_PAYLOAD:
        raise ValueError(f"a journal payload has at most {MAX_PAYLOAD} bytes, got {len(payload)}")
    fields = _FRAME_FIELDS.pack(len(payload), kind, 0, sequence)
    header = fields + _CRC.pack(zlib.crc32(fields))
    chain_hash = hashlib.sha256(previous + header + payload).digest()
    return header + payload + chain_hash, chain_hash


class FrameError(ValueError):
    """A complete frame that is not what was written."""


def decode_header(data: bytes, sequence: int) -> tuple[int, int]:
    """Payload length and kind out of 20 bytes; FrameError says what is wrong."""
    (checksum,) = _CRC.unpack_from(data, 16)
    if zlib.crc32(data[:16]) != checksum:
        raise FrameError("frame header checksum does not match")
    length, kind, zero, found = _FRAME_FIELDS.unpack_from(data)
    if zero != 0 or length > MAX_PAYLOAD:
        raise FrameError(
            f"frame header holds an impossible length {length} or a set reserved field"
        )
    if found != sequence:
        raise FrameError(f"record {found} stands where record {sequence} belongs")
    return length, kind


def check_chain(data: bytes, previous: bytes) -> bytes:
    """The chain hash at the end of a whole frame, recomputed; FrameError if it does not match."""
    body, stored = data[:-CHAIN_HASH_SIZE], data[-CHAIN_HASH_SIZE:]
    if hashlib.sha256(previous + body).digest() != stored:
        raise FrameError("chain hash does not match the record and its predecessors")
    return stored
