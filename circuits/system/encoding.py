"""The circuit file: constraint system and witness program in one, all that a prover needs.

All integers are little-endian; every section starts at a multiple of 64.

    magic "tallystk" (8) | u32 version = 1 | u32 number of sections
    per section: u32 kind | u32 0 | u64 offset | u64 length        (kinds in the order below)
    sections, the gaps filled with zeros; the file ends with the last section

     0 sizes     14 × u64, see `_SIZES`      1 digest    the circuit id, 32 bytes
     2 inputs    per input: u32 count, u32 length of the name, UTF-8 name
     3 coefficients  Fr Montgomery           4-6 a, 7-9 b, 10-12 c: row starts, wires, coefs (u32)
    13 ops i32 × 6   14 segments u32 × 3     15-17 pool: starts, wires, coefs   18 table  Fr

The reader trusts nothing: section lengths are compared with the sizes and with the length of the
file before anything is allocated, then the contents are checked (`circuits.system.validation`).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from circuits.system import validation
from circuits.system.errors import MalformedCircuitError
from circuits.system.r1cs import R1CS, SparseMatrix
from circuits.system.witness_program import WitnessProgram

MAGIC = b"tallystk"
VERSION = 1

_ALIGNMENT = 64
_PREFIX = struct.Struct("<8sII")
_ENTRY = struct.Struct("<IIQQ")
_SIZES = (
    "n_wires",
    "n_public",
    "n_public_outputs",
    "n_private_inputs",
    "n_constraints",
    "n_coefficients",
    "n_a_terms",
    "n_b_terms",
    "n_c_terms",
    "n_ops",
    "n_segments",
    "n_combinations",
    "n_pool_terms",
    "n_table",
)
_SECTIONS = (
    "sizes",
    "digest",
    "inputs",
    "coefficients",
    "a starts",
    "a wires",
    "a coefs",
    "b starts",
    "b wires",
    "b coefs",
    "c starts",
    "c wires",
    "c coefs",
    "ops",
    "segments",
    "pool starts",
    "pool wires",
    "pool coefs",
    "table",
)
_LIMIT = 1 << 31
"""Every size is below this: wire and term numbers are 32 bits wide."""

Array = NDArray[Any]
Place = tuple[int, int]


def write_circuit(path: str | os.PathLike[str], r1cs: R1CS, program: WitnessProgram) -> None:
    """Write the circuit file. It appears under its name only when it is complete."""
    payloads = _payloads(r1cs, program)
    target = Path(path)
    partial = target.with_name(f"{target.name}.partial")
    with partial.open("wb") as file:
        _write_sections(file, payloads)
    partial.replace(target)


def read_circuit(path: str | os.PathLike[str]) -> tuple[R1CS, WitnessProgram]:
    """Read a circuit file; MalformedCircuitError for anything `write_circuit` would not write."""
    with Path(path).open("rb") as file:
        return _Reader(file, os.fspath(path)).read()


def _payloads(r1cs: R1CS, program: WitnessProgram) -> list[bytes | Array]:
    sizes = (
        r1cs.n_wires,
        r1cs.n_public,
        r1cs.n_public_outputs,
        r1cs.n_private_inputs,
        r1cs.n_constraints,
        len(r1cs.coefficients),
        r1cs.a.n_terms,
        r1cs.b.n_terms,
        r1cs.c.n_terms,
        len(program.ops),
        len(program.segments),
        len(program.lc_indptr) - 1,
        len(program.lc_wires),
        len(program.table),
    )
    matrices = [
        part.astype("<u4", copy=False)
        for matrix in (r1cs.a, r1cs.b, r1cs.c)
        for part in (matrix.indptr, matrix.wires, matrix.coefs)
    ]
    return [
        struct.pack(f"<{len(sizes)}Q", *sizes),
        r1cs.digest(),
        _encoded_inputs(program.input_names),
        r1cs.coefficients.astype("<u8", copy=False),
        *matrices,
        program.ops.astype("<i4", copy=False),
        program.segments.astype("<u4", copy=False),
        program.lc_indptr.astype("<u4", copy=False),
        program.lc_wires.astype("<u4", copy=False),
        program.lc_coefs.astype("<u4", copy=False),
        program.table.astype("<u8", copy=False),
    ]


def _encoded_inputs(input_names: Sequence[tuple[str, int]]) -> bytes:
    parts = []
    for name, count in input_names:
        encoded = name.encode()
        parts.append(struct.pack("<II", count, len(encoded)) + encoded)
    return b"".join(parts)


def _write_sections(file: BinaryIO, payloads: Sequence[bytes | Array]) -> None:
    lengths = [len(part) if isinstance(part, bytes) else part.nbytes for part in payloads]
    file.write(_PREFIX.pack(MAGIC, VERSION, len(payloads)))
    places = _places(lengths)
    for kind, (offset, length) in enumerate(places):
        file.write(_ENTRY.pack(kind, 0, offset, length))
    for (offset, _), part in zip(places, payloads, strict=True):
        file.write(bytes(offset - file.tell()))
        file.write(part if isinstance(part, bytes) else np.ascontiguousarray(part).data)


def _places(lengths: Sequence[int]) -> list[Place]:
    """(offset, length) of every section: the only layout that is valid for these lengths."""
    places, position = [], _PREFIX.size + _ENTRY.size * len(lengths)
    for length in lengths:
        position = -(-position // _ALIGNMENT) * _ALIGNMENT
        places.append((position, length))
        position += length
    return places


class _Reader:
    def __init__(self, file: BinaryIO, source: str) -> None:
        self._file = file
        self._source = source
        self._length = os.fstat(file.fileno()).st_size

    def read(self) -> tuple[R1CS, WitnessProgram]:
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
        table_end = _PREFIX.size + _ENTRY.size * len(_SECTIONS)
        if self._length < _PREFIX.size:
            raise self._fail("header", f"truncated: {self._length} bytes")
        magic, version, count = _PREFIX.unpack(self._bytes((0, _PREFIX.size), "header"))
        if magic != MAGIC:
            raise self._fail("header", f"magic is {magic!r}, want {MAGIC!r}")
        if version != VERSION:
            raise self._fail("header", f"version is {version}, this reader knows {VERSION}")
        if count != len(_SECTIONS):
            raise self._fail("header", f"{count} sections, want {len(_SECTIONS)}")
        if self._length < table_end:
            raise self._fail("section table", f"truncated: {self._length} bytes")
        table = self._bytes((_PREFIX.size, table_end - _PREFIX.size), "section table")
        return self._checked_table(list(_ENTRY.iter_unpack(table)))

    def _checked_table(self, entries: list[tuple[int, int, int, int]]) -> list[Place]:
        expected = _places([length for *_, length in entries])
        for kind, (entry, (offset, length)) in enumerate(zip(entries, expected, strict=True)):
            if entry != (kind, 0, offset, length):
                raise self._fail(_SECTIONS[kind], f"table entry {entry} does not fit the layout")
            if offset + length > self._length:
                raise self._fail(
                    _SECTIONS[kind], f"ends at {offset + length}, the file at {self._length}"
                )
        end = sum(expected[-1])
        if end != self._length:
            raise self._fail("end", f"{self._length - end} bytes after the last section")
        return expected

    def _sizes(self, place: Place) -> dict[str, int]:
        if place[1] != 8 * len(_SIZES):
            raise self._fail("sizes", f"{place[1]} bytes, want {8 * len(_SIZES)}")
        values = struct.unpack(f"<{len(_SIZES)}Q", self._bytes(place, "sizes"))
        sizes = dict(zip(_SIZES, values, strict=True))
        for name, value in sizes.items():
            if value >= _LIMIT:
                raise self._fail("sizes", f"{name} = {value} is not below {_LIMIT}")
        return sizes

    def _compare_lengths(self, places: list[Place], sizes: dict[str, int]) -> None:
        for kind, (dtype, count) in _array_shapes(sizes).items():
            want = np.dtype(dtype).itemsize * count
            if places[kind][1] != want:
                raise self._fail(
                    _SECTIONS[kind], f"{places[kind][1]} bytes, but the sizes ask for {want}"
                )
        if places[1][1] != 32:
            raise self._fail("digest", f"{places[1][1]} bytes, want 32")

    def _arrays(self, places: list[Place], sizes: dict[str, int]) -> dict[str, Array]:
        arrays: dict[str, Array] = {}
        for kind, (dtype, count) in _array_shapes(sizes).items():
            self._file.seek(places[kind][0])
            array = np.fromfile(self._file, dtype=dtype, count=count)
            if len(array) != count:
                raise self._fail(_SECTIONS[kind], "the file shrank while it was read")
            arrays[_SECTIONS[kind]] = array
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


def _array_shapes(sizes: dict[str, int]) -> dict[int, tuple[str, int]]:
    """Section kind -> element type and number of elements, for all sections that are arrays."""
    rows, pool_rows = sizes["n_constraints"] + 1, sizes["n_combinations"] + 1
    shapes: dict[int, tuple[str, int]] = {3: ("<u8", 4 * sizes["n_coefficients"])}
    for first, terms in ((4, "n_a_terms"), (7, "n_b_terms"), (10, "n_c_terms")):
        shapes[first] = ("<u4", rows)
        shapes[first + 1] = shapes[first + 2] = ("<u4", sizes[terms])
    shapes[13] = ("<i4", 6 * sizes["n_ops"])
    shapes[14] = ("<u4", 3 * sizes["n_segments"])
    shapes[15] = ("<u4", pool_rows)
    shapes[16] = shapes[17] = ("<u4", sizes["n_pool_terms"])
    shapes[18] = ("<u8", 4 * sizes["n_table"])
    return shapes
