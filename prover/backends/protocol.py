"""What a backend must do, and the self-check that it passes before it is used.

Vectors are (n, 4) u64 Montgomery field elements in natural order, scalars of multiplications are
canonical, points are affine Montgomery as in a proving key; no operation changes its arguments.
"""

from __future__ import annotations

from typing import Protocol

from circuits.system.r1cs import SparseMatrix
from prover.snarkjs.container import U64


class Backend(Protocol):
    """The operations that take the time of a proof. Equal arguments give equal bytes."""

    @property
    def name(self) -> str:
        """A short name for messages and tables."""

    def matvec(self, matrix: SparseMatrix, table: U64, vector: U64, *, threads: int = 0) -> U64:
        """M·v, with the matrix's coefficients given as indices into `table`."""

    def quotient(self, a: U64, b: U64, *, threads: int = 0) -> U64:
        """Canonical values of a·b − c on the odd coset, c interpolating a∘b over the domain.

        a and b are values over the domain of size n (a power of two). Dividing by the vanishing
        polynomial, which is the constant −2 there, is left to the key's H points.
        """

    def msm_g1(self, points: U64, scalars: U64, *, threads: int = 0) -> U64:
        """Σ scalarᵢ·Pᵢ in G1, (8,)."""

    def msm_g2(self, points: U64, scalars: U64, *, threads: int = 0) -> U64:
        """Σ scalarᵢ·Pᵢ in G2, (16,)."""
