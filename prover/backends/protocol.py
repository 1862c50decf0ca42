"""What a backend must do; `self_check.py` tests it before it is used.

Vectors are (n, 4) u64 Montgomery field elements in natural order, scalars of sums are canonical,
points are affine Montgomery as in a proving key. Outputs come first and are filled; no operation
changes its other arguments unless it says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from circuits.system.r1cs import SparseMatrix
from prover.snarkjs.container import U64


@dataclass(frozen=True, eq=False)
class Sum:
    """Σ scalarᵢ·Pᵢ to be found: points of G1 are (n, 8), of G2 (n, 16)."""

    points: U64
    scalars: U64

    @property
    def group(self) -> int:
        """1 or 2."""
        return int(self.points.shape[1]) // 8


class Backend(Protocol):
    """The operations that take the time of a proof. Equal arguments give equal bytes."""

    @property
    def name(self) -> str:
        """A short name for messages and tables."""

    def matvec(
        self, out: U64, matrix: SparseMatrix, table: U64, vector: U64, *, threads: int = 0
    ) -> None:
        """M·v, with the matrix's coefficients given as indices into `table`."""

    def quotient(self, out: U64, a: U64, b: U64, *, threads: int = 0) -> None:
        """Canonical values of a·b − c on the odd coset, c interpolating a∘b over the domain.

        a and b are values over the domain of size n (a power of two); they serve as room and lose
        their content. Dividing by the vanishing polynomial, which is the constant −2 there, is left
        to the key's H points.
        """

    def sums(self, sums: Sequence[Sum], *, threads: int = 0) -> list[U64]:
        """Every sum, (8,) in G1 and (16,) in G2; taken together so that no thread waits between."""
