"""The Groth16 check: e(A, B) = e(α, β) · e(Σ xᵢ ICᵢ, γ) · e(C, δ)."""

from __future__ import annotations

from collections.abc import Sequence

from verifier import pairing
from verifier.keys import VerifyingKey
from verifier.points import g1_neg
from verifier.proof import Proof, check_public_inputs


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
    inputs = pairing.linear_combination(key.ic, [1, *public_inputs])
    pairs = [(g1_neg(proof.a), proof.b), (key.alpha, key.beta), (proof.c, key.delta)]
    if inputs is not None:
        pairs.append((inputs, key.gamma))
    return pairing.product_is_one(pairs)
