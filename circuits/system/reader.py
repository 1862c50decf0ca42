"""The reader of the circuit file.

It trusts nothing: section lengths are compared with the sizes and with the length of the file
before anything is allocated, then the contents are validated.
"""

from __future__ import annotations

import os
import struct
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from circuits.system import validation
from circuits.system.errors import MalformedCircuitError
from circuits.system.layout import (
    ENTRY,
    LIMIT,
    MAGIC,
    PREFIX,
    SECTIONS,
    SIZES,
    VERSION,
    Place,
    array_shapes,
    section_places,
)
from circuits.system.r1cs import R1CS, SparseMatrix
from circuits.system.witness_program import WitnessProgram

Array = NDArray[Any]


class CircuitReader:
    """Reads one open file; `source` names it in errors."""

    def __init__(self, file: BinaryIO, source: str) -> None:
        self._file = file
        self._source = source
        self._length = os.fstat(file.fileno()).st_size

    def read(self) -> tuple[R1CS, WitnessProgram]:
        """The contents, or MalformedCircuitError."""
        places = self._section_table()
        sizes = self._sizes(places[0])
        self._compare_lengths(places, sizes)
        parts = self._arrays(places, sizes)
        digest = self._bytes(places[1], "digest")
        input_names = self._input_names(places[2])
        return self._checked(parts, sizes, digest, input_names)

    def _fail(self, section: str, reason: str) -> MalformedCircuitError:
        return MalformedCircuitError(self._source, section, reason)

    def _bytes(self, place: Place, section: str) -> bytes:
        """The bytes at `place`, which is known to lie within the file."""
        self._file.seek(place[0])
        data = self._file.read(place[1])
        if len(data) != place[1]:
            raise self._fail(section, "the file shrank while it was read")
        return data

    def _section_table(self) -> list[Place]:
        table_end = PREFIX.size + ENTRY.size * len(SECTIONS)
        if self._length < PREFIX.size:
            raise self._fail("header", f"truncated: {self._length} bytes")
        magic, version, count = PREFIX.unpack(self._bytes((0, PREFIX.size), "header"))
        if magic != MAGIC:
            raise self._fail("header", f"magic is {magic!r}, want {MAGIC!r}")
        if version != VERSION:
            raise self._fail("header", f"version is {version}, this reader knows {VERSION}")
        if count != len(SECTIONS):
            raise self._fail("header", f"{count} sections, want {len(SECTIONS)}")
        if self._length < table_end:
            raise self._fail("section table", f"truncated: {self._length} bytes")
        table = self._bytes((PREFIX.size, table_end - PREFIX.size), "section table")
        return self._checked_table(list(ENTRY.iter_unpack(table)))

    def _checked_table(self, entries: list[tuple[int, int, int, int]]) -> list[Place]:
        expected = section_places([length for *_, length in entries])
        for kind, (entry, (offset, length)) in enumerate(zip(entries, expected, strict=True)):
            if entry != (kind, 0, offset, length):
                raise self._fail(SECTIONS[kind], f"table entry {entry} does not fit the layout")
            if offset + length > self._length:
                raise self._fail(
                    SECTIONS[kind], f"ends at {offset + length}, the file at {self._length}"
                )
        self._require_zero_gaps(expected)
        end = sum(expected[-1])
        if end != self._length:
            raise self._fail("end", f"{self._length - end} bytes after the last section")
        return expected

    def _require_zero_gaps(self, places: list[Place]) -> None:
        position = PREFIX.size + ENTRY.size * len(SECTIONS)
        for kind, (offset, length) in enumerate(places):
            if any(self._bytes((position, offset - position), SECTIONS[kind])):
                raise self._fail(SECTIONS[kind], "bytes other than zero before the section")
            position = offset + length

    def _sizes(self, place: Place) -> dict[str, int]:
        if place[1] != 8 * len(SIZES):
            raise self._fail("sizes", f"{place[1]} bytes, want {8 * len(SIZES)}")
        values = struct.unpack(f"<{len(SIZES)}Q", self._bytes(place, "sizes"))
        sizes = dict(zip(SIZES, values, strict=True))
        for name, value in sizes.items():
            if value >= LIMIT:
                raise self._fail("sizes", f"{name} = {value} is not below {LIMIT}")
        return sizes

    def _compare_lengths(self, places: list[Place], sizes: dict[str, int]) -> None:
        for kind, (dtype, count) in array_shapes(sizes).items():
            want = np.dtype(dtype).itemsize * count
            if places[kind][1] != want:
                raise self._fail(
                    SECTIONS[kind], f"{places[kind][1]} bytes, but the sizes ask for {want}"
                )
        if places[1][1] != 32:
            raise self._fail("digest", f"{places[1][1]} bytes, want 32")

    def _arrays(self, places: list[Place], sizes: dict[str, int]) -> dict[str, Array]:
        arrays: dict[str, Array] = {}
        for kind, (dtype, count) in array_shapes(sizes).items():
            self._file.seek(places[kind][0])
            array = np.fromfile(self._file, dtype=dtype, count=count)
            if len(array) != count:
                raise self._fail(SECTIONS[kind], "the file shrank while it was read")
            arrays[SECTIONS[kind]] = array
        return arrays

    def _input_names(self, place: Place) -> tuple[tuple[str, int], ...]:
        data, names, position = self._bytes(place, "inputs"), [], 0
        while position < len(data):
            if len(data) - position < 8:
                raise self._fail("inputs", "truncated entry")
            count, length = struct.unpack_from("<II", data, position)
            position += 8
            if length > len(data) - position:
                raise self._fail("inputs", f"a name of {length} bytes passes the section's end")
            names.append((self._name(data[position : position + length]), count))
            position += length
        return tuple(names)

    def _name(self, raw: bytes) -> str:
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            raise self._fail("inputs", "a name is not UTF-8") from error

    def _checked(
        self,
        parts: dict[str, Array],
        sizes: dict[str, int],
        digest: bytes,
        input_names: tuple[tuple[str, int], ...],
    ) -> tuple[R1CS, WitnessProgram]:
        a, b, c, pool = (
            SparseMatrix(parts[f"{name} starts"], parts[f"{name} wires"], parts[f"{name} coefs"])
            for name in ("a", "b", "c", "pool")
        )
        r1cs = R1CS(
            n_wires=sizes["n_wires"],
            n_public=sizes["n_public"],
            n_public_outputs=sizes["n_public_outputs"],
            n_private_inputs=sizes["n_private_inputs"],
            n_constraints=sizes["n_constraints"],
            a=a,
            b=b,
            c=c,
            coefficients=parts["coefficients"].reshape(-1, 4),
        )
        program = WitnessProgram(
            n_wires=sizes["n_wires"],
            input_names=input_names,
            ops=parts["ops"].reshape(-1, 6),
            segments=parts["segments"].reshape(-1, 3),
            lc_indptr=pool.indptr,
            lc_wires=pool.wires,
            lc_coefs=pool.coefs,
            table=parts["table"].reshape(-1, 4),
        )
        try:
            validation.validate_r1cs(r1cs)
            validation.validate_program(program, r1cs)
        except validation.InvalidPart as error:
            raise self._fail(error.section, error.reason) from error
        if r1cs.digest() != digest:
            raise self._fail("digest", "the constraint system does not have this digest")
        return r1cs, program
