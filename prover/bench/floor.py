"""How many field multiplications a proof needs, and what they would cost if nothing else did.

Counted, squarings and both fields alike:

sparse products      one for each term whose coefficient is not 1
transforms           n/2·log₂ n butterflies each; three inverse and three to the odd coset, each
                     with one scaling or twist a value; two products and one conversion a value
bucket additions     affine, inversion shared: a slope (1), its square (1), the y (1), and 3 for the
                     share of the inversion: 6 in G1. In G2 in the base field: norm 2, share of the
                     inversion 3, slope 3 + 2, square 2, y 3: 15
of a sum             one addition for each nonzero signed digit of each scalar, the first into a
                     bucket free, and two for each bucket to weigh it; digits as wide as gives the
                     fewest, but no wider than buckets that fit a cache
scalars              one for each point of the key but H: out of Montgomery form, or times r
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from circuits.system.r1cs import SparseMatrix
from native import api
from native.constants import FR_MODULUS
from prover.bench.timing import timed
from prover.groth16.keys import ProvingKey
from prover.groth16.qap import fr_index
from prover.snarkjs.container import U64

G1_ADDITION, G2_ADDITION = 6, 15
MAX_DIGIT_BITS = 16
SCALAR_BITS = 254
_VALUES, _SHORT, _LONG, _ROUNDS = 256, 10, 410, 50


@dataclass(frozen=True)
class Work:
    """Multiplications of the parts of a proof."""

    sparse: int
    quotient: int
    scalars: int
    sum_a: int
    sum_b2: int
    sum_c: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_phase().values())

    def by_phase(self) -> dict[str, int]:
        """The same under the names of a proof's phases."""
        return {
            "A·w, B·w": self.sparse,
            "quotient": self.quotient,
            "scalars": self.scalars,
            "sums": self.sum_a + self.sum_b2 + self.sum_c,
        }

    def by_sum(self) -> dict[str, int]:
        """The three sums alone."""
        return {"sum A": self.sum_a, "sum B2": self.sum_b2, "sum C": self.sum_c}


def work_of(key: ProvingKey, witness: U64) -> Work:
    """Count for a key and a witness (Montgomery)."""
    log_n = key.sizes.log_domain
    n = 1 << log_n
    bits = bit_lengths(api.fr_from_montgomery(witness))
    of_a, of_b, of_c = (bits[key.wires(f"{name}_wires")] for name in "abc")
    full = np.full(len(of_b) + n, SCALAR_BITS)  # r·w and h look random
    return Work(
        sparse=sum(_general_terms(key, matrix) for matrix in key.matrices.values()),
        quotient=6 * transform(log_n) + 9 * n,
        scalars=len(of_a) + 2 * len(of_b) + len(of_c),
        sum_a=msm(of_a, G1_ADDITION),
        sum_b2=msm(of_b, G2_ADDITION),
        sum_c=msm(np.concatenate([of_c, full]), G1_ADDITION),
    )


def transform(log_n: int) -> int:
    """Multiplications of one transform of 2^log_n values, without scaling or twist."""
    return (log_n << log_n) // 2


def msm(bits: np.ndarray, addition: int) -> int:
    """Multiplications of a sum over scalars of these bit lengths."""
    present = bits[bits > 0]
    if len(present) == 0:
        return 0
    counts = np.bincount(present)
    lengths = np.arange(len(counts))
    costs = []
    for width in range(2, MAX_DIGIT_BITS + 1):
        digits = int((counts * -(-(lengths + 1) // width) * (lengths > 0)).sum())
        buckets = -(-(int(present.max()) + 1) // width) << (width - 1)
        costs.append(digits + buckets)  # one of a bucket's additions is free, two weigh it
    return addition * min(costs)


def bit_lengths(scalars: U64) -> np.ndarray:
    """Bit length of each canonical scalar (one too many just below a power of two, at times)."""
    result = np.zeros(len(scalars), dtype=np.int64)
    for limb in range(4):
        words = scalars[:, limb]
        _, exponent = np.frexp(words.astype(np.float64))
        result = np.where(words > 0, 64 * limb + exponent, result)
    return result


def seconds_a_multiplication() -> float:
    """Seconds of one product in registers, many independent ones in flight, one thread.

    Two exponents are timed, and the difference taken: the cost of the call itself drops out.
    """
    values = api.fr_powers(api.fr_from_ints([FR_MODULUS // 3])[0], _VALUES)

    def least(exponent: int) -> float:
        return min(timed(partial(api.fr_power, values, exponent), _ROUNDS).wall_s)

    return max(least(_LONG) - least(_SHORT), 1e-12) / (_VALUES * (_LONG - _SHORT))


def _general_terms(key: ProvingKey, matrix: SparseMatrix) -> int:
    one = fr_index(key.coefficients, 1)
    return int((matrix.coefs.astype(np.int64) != one).sum())
