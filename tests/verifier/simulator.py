"""Groth16 keys whose trapdoor is known, so that any statement can be "proved".

That is what toxic waste is good for. Here it lets the contract tests put real proofs on chain for
public data that no circuit ever saw.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from native import api
from native.constants import FR_MODULUS as R
from verifier.keys import VerifyingKey
from verifier.points import G1Point, G2Point
from verifier.proof import Proof


@dataclass(frozen=True)
class Simulator:
    """Discrete logarithms of a verification key."""

    alpha: int
    beta: int
    gamma: int
    delta: int
    ic: tuple[int, ...]

    @classmethod
    def from_seed(cls, seed: int, *, n_public: int = 3) -> Simulator:
        """A trapdoor that is the same in every run."""
        numbers = random.Random(seed)
        alpha, beta, gamma, delta, *ic = (numbers.randrange(1, R) for _ in range(5 + n_public))
        return cls(alpha, beta, gamma, delta, tuple(ic))

    @property
    def key(self) -> VerifyingKey:
        """The verification key."""
        return _key(self)

    def prove(self, public_inputs: Sequence[int], *, seed: int = 1) -> Proof:
        """A valid proof for these public inputs, true or not."""
        numbers = random.Random(seed)
        a, b = numbers.randrange(1, R), numbers.randrange(1, R)
        inputs = sum(x * y for x, y in zip((1, *public_inputs), self.ic, strict=True))
        c = (a * b - self.alpha * self.beta - inputs * self.gamma) * pow(self.delta, -1, R)
        return Proof(g1(a), g2(b), g1(c))


def g1(scalar: int) -> G1Point:
    """scalar · generator of G1."""
    base = api.G1_GENERATOR[None, :]
    point = api.g1_to_ints(api.g1_mul(base, api.canonical_from_ints([scalar % R]))[0])
    assert point is not None
    return point


def g2(scalar: int) -> G2Point:
    """scalar · generator of G2."""
    base = api.G2_GENERATOR[None, :]
    point = api.g2_to_ints(api.g2_mul(base, api.canonical_from_ints([scalar % R]))[0])
    assert point is not None
    return point


@cache
def _key(trapdoor: Simulator) -> VerifyingKey:
    return VerifyingKey(
        g1(trapdoor.alpha),
        g2(trapdoor.beta),
        g2(trapdoor.gamma),
        g2(trapdoor.delta),
        tuple(g1(scalar) for scalar in trapdoor.ic),
        development=True,
    )
