"""The default backend: the native library, as many threads as it is given."""

from __future__ import annotations

from circuits.system.r1cs import SparseMatrix
from native import api
from prover.snarkjs.container import U64


class CpuBackend:
    """Native kernels on the processor."""

    name = "cpu"

    def matvec(self, matrix: SparseMatrix, table: U64, vector: U64, *, threads: int = 0) -> U64:
        """M·v (see `Backend.matvec`)."""
        return api.sparse_matvec(
            matrix.indptr, matrix.wires, matrix.coefs, table, vector, threads=threads
        )

    def quotient(self, a: U64, b: U64, *, threads: int = 0) -> U64:
        """a·b − c on the odd coset (see `Backend.quotient`)."""
        on_coset = []
        for values in (a, b, api.fr_mul(a, b)):
            coefficients = api.ntt_inverse(values, threads=threads)
            on_coset.append(api.ntt_odd_coset(coefficients, threads=threads))
        difference = api.fr_sub(api.fr_mul(on_coset[0], on_coset[1]), on_coset[2])
        return api.fr_from_montgomery(difference)

    def msm_g1(self, points: U64, scalars: U64, *, threads: int = 0) -> U64:
        """Σ scalarᵢ·Pᵢ in G1."""
        return api.msm_g1(points, scalars, threads=threads)

    def msm_g2(self, points: U64, scalars: U64, *, threads: int = 0) -> U64:
        """Σ scalarᵢ·Pᵢ in G2."""
        return api.msm_g2(points, scalars, threads=threads)
