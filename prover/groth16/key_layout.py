"""How a proving key lies in its file, and the writing of one.

    page 0   header: magic "TALLYKEY" | u32 version | u32 flags | u64 wires, public, constraints
                     | u32 log₂ domain | u32 sections | circuit id 32 | digest 32
                     then for each section: name 16 | u64 offset | u64 length | SHA-256 32
    page 1…  the sections in the order of LAYOUT, each starting on the next page boundary, zeros
             between them

The digest is SHA-256 of page 0 with the digest itself zero; it commits to every section through
their hashes. The circuit id is the digest of the circuit's R1CS, zero when unknown.

A wire that a matrix never mentions has the point at infinity; such points are left out, and the
`…_wires` sections name the wires that remain. c, b1 and h are neighbours because one proof element
sums over all three: the few zeros between them are points at infinity.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from prover.snarkjs.container import Bytes

MAGIC = b"TALLYKEY"
VERSION = 1
PAGE = 4096
FLAG_DEVELOPMENT = 1
HEADER = struct.Struct("<8sIIQQQII32s32s")
ENTRY = struct.Struct("<16sQQ32s")
_DIGEST_OFFSET = HEADER.size - 32

# section -> (dtype, numbers in a row)
LAYOUT: Mapping[str, tuple[type[np.generic], int]] = {
    "alpha1": (np.uint64, 8),
    "beta1": (np.uint64, 8),
    "beta2": (np.uint64, 16),
    "gamma2": (np.uint64, 16),
    "delta1": (np.uint64, 8),
    "delta2": (np.uint64, 16),
    "ic": (np.uint64, 8),
    "a_wires": (np.uint32, 1),
    "b_wires": (np.uint32, 1),
    "c_wires": (np.uint32, 1),
    "a": (np.uint64, 8),
    "b2": (np.uint64, 16),
    "c": (np.uint64, 8),
    "b1": (np.uint64, 8),
    "h": (np.uint64, 8),
    "A.indptr": (np.uint32, 1),
    "A.wires": (np.uint32, 1),
    "A.coefs": (np.uint32, 1),
    "B.indptr": (np.uint32, 1),
    "B.wires": (np.uint32, 1),
    "B.coefs": (np.uint32, 1),
    "C.indptr": (np.uint32, 1),
    "C.wires": (np.uint32, 1),
    "C.coefs": (np.uint32, 1),
    "coefficients": (np.uint64, 4),
}
OPTIONAL = frozenset({"C.indptr", "C.wires", "C.coefs"})  # a .zkey does not hold C


@dataclass(frozen=True)
class KeySizes:
    """What the header says about the circuit."""

    n_wires: int
    n_public: int
    n_constraints: int
    log_domain: int
    circuit_id: bytes = bytes(32)
    development: bool = False

    @property
    def n_rows(self) -> int:
        """Constraints plus the rows of the constant and the public inputs."""
        return self.n_constraints + self.n_public + 1


def next_page(offset: int) -> int:
    """The first page boundary at or after an offset."""
    return -(-offset // PAGE) * PAGE


Content = NDArray[np.generic] | Iterable[NDArray[np.generic]]
"""A section: an array, or its pieces, each made when its turn to be written comes."""


def write_sections(path: str | Path, sizes: KeySizes, sections: Mapping[str, Content]) -> None:
    """Write a key file; it takes its name only when complete."""
    offset = PAGE
    entries = b""
    temporary = Path(f"{path}.partial")
    with open(temporary, "wb") as file:
        for name in (name for name in LAYOUT if name in sections):
            file.seek(offset)
            length, digest = _write_section(file, name, sections[name])
            entries += ENTRY.pack(name.encode(), offset, length, digest)
            offset = next_page(offset + length)
        file.truncate(offset)
        file.seek(0)
        file.write(_header_page(sizes, entries))
    temporary.replace(path)


def page_digest(page: bytes) -> bytes:
    """SHA-256 of a header page, its digest taken as zero."""
    return hashlib.sha256(page[:_DIGEST_OFFSET] + bytes(32) + page[_DIGEST_OFFSET + 32 :]).digest()


def with_digest(page: bytes) -> bytes:
    """A header page with its digest put in place."""
    return page[:_DIGEST_OFFSET] + page_digest(page) + page[_DIGEST_OFFSET + 32 :]


def _write_section(file: BinaryIO, name: str, content: Content) -> tuple[int, bytes]:
    """Write the pieces at the file's position; returns their length and SHA-256."""
    length, hasher = 0, hashlib.sha256()
    for piece in (content,) if isinstance(content, np.ndarray) else content:
        data = _section_bytes(name, piece)
        data.tofile(file)
        hasher.update(data.data)
        length += len(data)
    return length, hasher.digest()


def _section_bytes(name: str, array: NDArray[np.generic]) -> Bytes:
    dtype, _ = LAYOUT[name]
    return np.ascontiguousarray(array, dtype=dtype).reshape(-1).view(np.uint8)


def _header_page(sizes: KeySizes, entries: bytes) -> bytes:
    header = HEADER.pack(
        MAGIC,
        VERSION,
        FLAG_DEVELOPMENT if sizes.development else 0,
        sizes.n_wires,
        sizes.n_public,
        sizes.n_constraints,
        sizes.log_domain,
        len(entries) // ENTRY.size,
        sizes.circuit_id,
        bytes(32),
    )
    return with_digest((header + entries).ljust(PAGE, b"\0"))
