"""Row 8: a proof can be changed into others of the same statement, so nothing is keyed on it."""

from __future__ import annotations

import secrets

import chain_example

from native import api
from native.constants import FR_MODULUS
from verifier.groth16 import verify
from verifier.points import G1Point, G2Point, g1_neg, g2_multiply
from verifier.proof import Proof


def times_g1(point: G1Point, factor: int) -> G1Point:
    rows = api.g1_from_ints(point)[None, :]
    result = api.g1_to_ints(api.g1_mul(rows, api.canonical_from_ints([factor]))[0])
    assert result is not None
    return result


def times_g2(point: G2Point, factor: int) -> G2Point:
    result = g2_multiply(point, factor)
    assert result is not None
    return result


def test_negated_a_and_b_verify() -> None:
    proof = chain_example.proof()
    changed = Proof(g1_neg(proof.a), times_g2(proof.b, FR_MODULUS - 1), proof.c)
    assert changed != proof
    assert verify(chain_example.key(), chain_example.public(), changed)


def test_a_times_k_and_b_divided_by_k_verify() -> None:
    proof = chain_example.proof()
    k = 2 + secrets.randbelow(FR_MODULUS - 2)
    changed = Proof(times_g1(proof.a, k), times_g2(proof.b, pow(k, -1, FR_MODULUS)), proof.c)
    assert verify(chain_example.key(), chain_example.public(), changed)


def test_rerandomised_with_delta_verifies() -> None:
    """(A, B + t·δ, C + t·A): needs nothing but the verification key."""
    proof, key, t = chain_example.proof(), chain_example.key(), 12345
    shift = api.g2_from_ints(times_g2(key.delta, t))
    b = api.g2_to_ints(api.g2_add(api.g2_from_ints(proof.b)[None, :], shift[None, :])[0])
    shift = api.g1_from_ints(times_g1(proof.a, t))
    c = api.g1_to_ints(api.g1_add(api.g1_from_ints(proof.c)[None, :], shift[None, :])[0])
    assert b is not None and c is not None
    assert verify(key, chain_example.public(), Proof(proof.a, b, c))


def test_a_change_of_the_statement_does_not_verify() -> None:
    proof = chain_example.proof()
    changed = Proof(g1_neg(proof.a), proof.b, proof.c)
    assert not verify(chain_example.key(), chain_example.public(), changed)
