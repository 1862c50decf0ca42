"""Rank-1 constraint systems: A·w ∘ B·w = C·w over the BN254 scalar field.

Wire order: 0 = the constant 1, public outputs, public inputs, private inputs, internal wires.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from native import api

U32 = NDArray[np.uint32]
Fr = NDArray[np.uint64]

_DIGEST_DOMAIN = b"tallystick.r1cs.v1"


@dataclass(frozen=True, eq=False)
class SparseMatrix:
    """Compressed rows: row i has the terms indptr[i] … indptr[i + 1] - 1, each a wire number and
    an index into the system's coefficients."""

    indptr: U32
    wires: U32
    coefs: U32

    @property
    def n_terms(self) -> int:
        """Number of nonzero entries."""
        return len(self.wires)


@dataclass(frozen=True, eq=False)
class R1CS:
    """A constraint system. `coefficients` is (k, 4) in Montgomery form, without duplicates."""

    n_wires: int
    n_public: int
    n_private_inputs: int
    n_constraints: int
    a: SparseMatrix
    b: SparseMatrix
    c: SparseMatrix
    coefficients: Fr
    n_public_outputs: int = 0

    def digest(self) -> bytes:
        """The circuit id: SHA-256 over the sizes, the coefficients (canonical, little-endian, in
        stored order) and the three matrices (row starts, wires, coefficient indices)."""
        state = hashlib.sha256(_DIGEST_DOMAIN)
        sizes = (self.n_wires, self.n_public, self.n_public_outputs, self.n_private_inputs)
        state.update(struct.pack("<6Q", *sizes, self.n_constraints, len(self.coefficients)))
        state.update(np.ascontiguousarray(api.fr_from_montgomery(self.coefficients)).data)
        for matrix in (self.a, self.b, self.c):
            state.update(struct.pack("<Q", matrix.n_terms))
            for part in (matrix.indptr, matrix.wires, matrix.coefs):
                state.update(np.ascontiguousarray(part).data)
        return state.digest()

    def products(self, witness: Fr, *, threads: int = 0) -> tuple[Fr, Fr, Fr]:
        """A·w, B·w and C·w."""
        if witness.shape != (self.n_wires, 4):
            raise ValueError(f"witness has shape {witness.shape}, want ({self.n_wires}, 4)")
        a, b, c = (
            api.sparse_matvec(
                matrix.indptr, matrix.wires, matrix.coefs, self.coefficients, witness, threads
            )
            for matrix in (self.a, self.b, self.c)
        )
        return a, b, c

    def check(self, witness: Fr, *, threads: int = 0) -> int | None:
        """The index of the first violated constraint, or None."""
        a, b, c = self.products(witness, threads=threads)
        violated = np.flatnonzero((api.fr_mul(a, b) != c).any(axis=1))
        return int(violated[0]) if len(violated) else None
