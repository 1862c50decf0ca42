"""Row 13: keys whose secrets someone knew are kept from chains that hold value."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import chain_example
import pytest

from circuits.frontend import Builder, CompiledCircuit, compile_circuit
from prover.client import LocalProver
from prover.groth16.ceremony import contribute, verify_ceremony, verify_contributions
from prover.groth16.conversion import key_from_zkey, zkey_from_key
from prover.groth16.keys import ProvingKey
from prover.groth16.setup import ToxicWaste, unsafe_dev_setup
from prover.snarkjs.zkey import read_zkey, write_zkey
from verifier.errors import DevelopmentKeyError
from verifier.keys import DEVELOPMENT_CHAIN_IDS, VerifyingKey


def define(b: Builder) -> None:
    """A square."""
    y, x = b.public_input("y"), b.private_input("x")
    b.assert_product(x, x, y)


@pytest.fixture(scope="module")
def square() -> CompiledCircuit:
    return compile_circuit(define, name="square")


@pytest.fixture(scope="module")
def dev_key(square: CompiledCircuit, tmp_path_factory: pytest.TempPathFactory) -> ProvingKey:
    return unsafe_dev_setup(square.r1cs, tmp_path_factory.mktemp("key") / "dev.key")


@pytest.mark.parametrize("chain_id", [1, 10, 42161, 0, None])
def test_prover__refuses_a_development_key_elsewhere(
    square: CompiledCircuit, dev_key: ProvingKey, chain_id: int | None
) -> None:
    with pytest.raises(DevelopmentKeyError):
        LocalProver((square.r1cs, square.program), dev_key, chain_id=chain_id)


@pytest.mark.parametrize("chain_id", sorted(DEVELOPMENT_CHAIN_IDS))
def test_prover__takes_a_development_key_on_a_development_chain(
    square: CompiledCircuit, dev_key: ProvingKey, chain_id: int
) -> None:
    prover = LocalProver((square.r1cs, square.program), dev_key, chain_id=chain_id)
    proof = prover.prove(square.assign({"x": 5, "y": 25}))
    proof.validate()


def test_verification_key__carries_the_mark_through_json(dev_key: ProvingKey) -> None:
    again = VerifyingKey.from_json(dev_key.verifying_key.to_json())
    with pytest.raises(DevelopmentKeyError):
        again.refuse_outside_development(1)


def test_proving_key__keeps_its_mark_on_a_trip_through_zkey(
    dev_key: ProvingKey, tmp_path: Path
) -> None:
    write_zkey(tmp_path / "dev.zkey", zkey_from_key(dev_key))
    again = key_from_zkey(read_zkey(tmp_path / "dev.zkey"), tmp_path / "again.key")
    assert again.development
    with pytest.raises(DevelopmentKeyError):
        again.refuse_outside_development(1)


def test_ceremony_key__is_not_marked_and_its_transcript_verifies(tmp_path: Path) -> None:
    zkey = contribute(chain_example.zkey(), "one more")
    verdict = verify_ceremony(chain_example.r1cs(), chain_example.VECTORS / "pot9.ptau", zkey)
    assert verdict
    key_from_zkey(zkey, tmp_path / "key").refuse_outside_development(1)


def test_ceremony_key__with_a_swapped_contribution_is_false() -> None:
    initial = chain_example.zkey("chain_0.zkey")
    first, second = contribute(initial, "a"), contribute(initial, "b")
    mixed = dataclasses.replace(first, contributions=second.contributions)
    assert not verify_contributions(initial, mixed)


def test_secrets_are_never_shown() -> None:
    waste = ToxicWaste.random()
    assert str(waste.tau) not in repr(waste) and str(waste.delta) not in f"{waste}"
    assert ToxicWaste.random() != waste
