"""The circuit file: constraint system and witness program in one, all that a prover needs.

`circuits.system.layout` draws it byte by byte.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from circuits.system.layout import ENTRY, MAGIC, PREFIX, VERSION, section_places
from circuits.system.r1cs import R1CS
from circuits.system.reader import CircuitReader
from circuits.system.witness_program import WitnessProgram

Array = NDArray[Any]


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
        return CircuitReader(file, os.fspath(path)).read()


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
    file.write(PREFIX.pack(MAGIC, VERSION, len(payloads)))
    places = section_places(lengths)
    for kind, (offset, length) in enumerate(places):
        file.write(ENTRY.pack(kind, 0, offset, length))
    for (offset, _), part in zip(places, payloads, strict=True):
        file.write(bytes(offset - file.tell()))
        file.write(part if isinstance(part, bytes) else np.ascontiguousarray(part).data)
