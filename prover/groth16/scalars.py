"""The three sums of a proof: which points of the key, times which scalars.

    A   Σ wᵢ·uᵢ(τ)                       over the wires that matrix A mentions
    B2  Σ wᵢ·vᵢ(τ), in G2                over those that matrix B mentions
    C   Σ_{private} wᵢ·(…)ᵢ/δ + Σ r·wᵢ·vᵢ(τ) + h(τ)·t(τ)/δ

C takes the points of c, B in G1 and H, since they meet in one proof element: three lists of points
share the buckets of one sum.
"""

from __future__ import annotations

from collections.abc import Iterator

from native import api
from native.binding import empty
from native.constants import FR_MODULUS
from prover.backends.protocol import Sum
from prover.groth16.keys import ProvingKey
from prover.snarkjs.container import U64


class ProofScalars:
    """The scalars of one proof; `h` is for the quotient to fill, `fill` fills the others."""

    def __init__(self, key: ProvingKey) -> None:
        self._key = key
        rows, starts = key.span_rows("c", "h")
        wires, domain = key.wire_lists, 1 << key.sizes.log_domain
        ends = {"c": starts["c"] + len(wires["c"]), "b1": starts["b1"] + len(wires["b"])}
        self._joined = empty(rows, 4)
        self._joined[ends["c"] : starts["b1"]] = 0
        self._joined[ends["b1"] : starts["h"]] = 0
        self._c = self._joined[starts["c"] : ends["c"]]
        self._r_times_b = self._joined[starts["b1"] : ends["b1"]]
        self.h = self._joined[starts["h"] : starts["h"] + domain]

    def fill(self, witness: U64, r: int, *, threads: int = 0) -> None:
        """All but `h`."""
        wires = self._key.wire_lists
        self._a = empty(len(wires["a"]), 4)
        self._b = empty(len(wires["b"]), 4)
        one, factor = api.canonical_from_ints([1, r % FR_MODULUS])
        for out, name, scale in (
            (self._a, "a", one),
            (self._b, "b", one),
            (self._c, "c", one),
            (self._r_times_b, "b", factor),
        ):
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
