""".r1cs, version 1: the constraints A·w ∘ B·w = C·w and the sizes of a circuit.

1  header: u32 32 | r | u32 wires, public outputs, public inputs, private inputs
           | u64 labels | u32 constraints
2  constraints: for each A, B, C: u32 n, n × (u32 wire, coefficient 32 bytes canonical)
3  labels: wires × u64                      4, 5  custom gates: refused, Groth16 has none
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from circuits.system.r1cs import R1CS, SparseMatrix
from native import api
from native.constants import FR_MODULUS
from prover.snarkjs.checks import check_scalars
from prover.snarkjs.container import U32, U64, SectionFile, prime_bytes, write_sections
from prover.snarkjs.tables import deduplicate, row_lengths

_NAMES = {1: "header", 2: "constraints", 3: "labels", 4: "custom gates list", 5: "custom gates use"}
_TERM_WORDS = 9  # u32 wire, eight u32 of coefficient
_DEFAULT_ORDER = (1, 2, 3)


@dataclass(frozen=True)
class R1csFile:
    """A circuit as circom writes it; `labels` names each wire's signal in the .sym file."""

    r1cs: R1CS
    labels: U64
    n_labels: int
    order: tuple[int, ...] = _DEFAULT_ORDER


@dataclass(frozen=True)
class _Header:
    n_wires: int
    n_outputs: int
    n_inputs: int
    n_private: int
    n_labels: int
    n_constraints: int


def read_r1cs(path: str | Path) -> R1csFile:
    """Read and check a .r1cs file; `MalformedFileError` names section and reason."""
    file = SectionFile(path, b"r1cs", 1, _NAMES)
    header = _read_header(file)
    for kind in (4, 5):
        if file.has(kind) and file.section(kind).any():
            raise file.fail(file.name(kind), "custom gates are not supported")
    labels = np.array(file.rows(3, header.n_wires, 1), dtype=np.uint64).reshape(-1)
    r1cs = _read_constraints(file, header)
    return R1csFile(r1cs, labels, header.n_labels, tuple(k for k in file.order if k in (1, 2, 3)))


def write_r1cs(path: str | Path, file: R1csFile) -> None:
    """Write a .r1cs file."""
    r1cs = file.r1cs
    outputs = r1cs.n_public_outputs
    counts = (r1cs.n_wires, outputs, r1cs.n_public - outputs, r1cs.n_private_inputs)
    header = prime_bytes() + struct.pack("<4IQI", *counts, file.n_labels, r1cs.n_constraints)
    payloads: dict[int, bytes | NDArray[np.generic]] = {
        1: header,
        2: _constraint_words(r1cs),
        3: file.labels.astype("<u8"),
    }
    write_sections(path, b"r1cs", 1, [(kind, payloads[kind]) for kind in file.order])


def from_r1cs(r1cs: R1CS) -> R1csFile:
    """A circuit of ours in circom's clothes: wire i has label i."""
    return R1csFile(r1cs, np.arange(r1cs.n_wires, dtype=np.uint64), r1cs.n_wires)


def _read_header(file: SectionFile) -> _Header:
    cursor = file.cursor(1, 64)
    cursor.prime(FR_MODULUS)
    wires, outputs, inputs, private = (cursor.u32() for _ in range(4))
    header = _Header(wires, outputs, inputs, private, cursor.u64(), cursor.u32())
    if 1 + outputs + inputs + private > wires:
        reason = f"{outputs} + {inputs} + {private} inputs and outputs in {wires} wires"
        raise file.fail("header", reason)
    return header


def _read_constraints(file: SectionFile, header: _Header) -> R1CS:
    payload = file.section(2)
    if len(payload) % 4 or len(payload) < 12 * header.n_constraints:
        reason = f"{len(payload)} bytes cannot hold {header.n_constraints} constraints"
        raise file.fail("constraints", reason)
    words = np.frombuffer(payload, dtype="<u4").astype(np.uint32)
    positions = _combination_positions(file, words, 3 * header.n_constraints)
    terms = np.delete(words, positions).reshape(-1, _TERM_WORDS)
    wires = terms[:, 0]
    if len(wires) and int(wires.max()) >= header.n_wires:
        raise file.fail("constraints", f"wire {wires.max()} of {header.n_wires}")
    values = np.ascontiguousarray(terms[:, 1:]).view(np.uint64)
    check_scalars(file.source, "constraints", values)
    table, index = deduplicate(values)
    counts = words[positions].reshape(-1, 3)
    matrices = _split(counts, wires, index)
    return R1CS(
        n_wires=header.n_wires,
        n_public=header.n_outputs + header.n_inputs,
        n_private_inputs=header.n_private,
        n_constraints=header.n_constraints,
        a=matrices[0],
        b=matrices[1],
        c=matrices[2],
        coefficients=api.fr_to_montgomery(table),
        n_public_outputs=header.n_outputs,
    )


def _combination_positions(file: SectionFile, words: U32, count: int) -> NDArray[np.int64]:
    """Word index of each linear combination's length; the walk must end at the section's end."""
    view = words.data
    end = len(words)
    positions: list[int] = []
    position = 0
    for _ in range(count):
        if position >= end:
            raise file.fail("constraints", f"truncated in constraint {len(positions) // 3}")
        positions.append(position)
        position += 1 + _TERM_WORDS * view[position]
    if position != end:
        reason = f"the terms end at word {position}, the section at word {end}"
        raise file.fail("constraints", reason)
    return np.array(positions, dtype=np.int64)


def _split(counts: U32, wires: U32, coefs: U32) -> list[SparseMatrix]:
    """The terms of A, B and C, which lie interleaved by constraint."""
    owner = np.repeat(np.tile(np.arange(3), len(counts)), counts.reshape(-1))
    matrices = []
    for matrix in range(3):
        chosen = owner == matrix
        indptr = np.zeros(len(counts) + 1, dtype=np.uint32)
        np.cumsum(counts[:, matrix], out=indptr[1:])
        matrices.append(SparseMatrix(indptr, wires[chosen], coefs[chosen]))
    return matrices


def _constraint_words(r1cs: R1CS) -> U32:
    """Section 2: the inverse of `_read_constraints`."""
    matrices = (r1cs.a, r1cs.b, r1cs.c)
    counts = np.stack([row_lengths(m) for m in matrices], axis=1).reshape(-1)
    before = np.cumsum(counts) - counts  # terms before each combination
    positions = np.arange(len(counts)) + _TERM_WORDS * before
    words = np.zeros(len(counts) + _TERM_WORDS * int(counts.sum()), dtype="<u4")
    words[positions] = counts
    canonical = api.fr_from_montgomery(r1cs.coefficients).view(np.uint32).reshape(-1, 8)
    for k, matrix in enumerate(matrices):
        lengths = counts[k::3]
        inside = np.arange(len(matrix.wires)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        starts = np.repeat(positions[k::3] + 1, lengths) + _TERM_WORDS * inside
        words[starts] = matrix.wires
        words[starts[:, None] + np.arange(1, _TERM_WORDS)] = canonical[matrix.coefs]
    return words
