"""The three sums of a proof: which points of the key, times which scalars.

    A   Σ wᵢ·uᵢ(τ)                       over the wires that matrix A mentions
    B2  Σ wᵢ·vᵢ(τ), in G2                over those that matrix B mentions
    C   Σ_{private} wᵢ·(…)ᵢ/δ + Σ r·wᵢ·vᵢ(τ) + h(τ)·t(τ)/δ

C takes the points of c, B in G1 and H, since they meet in one proof element: three lists of points
share the buckets of one sum.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from native import api
from native.constants import FR_MODULUS
from prover.backends.protocol import Sum
from prover.groth16.keys import ProvingKey
from prover.snarkjs.container import U64


class ProofScalars:
    """The scalars of one proof; `h` is for the quotient to fill, `fill` fills the others."""

    def __init__(self, key: ProvingKey) -> None:
        self._key = key
        rows, self._starts = key.span_rows("c", "h")
        self._joined = np.zeros((rows, 4), dtype=np.uint64)  # zero between the sections
        self.h = self._part("h", 1 << key.sizes.log_domain)

    def fill(self, witness: U64, r: int, *, threads: int = 0) -> None:
        """All but `h`."""
        wires = self._key.wire_lists
        self._a = np.empty((len(wires["a"]), 4), dtype=np.uint64)
        self._b = np.empty((len(wires["b"]), 4), dtype=np.uint64)
        c, r_times_b = self._part("c", len(wires["c"])), self._part("b1", len(wires["b"]))
        one, factor = api.canonical_from_ints([1, r % FR_MODULUS])
        parts = ((self._a, "a", one), (self._b, "b", one), (c, "c", one), (r_times_b, "b", factor))
        for out, name, scale in parts:
            api.gather_canonical(out, witness, wires[name], scale, threads=threads)

    def batches(self, *, threads: int = 0) -> Iterator[list[Sum]]:
        """The sums A, B2 and C, in this order, those that are to be taken together in one list:
        all of them, or two lists when the key has to copy its points, which are many."""
        key = self._key

        def points(first: str, last: str) -> U64:
            return key.span(first, last, threads=threads)

        batch = [Sum(points("a", "a"), self._a), Sum(points("b2", "b2"), self._b)]
        if key.copied_bytes:
            yield batch
            batch.clear()
        batch.append(Sum(points("c", "h"), self._joined))
        yield batch

    def _part(self, name: str, length: int) -> U64:
        return self._joined[self._starts[name] : self._starts[name] + length]
