"""The oracle: every operation on plain Python integers, as `native.reference` defines it.

Slow by a factor of thousands; for tests, and for circuits of a few hundred constraints.
"""

from __future__ import annotations

from collections.abc import Sequence

from circuits.system.r1cs import SparseMatrix
from native import api
from native.reference import msm, quotient, sparse
from prover.backends.protocol import Sum
from prover.snarkjs.container import U64


class ReferenceBackend:
    """Plain integers; `threads` is ignored."""

    name = "reference"

    def matvec(
        self, out: U64, matrix: SparseMatrix, table: U64, vector: U64, *, threads: int = 0
    ) -> None:
        """M·v (see `Backend.matvec`)."""
        rows = sparse.sparse_matvec(
            matrix.indptr.tolist(),
            matrix.wires.tolist(),
            matrix.coefs.tolist(),
            api.fr_to_ints(table),
            api.fr_to_ints(vector),
        )
        out[:] = api.fr_from_ints(rows)

    def quotient(self, out: U64, a: U64, b: U64, *, threads: int = 0) -> None:
        """a·b − c on the odd coset (see `Backend.quotient`)."""
        values = quotient.quotient(api.fr_to_ints(a), api.fr_to_ints(b))
        out[:] = api.canonical_from_ints(values)

    def sums(self, sums: Sequence[Sum], *, threads: int = 0) -> list[U64]:
        """Every sum (see `Backend.sums`)."""
        return [_sum_g1(s) if s.group == 1 else _sum_g2(s) for s in sums]


def _sum_g1(terms: Sum) -> U64:
    points = [api.g1_to_ints(point) for point in terms.points]
    return api.g1_from_ints(msm.msm_g1(points, api.canonical_to_ints(terms.scalars)))


def _sum_g2(terms: Sum) -> U64:
    points = [api.g2_to_ints(point) for point in terms.points]
    return api.g2_from_ints(msm.msm_g2(points, api.canonical_to_ints(terms.scalars)))
