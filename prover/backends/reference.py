"""The oracle: every operation on plain Python integers, as `native.reference` defines it.

Slow by a factor of thousands; for tests, and for circuits of a few hundred constraints.
"""

from __future__ import annotations

from itertools import pairwise

from circuits.system.r1cs import SparseMatrix
from native import api
from native.constants import FR_MODULUS
from native.reference import msm, ntt
from prover.snarkjs.container import U64


class ReferenceBackend:
    """Plain integers; `threads` is ignored."""

    name = "reference"

    def matvec(self, matrix: SparseMatrix, table: U64, vector: U64, *, threads: int = 0) -> U64:
        """M·v (see `Backend.matvec`)."""
        coefficients, values = api.fr_to_ints(table), api.fr_to_ints(vector)
        terms = [
            coefficients[c] * values[w]
            for c, w in zip(matrix.coefs.tolist(), matrix.wires.tolist(), strict=True)
        ]
        ends = matrix.indptr.tolist()
        rows = [sum(terms[a:b]) for a, b in pairwise(ends)]
        return api.fr_from_ints([row % FR_MODULUS for row in rows])

    def quotient(self, a: U64, b: U64, *, threads: int = 0) -> U64:
        """a·b − c on the odd coset (see `Backend.quotient`)."""
        a_values, b_values = api.fr_to_ints(a), api.fr_to_ints(b)
        c_values = [x * y % FR_MODULUS for x, y in zip(a_values, b_values, strict=True)]
        on_coset = [
            ntt.ntt_odd_coset(ntt.ntt_inverse(values)) for values in (a_values, b_values, c_values)
        ]
        rows = zip(*on_coset, strict=True)
        return api.canonical_from_ints([(x * y - z) % FR_MODULUS for x, y, z in rows])

    def msm_g1(self, points: U64, scalars: U64, *, threads: int = 0) -> U64:
        """Σ scalarᵢ·Pᵢ in G1."""
        plain = [api.g1_to_ints(point) for point in points]
        return api.g1_from_ints(msm.msm_g1(plain, api.canonical_to_ints(scalars)))

    def msm_g2(self, points: U64, scalars: U64, *, threads: int = 0) -> U64:
        """Σ scalarᵢ·Pᵢ in G2."""
        plain = [api.g2_to_ints(point) for point in points]
        return api.g2_from_ints(msm.msm_g2(plain, api.canonical_to_ints(scalars)))
