"""The proving key: one file, memory-mapped, whose arrays go to the kernels as they lie there.

Opening reads page 0 alone and checks its digest and all sizes, so it takes well under a millisecond
at any size; `ProvingKey.verify_sections` reads and checks the rest. `key_layout.py` draws the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from circuits.system.r1cs import SparseMatrix
from native import api
from native.constants import FR_TWO_ADICITY
from prover.errors import MalformedFileError
from prover.groth16.key_layout import (
    ENTRY,
    FLAG_DEVELOPMENT,
    HEADER,
    LAYOUT,
    MAGIC,
    OPTIONAL,
    PAGE,
    VERSION,
    Content,
    KeySizes,
    next_page,
    page_digest,
    write_sections,
)
from prover.snarkjs.container import U32, U64, map_file
from verifier.keys import VerifyingKey

_LARGEST = 1 << 32


@dataclass(frozen=True)
class _Extent:
    offset: int
    length: int
    sha256: bytes


class ProvingKey:
    """An open proving key; arrays are views into the mapped file."""

    def __init__(self, path: str | Path) -> None:
        self.source = str(path)
        self._data = map_file(path)
        if len(self._data) < PAGE:
            raise self._fail("header", f"truncated: {len(self._data)} bytes")
        page = self._data[:PAGE].tobytes()
        self.sizes, count, self.digest = self._read_header(page)
        self._extents = self._read_index(page, count)
        self._check_shapes()

    @property
    def development(self) -> bool:
        """Whether the key's secrets were known to the machine that made it."""
        return self.sizes.development

    @property
    def size_bytes(self) -> int:
        """The length of the file."""
        return len(self._data)

    @property
    def section_names(self) -> list[str]:
        """The sections that the file has, in file order."""
        return list(self._extents)

    def array(self, name: str) -> NDArray[np.generic]:
        """A section as an array of its layout; single-column sections are one-dimensional."""
        dtype, width = LAYOUT[name]
        extent = self._extents[name]
        data = self._data[extent.offset : extent.offset + extent.length].view(dtype)
        return data if width == 1 else data.reshape(-1, width)

    def points(self, name: str) -> U64:
        """A section of points."""
        return self.array(name)  # type: ignore[return-value]

    @property
    def copied_bytes(self) -> int:
        """Memory that points take which do not go to the kernels as they lie in the file."""
        return 0

    def span(self, first: str, last: str, *, threads: int = 0) -> U64:
        """Neighbouring sections of one group's points as one array.

        Rows between the sections belong to none; give them scalar zero.
        """
        start, end = self._extents[first].offset, self._extents[last]
        data = self._data[start : end.offset + end.length]
        return data.view(np.uint64).reshape(-1, LAYOUT[first][1])

    def span_rows(self, first: str, last: str) -> tuple[int, dict[str, int]]:
        """How many rows `span` has, and the row at which each of its sections starts."""
        names = list(self._extents)
        chosen = names[names.index(first) : names.index(last) + 1]
        start, end = self._extents[first].offset, self._extents[last]
        starts = {name: (self._extents[name].offset - start) // 64 for name in chosen}
        return (end.offset + end.length - start) // 64, starts

    def wires(self, name: str) -> U32:
        """A section of wire numbers, checked against the number of wires."""
        wires = self._u32(name)
        self._check_below(name, wires, self.sizes.n_wires)
        return wires

    @cached_property
    def coefficients(self) -> U64:
        """The distinct coefficients of the matrices, Montgomery."""
        return self.points("coefficients")

    def has_c(self) -> bool:
        """Whether the key holds matrix C, which names a violated constraint."""
        return "C.indptr" in self.section_names

    @cached_property
    def wire_lists(self) -> dict[str, U32]:
        """The wires of the points a, of b1 and b2, and of c, checked once."""
        return {name: self.wires(f"{name}_wires") for name in "abc"}

    @cached_property
    def matrices(self) -> dict[str, SparseMatrix]:
        """Matrices A and B, their indices checked once."""
        return {name: self._matrix(name) for name in "AB"}

    @cached_property
    def matrix_c(self) -> SparseMatrix | None:
        """Matrix C, if the key holds it, its indices checked once."""
        return self._matrix("C") if self.has_c() else None

    @cached_property
    def verifying_key(self) -> VerifyingKey:
        """The verification key, validated."""
        g1 = np.concatenate([self.points("alpha1"), self.points("ic")])
        g2 = np.concatenate([self.points(name) for name in ("beta2", "gamma2", "delta2")])
        key = verifying_key_from_points(g1, g2, development=self.development)
        key.validate(self.source)
        return key

    def refuse_outside_development(self, chain_id: int | None) -> None:
        """Raise `DevelopmentKeyError` for a development key unless `chain_id` is on the list."""
        if self.development:
            self.verifying_key.refuse_outside_development(-1 if chain_id is None else chain_id)

    def verify_sections(self) -> None:
        """Hash every section; `MalformedFileError` names the first that was changed."""
        for name, extent in self._extents.items():
            data = self._data[extent.offset : extent.offset + extent.length]
            if hashlib.sha256(data.data).digest() != extent.sha256:
                raise self._fail(name, "content does not match its digest")

    def _u32(self, name: str) -> U32:
        return self.array(name)  # type: ignore[return-value]

    def _matrix(self, name: str) -> SparseMatrix:
        indptr, wires, coefs = (self._u32(f"{name}.{p}") for p in ("indptr", "wires", "coefs"))
        ascending = (indptr[1:] >= indptr[:-1]).all()
        if indptr[0] != 0 or int(indptr[-1]) != len(wires) or not ascending:
            raise self._fail(f"{name}.indptr", "does not ascend from 0 to the number of terms")
        self._check_below(f"{name}.wires", wires, self.sizes.n_wires)
        self._check_below(f"{name}.coefs", coefs, len(self.coefficients))
        return SparseMatrix(indptr, wires, coefs)

    def _check_below(self, name: str, values: U32, bound: int) -> None:
        if len(values) and (largest := int(values.max())) >= bound:
            raise self._fail(name, f"{largest} is not below {bound}")

    def _fail(self, section: str, reason: str) -> MalformedFileError:
        return MalformedFileError(self.source, section, reason)

    def _read_header(self, page: bytes) -> tuple[KeySizes, int, bytes]:
        magic, version, flags, wires, public, constraints, log, count, circuit_id, digest = (
            HEADER.unpack_from(page)
        )
        if magic != MAGIC:
            raise self._fail("header", f"magic {MAGIC!r} is expected, found {magic!r}")
        if version != VERSION:
            raise self._fail("header", f"version {VERSION} is expected, found {version}")
        if digest != page_digest(page):
            raise self._fail("header", "content does not match its digest")
        if flags & ~FLAG_DEVELOPMENT:
            raise self._fail("header", f"unknown flags {flags:#x}")
        sizes = KeySizes(wires, public, constraints, log, circuit_id, bool(flags & 1))
        small = wires < _LARGEST and constraints < _LARGEST and log < FR_TWO_ADICITY
        if not (small and public < wires and sizes.n_rows <= 1 << log):
            raise self._fail("header", f"inconsistent sizes {sizes}")
        return sizes, count, digest

    def _read_index(self, page: bytes, count: int) -> dict[str, _Extent]:
        if count > len(LAYOUT):
            raise self._fail("header", f"{count} sections, more than {len(LAYOUT)}")
        extents: dict[str, _Extent] = {}
        expected = PAGE
        for i in range(count):
            raw, offset, length, digest = ENTRY.unpack_from(page, HEADER.size + i * ENTRY.size)
            name = raw.rstrip(b"\0").decode("ascii", "replace")
            if name not in LAYOUT or name in extents:
                raise self._fail("header", f"unknown or repeated section {name!r}")
            if offset != expected or offset + length > len(self._data):
                where = f"bytes {offset} to {offset + length} of a file of {len(self._data)}"
                raise self._fail(name, f"{where}; it should start at {expected}")
            extents[name] = _Extent(offset, length, digest)
            expected = next_page(offset + length)
        if missing := set(LAYOUT) - OPTIONAL - set(extents):
            raise self._fail(min(missing), "missing")
        if OPTIONAL & set(extents) not in (set(), OPTIONAL):
            raise self._fail("C.indptr", "matrix C is incomplete")
        if list(extents) != [name for name in LAYOUT if name in extents]:
            raise self._fail("header", "sections are out of order")
        if len(self._data) != expected:
            raise self._fail("file", f"{expected} bytes are expected, found {len(self._data)}")
        return extents

    def _check_shapes(self) -> None:
        for name, extent in self._extents.items():
            dtype, width = LAYOUT[name]
            if extent.length % (np.dtype(dtype).itemsize * width):
                raise self._fail(name, f"{extent.length} bytes are no whole number of rows")
        rows = {name: len(self.array(name)) for name in self._extents}
        expected = dict.fromkeys(("alpha1", "beta1", "beta2", "gamma2", "delta1", "delta2"), 1)
        expected |= {"ic": self.sizes.n_public + 1, "h": 1 << self.sizes.log_domain}
        expected |= {"a": rows["a_wires"], "c": rows["c_wires"]}
        expected |= {"b1": rows["b_wires"], "b2": rows["b_wires"]}
        for matrix in ("A", "B", *("C" * self.has_c())):
            expected[f"{matrix}.indptr"] = self.sizes.n_rows + 1
            expected[f"{matrix}.coefs"] = rows.get(f"{matrix}.wires", 0)
        for name, count in expected.items():
            if rows.get(name) != count:
                raise self._fail(name, f"{count} rows are expected, found {rows.get(name)}")


def verifying_key_from_points(g1: U64, g2: U64, *, development: bool = False) -> VerifyingKey:
    """The key of the points α, IC… and β, γ, δ, not validated; infinity becomes zeros, which
    validation refuses."""
    alpha, *ic = (api.g1_to_ints(point) or (0, 0) for point in g1)
    beta, gamma, delta = (api.g2_to_ints(point) or ((0, 0), (0, 0)) for point in g2)
    return VerifyingKey(alpha, beta, gamma, delta, tuple(ic), development)


def write_key(path: str | Path, sizes: KeySizes, sections: Mapping[str, Content]) -> ProvingKey:
    """Write the sections of a key, and open it."""
    write_sections(path, sizes, sections)
    return ProvingKey(path)
