"""Contributions to a ceremony as .zkey section 10 and .ptau section 7 hold them.

Parameters are tagged bytes in ascending order: 1 name (length, UTF-8), 2 logarithm of the beacon's
iterations, 3 beacon hash (length, bytes).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from prover.snarkjs.container import U64, Cursor

PLAIN = 0
BEACON = 1
MAX_NAME_BYTES = 64


@dataclass(frozen=True)
class Parameters:
    """What a contributor said: a name, or the public randomness of a beacon."""

    name: str | None = None
    log_iterations: int | None = None
    beacon_hash: bytes | None = None

    def encode(self) -> bytes:
        """The tagged bytes."""
        result = b""
        if self.name is not None:
            name = self.name.encode("utf-8")
            if len(name) > MAX_NAME_BYTES:
                raise ValueError(f"name of {len(name)} bytes, at most {MAX_NAME_BYTES}")
            result += bytes([1, len(name)]) + name
        if self.log_iterations is not None:
            result += bytes([2, self.log_iterations])
        if self.beacon_hash is not None:
            result += bytes([3, len(self.beacon_hash)]) + self.beacon_hash
        return result


@dataclass(frozen=True, eq=False)
class Contribution:
    """One phase-2 contribution: δ after it, a proof of knowledge of its factor, the transcript."""

    delta_after: U64
    g1_s: U64
    g1_sx: U64
    g2_spx: U64
    transcript: bytes
    kind: int
    parameters: Parameters

    def encode(self) -> bytes:
        """The bytes in section 10."""
        points = (self.delta_after, self.g1_s, self.g1_sx, self.g2_spx)
        parameters = self.parameters.encode()
        head = b"".join(point.astype("<u8").tobytes() for point in points) + self.transcript
        return head + struct.pack("<II", self.kind, len(parameters)) + parameters


def read_contribution(cursor: Cursor) -> Contribution:
    """Decode the next contribution of a .zkey."""
    contribution = Contribution(
        delta_after=cursor.limbs(8),
        g1_s=cursor.limbs(8),
        g1_sx=cursor.limbs(8),
        g2_spx=cursor.limbs(16),
        transcript=cursor.bytes(64),
        kind=cursor.u32(),
        parameters=read_parameters(cursor),
    )
    if contribution.kind not in (PLAIN, BEACON):
        raise cursor.file.fail(cursor.name, f"contribution type {contribution.kind}")
    return contribution


def read_parameters(cursor: Cursor) -> Parameters:
    """Decode a length-prefixed parameter list."""
    data = cursor.bytes(cursor.u32())
    values: dict[int, bytes] = {}
    position = 0
    while position < len(data):
        tag = data[position]
        length = 1 if tag == 2 else data[position + 1] if position + 1 < len(data) else 0
        start = position + (1 if tag == 2 else 2)
        if tag not in (1, 2, 3) or any(tag <= t for t in values) or start + length > len(data):
            raise cursor.file.fail(
                cursor.name, f"malformed parameters of a contribution, tag {tag}"
            )
        values[tag] = data[start : start + length]
        position = start + length
    return _parameters(cursor, values)


def _parameters(cursor: Cursor, values: dict[int, bytes]) -> Parameters:
    try:
        name = values[1].decode("utf-8") if 1 in values else None
    except UnicodeDecodeError as error:
        raise cursor.file.fail(cursor.name, "a contributor's name is not UTF-8") from error
    return Parameters(name, values[2][0] if 2 in values else None, values.get(3))


def all_points(contributions: Iterable[Contribution]) -> tuple[U64, U64]:
    """The G1 (n, 8) and G2 (m, 16) points of contributions, for checking."""
    g1 = [p for c in contributions for p in (c.delta_after, c.g1_s, c.g1_sx)]
    g2 = [c.g2_spx for c in contributions]
    return np.array(g1, dtype=np.uint64).reshape(-1, 8), np.array(g2, np.uint64).reshape(-1, 16)
