"""Row 12: with γ = δ anyone can prove anything; such keys are refused, and this is the forgery.

The equation is e(A, B) = e(α, β)·e(X, γ)·e(C, δ), X the sum over the public inputs. With γ = δ the
choice A = α, B = β, C = −X satisfies it for every public input, with no witness at all.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import chain_example
import pytest

from native.constants import FR_MODULUS
from prover.groth16.conversion import key_from_zkey
from verifier import pairing
from verifier.errors import MalformedKeyError
from verifier.groth16 import equation_holds, verify
from verifier.keys import VerifyingKey
from verifier.points import g1_neg
from verifier.proof import Proof


def weak_key() -> VerifyingKey:
    key = chain_example.key()
    return dataclasses.replace(key, delta=key.gamma)


def forged(key: VerifyingKey, public: list[int]) -> Proof:
    inputs = pairing.linear_combination(key.ic, [1, *public])
    assert inputs is not None
    return Proof(key.alpha, key.beta, g1_neg(inputs))


@pytest.mark.parametrize("public", [[1, 2, 3], [0, 0, 0], [FR_MODULUS - 1, 7, 9]])
def test_such_a_key_accepts_a_forgery_of_any_statement(public: list[int]) -> None:
    proof = forged(weak_key(), public)
    proof.validate()
    assert equation_holds(weak_key(), public, proof)
    assert not equation_holds(chain_example.key(), public, proof)


def test_verify_refuses_such_a_key() -> None:
    public = [1, 2, 3]
    with pytest.raises(MalformedKeyError, match="vk_delta_2: equals vk_gamma_2"):
        verify(weak_key(), public, forged(weak_key(), public))


def test_the_json_loader_refuses_such_a_key() -> None:
    with pytest.raises(MalformedKeyError, match="equals vk_gamma_2"):
        VerifyingKey.from_json(weak_key().to_json())


def test_a_zkey_without_contribution_is_such_a_key_and_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedKeyError, match="equals vk_gamma_2"):
        key_from_zkey(chain_example.zkey("chain_0.zkey"), tmp_path / "key")
