"""Proofs of the chain example: from snarkjs keys, from development keys, on both backends."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from circuits.frontend import Builder, compile_circuit
from circuits.system.r1cs import R1CS
from native import api, variants
from native.errors import UnsatisfiedError
from prover.backends import CpuBackend, ReferenceBackend, load_backend
from prover.backends.self_check import self_check
from prover.errors import BackendError, MalformedFileError, SelfVerificationError
from prover.files import prove_zkey
from prover.groth16.conversion import key_from_zkey
from prover.groth16.keys import ProvingKey
from prover.groth16.prove import Blinding, prove, public_inputs
from prover.groth16.setup import unsafe_dev_setup
from prover.phases import Phases
from prover.snarkjs.container import U64
from prover.snarkjs.zkey import Zkey
from verifier.groth16 import verify
from verifier.keys import VerifyingKey
from verifier.proof import read_public


def test_prove__from_a_snarkjs_key_verifies_under_its_verification_key(
    vectors: Path,
) -> None:
    lines: list[str] = []
    proof, public = prove_zkey(
        vectors / "chain.zkey", vectors / "chain.wtns", announce=lines.append
    )
    assert public == read_public(vectors / "public.json")
    assert verify(VerifyingKey.read(vectors / "verification_key.json"), public, proof)
    assert "MiB of memory" in lines[0]


def test_prove__from_a_development_key_verifies(dev_key: ProvingKey, chain_witness: U64) -> None:
    proof = prove(dev_key, chain_witness)
    assert verify(dev_key.verifying_key, public_inputs(dev_key, chain_witness), proof)


def define_small_circuit(b: Builder) -> None:
    """x³ + 5x + 7 = y with y public."""
    y, x = b.public_input("y"), b.private_input("x")
    b.assert_equal(b.multiply_add(x * x, x, 5 * x + 7), y)


def test_prove__fixed_blinding_gives_equal_bytes_on_every_backend(tmp_path: Path) -> None:
    compiled = compile_circuit(define_small_circuit, name="small")
    key = unsafe_dev_setup(compiled.r1cs, tmp_path / "key", seed=b"small")
    witness = compiled.witness(compiled.assign({"x": 3, "y": 27 + 15 + 7}))
    blinding = Blinding(r=1234567890123456789, s=2**250 + 1)
    backends = (CpuBackend(), ReferenceBackend())
    proofs = [prove(key, witness, backend=b, blinding=blinding) for b in backends]
    assert proofs[0].to_json() == proofs[1].to_json()


@pytest.mark.parametrize("variant", variants.NAMES)
def test_prove__fixed_blinding_gives_equal_bytes_in_every_variant(
    chain_key: ProvingKey, chain_witness: U64, variant: str
) -> None:
    if variant not in variants.available():
        pytest.skip(f"this machine or build has no {variant} variant")
    blinding = Blinding(r=2**253 - 1, s=3)
    with variants.forced("portable"):
        expected = prove(chain_key, chain_witness, blinding=blinding, threads=1)
    with variants.forced(variant):
        assert prove(chain_key, chain_witness, blinding=blinding, threads=2) == expected


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_prove__number_of_threads_does_not_change_the_proof(
    chain_key: ProvingKey, chain_witness: U64, threads: int
) -> None:
    blinding = Blinding(5, 7)
    expected = prove(chain_key, chain_witness, blinding=blinding)
    assert prove(chain_key, chain_witness, blinding=blinding, threads=threads) == expected


def test_prove__zero_blinding_is_possible(chain_key: ProvingKey, chain_witness: U64) -> None:
    proof = prove(chain_key, chain_witness, blinding=Blinding(0, 0))
    assert verify(chain_key.verifying_key, public_inputs(chain_key, chain_witness), proof)


def test_prove__names_the_first_violated_constraint(
    chain_key: ProvingKey, chain_r1cs: R1CS, chain_witness: U64
) -> None:
    changed = chain_witness.copy()
    changed[50] = chain_witness[51]
    first = chain_r1cs.check(changed)
    with pytest.raises(UnsatisfiedError, match=f"first constraint {first}: A·w = "):
        prove(chain_key, changed)


def test_prove__false_witness_without_matrix_c_is_withheld(
    chain_zkey: Zkey, chain_witness: U64, tmp_path: Path
) -> None:
    key = key_from_zkey(chain_zkey, tmp_path / "key")
    changed = chain_witness.copy()
    changed[50] = chain_witness[51]
    with pytest.raises(SelfVerificationError, match="the witness does not satisfy the circuit, or"):
        prove(key, changed)


def test_prove__refuses_witnesses_of_another_shape(
    chain_key: ProvingKey, chain_witness: U64
) -> None:
    with pytest.raises(ValueError, match=r"\(221, 4\) expected"):
        prove(chain_key, chain_witness[:-1])
    unreduced = chain_witness.copy()
    unreduced[7] = np.uint64(2**64 - 1)
    with pytest.raises(ValueError, match="witness value 7 is not reduced"):
        prove(chain_key, unreduced)
    with pytest.raises(UnsatisfiedError, match="constant 1"):
        prove(chain_key, api.fr_add(chain_witness, chain_witness))


def test_prove__wrong_number_of_witness_values_names_the_file(
    vectors: Path, chain_witness: U64, tmp_path: Path
) -> None:
    from prover.snarkjs.wtns import write_wtns

    write_wtns(tmp_path / "short.wtns", chain_witness[:-1])
    with pytest.raises(MalformedFileError, match=r"short.wtns: values: 220 values, .* 221 wires"):
        prove_zkey(vectors / "chain.zkey", tmp_path / "short.wtns")


def test_phases__cover_every_step(chain_key: ProvingKey, chain_witness: U64) -> None:
    phases = Phases()
    prove(chain_key, chain_witness, phases=phases)
    names = {name for name, _ in phases.table()}
    steps = {"A·w, B·w", "quotient", "scalars", "sums", "assemble", "verify"}
    assert names == steps | {"total"}
    assert all(seconds >= 0 for _, seconds in phases.table())


class _Broken(CpuBackend):
    """A backend whose one operation is off by a little."""

    name = "broken"

    def __init__(self, operation: str) -> None:
        self.operation = operation

    def __getattribute__(self, name: str) -> object:
        value = object.__getattribute__(self, name)
        if name != object.__getattribute__(self, "__dict__").get("operation"):
            return value

        def wrong(*args: object, **kwargs: object) -> object:
            """Change the first number of the result, returned or filled in."""
            result = value(*args, **kwargs)
            changed = args[0] if result is None else result[0]
            changed.reshape(-1)[0] ^= np.uint64(1)  # type: ignore[attr-defined]
            return result

        return wrong


@pytest.mark.parametrize("operation", ["matvec", "quotient", "sums"])
def test_self_check__names_the_wrong_operation(operation: str) -> None:
    with pytest.raises(BackendError, match=f"{operation} differs"):
        self_check(_Broken(operation))


def test_self_check__passes_for_the_native_library() -> None:
    self_check(CpuBackend())


def test_load_backend__unknown_name_lists_the_known_ones() -> None:
    assert load_backend("cpu").name == "cpu"
    with pytest.raises(ValueError, match="one of cpu, reference"):
        load_backend("abacus")
