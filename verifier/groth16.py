"""The Groth16 check: e(A, B) = e(α, β) · e(Σ xᵢ ICᵢ, γ) · e(C, δ), for one proof or for many."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import numpy as np

from native import api
from native.constants import FR_MODULUS
from verifier.keys import VerifyingKey
from verifier.points import g1_neg
from verifier.prepared import prepared
from verifier.proof import Proof, check_public_inputs

_WEIGHT_BITS = 128
_ONE = api.miller_product(np.empty((0, 8), np.uint64), np.empty((0, 16), np.uint64))


def verify(key: VerifyingKey, public_inputs: Sequence[int], proof: Proof) -> bool:
    """Whether the proof shows that some witness fits the public inputs.

    Raises MalformedKeyError for an unusable key, MalformedProofError for public inputs outside
    [0, r) or of the wrong count and for points that are infinite, off the curve or outside the
    subgroup; a well-formed proof of a false statement returns False.
    """
    key.validate()
    check_public_inputs(public_inputs, key.n_public)
    proof.validate()
    return equation_holds(key, public_inputs, proof)


def equation_holds(key: VerifyingKey, public_inputs: Sequence[int], proof: Proof) -> bool:
    """The pairing equation alone, with nothing validated: `verify` is the function to call."""
    ready = prepared(key)
    (x, y), c = g1_neg(proof.a), proof.c
    points = api.fp_from_ints([x, y, *c, *proof.b[0], *proof.b[1]])
    g1, g2 = points[:4].reshape(2, 8), points[4:].reshape(1, 16)
    fixed = np.stack([ready.input_point(public_inputs), g1[1]])
    return api.pairing_check_fixed(ready.alpha_beta, g1[:1], g2, fixed, ready.lines[:2])


def verify_batch(key: VerifyingKey, statements: Sequence[tuple[Sequence[int], Proof]]) -> bool:
    """Whether every (public inputs, proof) passes `verify`, which a single check decides.

    The equations are added with random weights of 128 bits, so a batch with a false proof passes
    with probability 2^-128. Raises what `verify` raises; does not tell which proof is false.
    """
    key.validate()
    for public_inputs, proof in statements:
        check_public_inputs(public_inputs, key.n_public)
        proof.validate()
    return not statements or _weighted_sum_holds(key, statements)


def _weighted_sum_holds(
    key: VerifyingKey, statements: Sequence[tuple[Sequence[int], Proof]]
) -> bool:
    """Σ wᵢ times the equation of proof i, for random wᵢ."""
    ready = prepared(key)
    weights = [secrets.randbits(_WEIGHT_BITS) for _ in statements]
    columns = zip(*([1, *public_inputs] for public_inputs, _ in statements), strict=True)
    sums = [sum(w * x for w, x in zip(weights, xs, strict=True)) % FR_MODULUS for xs in columns]
    scalars, totals = api.canonical_from_ints(weights), api.canonical_from_ints(sums)
    a = np.stack([api.g1_from_ints(g1_neg(proof.a)) for _, proof in statements])
    b = np.stack([api.g2_from_ints(proof.b) for _, proof in statements])
    c = np.stack([api.g1_from_ints(proof.c) for _, proof in statements])
    fixed = np.stack([api.msm_g1(ready.ic, totals, 1), api.msm_g1(c, scalars, 1)])
    g1 = np.concatenate([api.g1_scale(a, scalars, 1), api.g1_mul(ready.alpha, totals[:1], 1)])
    g2 = np.concatenate([b, ready.beta])
    return api.pairing_check_fixed(_ONE, g1, g2, fixed, ready.lines)
