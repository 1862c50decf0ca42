"""The verifier contract and the native check agree on every proof, valid or not."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from py_ecc.fields import optimized_bn128_FQ2 as FQ2

from native.constants import FP_MODULUS, FR_MODULUS
from tests.verifier.simulator import Simulator, g1
from tests.verifier.world import SIMULATOR
from verifier.chain import ChainRevert, Contract, EmbeddedChain, deploy_verifier
from verifier.chain.deployment import verifier_argument
from verifier.contracts import load_artifact
from verifier.errors import MalformedProofError
from verifier.groth16 import verify
from verifier.keys import VerifyingKey
from verifier.proof import Proof

SNARKJS = Path(__file__).parents[1] / "vectors/snarkjs"
INPUTS = [7, 8, FR_MODULUS - 1]


def deployed(key: VerifyingKey) -> Contract:
    chain = EmbeddedChain()
    return deploy_verifier(chain, key, sender=chain.accounts[0])[0]


@pytest.fixture(scope="module")
def contract() -> Contract:
    return deployed(SIMULATOR.key)


def refusal(contract: Contract, inputs: list[int], proof: Proof) -> str | None:
    """The contract's error, None if it accepts."""
    try:
        contract.call("verifyProof", *proof.solidity_arguments(), inputs)
    except ChainRevert as revert:
        return revert.name
    return None


def natively_valid(inputs: list[int], proof: Proof) -> bool:
    try:
        return verify(SIMULATOR.key, inputs, proof)
    except MalformedProofError:
        return False


def outside_subgroup() -> tuple[tuple[int, int], tuple[int, int]]:
    """A point of the twist that is not in G2: the first x = (k, 0) that has a y."""
    b = FQ2([3, 0]) / FQ2([9, 1])
    for k in range(1, 100):
        y = _sqrt(FQ2([k, 0]) ** 3 + b)
        if y is not None:
            return (k, 0), (int(y.coeffs[0]), int(y.coeffs[1]))
    raise AssertionError("no such point")


def _sqrt(square: Any) -> Any:
    """A square root in Fp2 by the norm, None if there is none."""
    q = FP_MODULUS
    a0, a1 = (int(c) for c in square.coeffs)
    norm = pow(a0 * a0 + a1 * a1, (q + 1) // 4, q)
    for root in (norm, -norm):
        x0 = pow((a0 + root) * pow(2, -1, q), (q + 1) // 4, q)
        if x0 and FQ2([x0, a1 * pow(2 * x0, -1, q)]) ** 2 == square:
            return FQ2([x0, a1 * pow(2 * x0, -1, q)])
    return None


def cases() -> Iterator[Any]:
    """(name of the case, inputs, proof, the contract's error or None)."""
    good = SIMULATOR.prove(INPUTS)
    (ax, ay), (cx, cy), (bx, by) = good.a, good.c, good.b
    q = FP_MODULUS

    def case(name: str, error: str | None, *, inputs: list[int] = INPUTS, **parts: Any) -> Any:
        return pytest.param(inputs, replace(good, **parts), error, id=name)

    yield case("valid", None)
    yield case("negated A and B", None, a=(ax, q - ay), b=(bx, ((q - by[0]) % q, (q - by[1]) % q)))
    yield case("another input", "ProofInvalid", inputs=[7, 9, FR_MODULUS - 1])
    yield case("inputs swapped", "ProofInvalid", inputs=[8, 7, FR_MODULUS - 1])
    yield case("A for C", "ProofInvalid", c=good.a)
    yield case("negated A", "ProofInvalid", a=(ax, q - ay))
    yield case("input + r", "PublicInputNotCanonical", inputs=[7 + FR_MODULUS, 8, FR_MODULUS - 1])
    yield case("input = r", "PublicInputNotCanonical", inputs=[7, FR_MODULUS, FR_MODULUS - 1])
    yield case("last input = r", "PublicInputNotCanonical", inputs=[7, 8, FR_MODULUS])
    yield case("A.x + q", "CoordinateNotCanonical", a=(ax + q, ay))
    yield case("A.y + q", "CoordinateNotCanonical", a=(ax, ay + q))
    yield case("B.x.c1 + q", "CoordinateNotCanonical", b=((bx[0], bx[1] + q), by))
    yield case("B.y.c0 + q", "CoordinateNotCanonical", b=(bx, (by[0] + q, by[1])))
    yield case("C.x + q", "CoordinateNotCanonical", c=(cx + q, cy))
    yield case("A at infinity", "PointAtInfinity", a=(0, 0))
    yield case("B at infinity", "PointAtInfinity", b=((0, 0), (0, 0)))
    yield case("C at infinity", "PointAtInfinity", c=(0, 0))
    yield case("A off the curve", "PrecompileFailed", a=(ax, ay + 1))
    yield case("C off the curve", "PrecompileFailed", c=(1, 3))
    yield case("B off the curve", "PrecompileFailed", b=(bx, (by[0] + 1, by[1])))
    yield case("B outside the subgroup", "PrecompileFailed", b=outside_subgroup())


@pytest.mark.parametrize(("inputs", "proof", "error"), list(cases()))
def test_contract_and_native_check_agree(
    contract: Contract, inputs: list[int], proof: Proof, error: str | None
) -> None:
    assert refusal(contract, inputs, proof) == error
    assert natively_valid(inputs, proof) is (error is None)


def test_snarkjs_proof_is_accepted() -> None:
    key = VerifyingKey.read(SNARKJS / "verification_key.json")
    proof = Proof.from_json((SNARKJS / "proof.json").read_text())
    inputs = [int(text) for text in json.loads((SNARKJS / "public.json").read_text())]
    contract = deployed(key)
    assert refusal(contract, inputs, proof) is None
    assert refusal(contract, [inputs[0], inputs[1] + 1, inputs[2]], proof) == "ProofInvalid"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"gamma": SIMULATOR.key.delta}, "KeyDegenerate"),
        ({"alpha": (0, 0)}, "KeyPointMalformed"),
        ({"alpha": (1, 3)}, "KeyPointMalformed"),
        ({"alpha": (1 + FP_MODULUS, 2)}, "KeyPointMalformed"),
        ({"beta": ((0, 0), (0, 0))}, "KeyPointMalformed"),
        ({"gamma": outside_subgroup()}, "KeyPointMalformed"),
        ({"delta": ((1, 2), (3, 4))}, "KeyPointMalformed"),
        ({"ic": (g1(1), g1(2), g1(3), (1, 3))}, "KeyPointMalformed"),
    ],
)
def test_constructor_refuses_keys_that_must_not_be_used(change: dict[str, Any], error: str) -> None:
    chain = EmbeddedChain()
    key = replace(SIMULATOR.key, **change)
    artifact = load_artifact("Groth16Verifier")
    with pytest.raises(ChainRevert) as caught:
        Contract.deploy(chain, artifact, verifier_argument(key), sender=chain.accounts[0])
    assert caught.value.name == error


def test_two_keys_do_not_accept_each_other(contract: Contract) -> None:
    other = Simulator.from_seed(8)
    assert refusal(contract, INPUTS, other.prove(INPUTS)) == "ProofInvalid"


@pytest.mark.parametrize("seed", range(40))
def test_a_flipped_bit_is_refused_by_both(contract: Contract, seed: int) -> None:
    """Any one bit of the proof or the inputs; failures name the seed."""
    numbers = random.Random(seed)
    proof = SIMULATOR.prove(INPUTS, seed=seed)
    words = [*proof.a, *proof.b[0], *proof.b[1], *proof.c, *INPUTS]
    words[numbers.randrange(len(words))] ^= 1 << numbers.randrange(256)
    a, bx, by, c = (pair(words, start) for start in (0, 2, 4, 6))
    changed = Proof(a, (bx, by), c)
    assert refusal(contract, words[8:], changed) is not None
    assert not natively_valid(words[8:], changed)


def pair(words: list[int], start: int) -> tuple[int, int]:
    return words[start], words[start + 1]
