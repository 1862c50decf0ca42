"""The default backend: the native library, as many threads as it is given."""

from __future__ import annotations

from collections.abc import Sequence

from circuits.system.r1cs import SparseMatrix
from native import api
from prover.backends.protocol import Sum
from prover.snarkjs.container import U64


class CpuBackend:
    """Native kernels on the processor."""

    name = "cpu"

    def matvec(
        self, out: U64, matrix: SparseMatrix, table: U64, vector: U64, *, threads: int = 0
    ) -> None:
        """M·v (see `Backend.matvec`)."""
        api.sparse_matvec(matrix.indptr, matrix.wires, matrix.coefs, table, vector, threads, out)

    def quotient(self, out: U64, a: U64, b: U64, *, threads: int = 0) -> None:
        """a·b − c on the odd coset (see `Backend.quotient`)."""
        api.quotient(out, a, b, threads=threads)

    def sums(self, sums: Sequence[Sum], *, threads: int = 0) -> list[U64]:
        """Every sum (see `Backend.sums`)."""
        return api.msm_many([(s.points, s.scalars) for s in sums], threads=threads)

    @staticmethod
    def sums_room(sizes: Sequence[tuple[int, int]], *, threads: int = 0) -> int:
        """Bytes of room for sums of these (group, number of points)."""
        return api.msm_scratch_bytes(sizes, threads=threads)
