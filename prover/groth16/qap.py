"""The quadratic arithmetic program of a circuit, over the roots of unity of its domain.

Row j of the matrices A, B, C belongs to the j-th root of unity. After the constraints, A gets one
row more for the constant and each public input, holding that wire alone (rows of B and C empty):
it keeps their polynomials independent, so that public inputs cannot be exchanged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from circuits.system.r1cs import R1CS, SparseMatrix
from native import api
from native.constants import FR_MODULUS, FR_TWO_ADICITY, fr_root_of_unity
from prover.snarkjs.container import U32, U64
from prover.snarkjs.tables import row_lengths


@dataclass(frozen=True, eq=False)
class Qap:
    """The three matrices with the rows of the public inputs, and the size of their domain."""

    n_wires: int
    n_public: int
    n_constraints: int
    a: SparseMatrix
    b: SparseMatrix
    c: SparseMatrix
    coefficients: U64

    @property
    def log_domain(self) -> int:
        """The smallest k with 2^k > constraints + public inputs."""
        return log_domain(self.n_constraints, self.n_public)


def log_domain(n_constraints: int, n_public: int) -> int:
    """The smallest k with 2^k > constraints + public inputs."""
    result = (n_constraints + n_public).bit_length()
    if result >= FR_TWO_ADICITY:
        raise ValueError(f"2^{result} rows: BN254 has room for 2^{FR_TWO_ADICITY - 1}")
    return result


def from_r1cs(r1cs: R1CS) -> Qap:
    """Append the rows of the constant and the public inputs."""
    one = fr_index(r1cs.coefficients, 1)
    table = r1cs.coefficients
    if one < 0:
        one = len(table)
        table = np.concatenate([table, api.fr_from_ints([1])])
    n_rows = r1cs.n_public + 1
    public = np.arange(n_rows, dtype=np.uint32)
    a = SparseMatrix(
        np.concatenate([r1cs.a.indptr, r1cs.a.indptr[-1] + 1 + public]).astype(np.uint32),
        np.concatenate([r1cs.a.wires, public]),
        np.concatenate([r1cs.a.coefs, np.full(n_rows, one, dtype=np.uint32)]),
    )
    b, c = (with_empty_rows(matrix, n_rows) for matrix in (r1cs.b, r1cs.c))
    return Qap(r1cs.n_wires, r1cs.n_public, r1cs.n_constraints, a, b, c, table)


def with_empty_rows(matrix: SparseMatrix, count: int) -> SparseMatrix:
    """The matrix with `count` empty rows at its end."""
    last = np.full(count, matrix.indptr[-1], dtype=np.uint32)
    return SparseMatrix(np.concatenate([matrix.indptr, last]), matrix.wires, matrix.coefs)


def fr_index(table: U64, value: int) -> int:
    """Where the table holds a value, -1 if nowhere."""
    found = np.flatnonzero((table == api.fr_from_ints([value])).all(axis=1))
    return int(found[0]) if len(found) else -1


def row_numbers(matrix: SparseMatrix) -> U32:
    """The row of each stored term."""
    counts = row_lengths(matrix)
    return np.repeat(np.arange(len(counts), dtype=np.uint32), counts)


def column_values(
    matrix: SparseMatrix, n_wires: int, table: U64, lagrange: U64, *, threads: int = 0
) -> U64:
    """For each wire Σ_j M[j, wire]·L_j: its polynomial at the point of the Lagrange values."""
    terms = (matrix.indptr, matrix.wires, matrix.coefs)
    return api.sparse_matvec_transposed(n_wires, *terms, table, lagrange, threads)


def lagrange_values(tau: int, log_n: int) -> U64:
    """L_i(τ) = (τ^n − 1)/n · ω^i/(τ − ω^i) for all i; τ outside the domain."""
    return _lagrange(tau, log_n, fr_root_of_unity(log_n), 1, 1 << log_n)


def odd_lagrange_values(tau: int, log_n: int) -> U64:
    """L_{2i+1}(τ) over the domain of size 2n: the basis of the quotient's odd-coset values."""
    root = fr_root_of_unity(log_n + 1)
    return _lagrange(tau, log_n + 1, root * root % FR_MODULUS, root, 1 << log_n)


def _lagrange(tau: int, log_n: int, step: int, first: int, count: int) -> U64:
    vanishing = pow(tau, 1 << log_n, FR_MODULUS) - 1
    if vanishing == 0:
        raise ValueError("τ lies in the evaluation domain")
    factor = vanishing * pow(1 << log_n, -1, FR_MODULUS) % FR_MODULUS
    points = api.fr_mul(
        api.fr_powers(api.fr_from_ints([step])[0], count), api.fr_from_ints([first])
    )
    inverses = api.fr_inverse(api.fr_sub(api.fr_from_ints([tau]), points))
    return api.fr_mul(api.fr_mul(points, inverses), api.fr_from_ints([factor]))
