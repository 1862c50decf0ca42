"""The three sums of a proof: which points of the key, times which scalars.

    A   Σ wᵢ·uᵢ(τ)                       over the wires that matrix A mentions
    B2  Σ wᵢ·vᵢ(τ), in G2                over those that matrix B mentions
    C   Σ_{private} wᵢ·(…)ᵢ/δ + Σ r·wᵢ·vᵢ(τ) + h(τ)·t(τ)/δ

C takes the points of c, B in G1 and H, since they meet in one proof element: three lists of points
share the buckets of one sum.
"""

from __future__ import annotations

import numpy as np

from native import api
from native.constants import FR_MODULUS
from prover.backends.protocol import Sum
from prover.groth16.keys import ProvingKey
from prover.snarkjs.container import U64


class ProofScalars:
    """The scalars of one proof; `h` is for the quotient to fill, `sums` fills the others."""

    def __init__(self, key: ProvingKey) -> None:
        self._key = key
        rows, self._starts = key.span_rows("c", "h")
        self._joined = np.zeros((rows, 4), dtype=np.uint64)  # zero between the sections
        self.h = self._part("h", 1 << key.sizes.log_domain)

    def sums(self, witness: U64, r: int, *, threads: int = 0) -> list[Sum]:
        """The sums A, B2 and C."""
        key, wires = self._key, self._key.wire_lists
        a = np.empty((len(wires["a"]), 4), dtype=np.uint64)
        b = np.empty((len(wires["b"]), 4), dtype=np.uint64)
        c, r_times_b = self._part("c", len(wires["c"])), self._part("b1", len(b))
        one, factor = api.canonical_from_ints([1, r % FR_MODULUS])
        parts = ((a, "a", one), (b, "b", one), (c, "c", one), (r_times_b, "b", factor))
        for out, name, scale in parts:
            api.gather_canonical(out, witness, wires[name], scale, threads=threads)
        points = key.points("a"), key.points("b2"), key.span("c", "h")
        return [Sum(p, s) for p, s in zip(points, (a, b, self._joined), strict=True)]

    def _part(self, name: str, length: int) -> U64:
        return self._joined[self._starts[name] : self._starts[name] + length]
