"""The proof and key formats, against files that snarkjs wrote (tests/vectors/snarkjs)."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from native.constants import FP_MODULUS, FR_MODULUS
from verifier.errors import DevelopmentKeyError, MalformedKeyError, MalformedProofError
from verifier.groth16 import verify
from verifier.keys import VerifyingKey
from verifier.proof import Proof, public_from_json, public_to_json, read_public

VECTORS = Path(__file__).parents[1] / "vectors" / "snarkjs"


@pytest.fixture(scope="module")
def key() -> VerifyingKey:
    return VerifyingKey.read(VECTORS / "verification_key.json")


@pytest.fixture(scope="module")
def proof() -> Proof:
    return Proof.read(VECTORS / "proof.json")


@pytest.fixture(scope="module")
def public() -> list[int]:
    return read_public(VECTORS / "public.json")


def test_proof__round_trips_byte_for_byte(proof: Proof) -> None:
    assert proof.to_json() == (VECTORS / "proof.json").read_text()


def test_public__round_trips_byte_for_byte(public: list[int]) -> None:
    assert public_to_json(public) == (VECTORS / "public.json").read_text()


def test_key__round_trips_byte_for_byte_with_its_pairing(key: VerifyingKey) -> None:
    assert key.to_json() == (VECTORS / "verification_key.json").read_text()


def test_verify__accepts_a_proof_by_snarkjs(
    key: VerifyingKey, proof: Proof, public: list[int]
) -> None:
    assert verify(key, public, proof)


@pytest.mark.parametrize("index", range(3))
def test_verify__another_public_input_is_false(
    key: VerifyingKey, proof: Proof, public: list[int], index: int
) -> None:
    changed = list(public)
    changed[index] = (changed[index] + 1) % FR_MODULUS
    assert not verify(key, changed, proof)


def test_verify__another_point_is_false(key: VerifyingKey, proof: Proof, public: list[int]) -> None:
    assert not verify(key, public, dataclasses.replace(proof, c=proof.a))


def test_verify__wrong_number_of_public_inputs_is_malformed(
    key: VerifyingKey, proof: Proof, public: list[int]
) -> None:
    with pytest.raises(MalformedProofError, match="3 expected, found 2"):
        verify(key, public[:2], proof)


def changed(name: str, path: list[Any], value: Any) -> str:
    document = json.loads((VECTORS / name).read_text())
    target = document
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return json.dumps(document)


BAD_MEMBERS: list[tuple[list[Any], Any, str]] = [
    (["pi_a", 0], 7, "decimal string"),
    (["pi_a", 0], "07", "canonical"),
    (["pi_a", 0], "-7", "canonical"),
    (["pi_a", 0], "0x7", "canonical"),
    (["pi_a", 0], "٣", "canonical"),
    (["pi_a", 0], str(FP_MODULUS), "modulus"),
    (["pi_a", 0], "7", "not on the curve"),
    (["pi_a", 2], "0", "infinity"),
    (["pi_a"], ["1", "2"], "3 items"),
    (["pi_a"], "12", "a list"),
    (["pi_b", 0, 1], "5", "not on the curve"),
    (["pi_b", 2], ["0", "0"], "third coordinate"),
    (["protocol"], "plonk", "groth16"),
    (["curve"], "bls12381", "bn128"),
]


@pytest.mark.parametrize(("path", "value", "reason"), BAD_MEMBERS)
def test_proof__bad_members_are_named(path: list[Any], value: Any, reason: str) -> None:
    with pytest.raises(MalformedProofError, match=reason) as raised:
        Proof.from_json(changed("proof.json", path, value), "p.json")
    assert str(raised.value).startswith(f"p.json: {path[0]}")


@pytest.mark.parametrize(
    "text", ["", "[", "{}", "[]", "null", '{"a": 1, "a": 2}', "[" * 100_000, b"\xff\xfe\x00"]
)
def test_json__broken_texts_are_malformed(text: str | bytes) -> None:
    with pytest.raises(MalformedProofError):
        Proof.from_json(text)


@pytest.mark.parametrize("value", ["[1]", '["1", 2.0]', "{}", '[""]', f'["{FR_MODULUS}"]'])
def test_public__numbers_and_large_values_are_malformed(value: str) -> None:
    with pytest.raises(MalformedProofError):
        public_from_json(value)


def test_key__wrong_count_of_ic_points_is_malformed() -> None:
    with pytest.raises(MalformedKeyError, match="5 items are expected, found 4"):
        VerifyingKey.from_json(changed("verification_key.json", ["nPublic"], 4))


def test_key__digest_depends_on_every_point(key: VerifyingKey) -> None:
    names = ["alpha", "beta", "gamma", "delta", "ic"]
    others = [key.ic[1], key.delta, key.beta, key.gamma, key.ic[::-1]]
    variants = [dataclasses.replace(key, **{n: o}) for n, o in zip(names, others, strict=True)]
    assert len({k.digest() for k in [key, *variants]}) == 6


def test_key__development_mark_survives_and_is_refused_elsewhere(key: VerifyingKey) -> None:
    marked = dataclasses.replace(key, development=True)
    assert VerifyingKey.from_json(marked.to_json()) == marked
    marked.refuse_outside_development(31337)
    key.refuse_outside_development(1)
    with pytest.raises(DevelopmentKeyError, match="chain id 1:"):
        marked.refuse_outside_development(1)
