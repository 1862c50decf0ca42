"""The npm tool as a black box: it accepts our files and proofs, we accept its."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from circuits.registry import compile_named, named_circuit
from circuits.system.r1cs import R1CS
from native import api
from prover.files import prove_zkey
from prover.groth16.ceremony import contribute, verify_contributions
from prover.groth16.conversion import key_from_zkey, zkey_from_key
from prover.groth16.keys import ProvingKey
from prover.groth16.phase1 import initial_zkey
from prover.groth16.prove import prove, public_inputs
from prover.groth16.setup import unsafe_dev_setup
from prover.snarkjs.container import U64
from prover.snarkjs.r1cs import from_r1cs, write_r1cs
from prover.snarkjs.wtns import write_wtns
from prover.snarkjs.zkey import Zkey, read_zkey, write_zkey
from verifier.groth16 import verify
from verifier.keys import VerifyingKey
from verifier.proof import Proof, public_to_json, read_public

SNARKJS = Path(__file__).parents[2] / "node_modules" / ".bin" / "snarkjs"
pytestmark = [
    pytest.mark.node,
    pytest.mark.skipif(
        not SNARKJS.exists() or shutil.which("node") is None,
        reason="needs node and the npm package snarkjs (make node)",
    ),
]


def snarkjs(*arguments: str | Path) -> tuple[int, str]:
    """Exit code and output, colours removed."""
    command = [str(SNARKJS), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return done.returncode, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)


def write_proof(folder: Path, key: VerifyingKey, public: list[int], proof: Proof) -> list[Path]:
    """vk, public and proof files, in the order of snarkjs's arguments."""
    texts = {"vk": key.to_json(), "public": public_to_json(public), "proof": proof.to_json()}
    for name, text in texts.items():
        (folder / f"{name}.json").write_text(text)
    return [folder / f"{name}.json" for name in texts]


class Hashing:
    """A circuit of ours with its witness and development key."""

    def __init__(self, folder: Path) -> None:
        compiled = compile_named("poseidon-chain-9")
        self.r1cs = compiled.r1cs
        inputs = compiled.assign(named_circuit("poseidon-chain-9").example_inputs())
        self.witness = compiled.witness(inputs)
        self.key = unsafe_dev_setup(self.r1cs, folder / "hashing.key", seed=b"interop")


@pytest.fixture(scope="module")
def hashing(tmp_path_factory: pytest.TempPathFactory) -> Hashing:
    return Hashing(tmp_path_factory.mktemp("hashing"))


def test_snarkjs__verifies_our_proofs_and_refuses_changed_ones(
    hashing: Hashing, chain_key: ProvingKey, chain_witness: U64, tmp_path: Path
) -> None:
    for key, witness in ((hashing.key, hashing.witness), (chain_key, chain_witness)):
        public, proof = public_inputs(key, witness), prove(key, witness)
        files = write_proof(tmp_path, key.verifying_key, public, proof)
        code, output = snarkjs("groth16", "verify", *files)
        assert (code, "OK!" in output) == (0, True), output
    public[0] += 1
    code, output = snarkjs(
        "groth16", "verify", *write_proof(tmp_path, key.verifying_key, public, proof)
    )
    assert (code, "Invalid proof" in output) == (1, True), output


def test_snarkjs__proves_from_our_zkey_and_witness_and_we_verify(
    hashing: Hashing, tmp_path: Path
) -> None:
    write_zkey(tmp_path / "ours.zkey", zkey_from_key(hashing.key))
    write_wtns(tmp_path / "ours.wtns", hashing.witness)
    files = [tmp_path / name for name in ("ours.zkey", "ours.wtns", "proof.json", "public.json")]
    code, output = snarkjs("groth16", "prove", *files)
    assert code == 0, output
    public = read_public(tmp_path / "public.json")
    assert public == public_inputs(hashing.key, hashing.witness)
    assert verify(hashing.key.verifying_key, public, Proof.read(tmp_path / "proof.json"))


def test_snarkjs__accepts_our_r1cs_and_wtns(hashing: Hashing, tmp_path: Path) -> None:
    write_r1cs(tmp_path / "ours.r1cs", from_r1cs(hashing.r1cs))
    write_wtns(tmp_path / "ours.wtns", hashing.witness)
    code, output = snarkjs("r1cs", "info", tmp_path / "ours.r1cs")
    assert code == 0 and f"# of Constraints: {hashing.r1cs.n_constraints}" in output, output
    code, output = snarkjs("wtns", "check", tmp_path / "ours.r1cs", tmp_path / "ours.wtns")
    assert code == 0 and "WITNESS IS CORRECT" in output, output
    changed = hashing.witness.copy()
    changed[-1] = api.fr_from_ints([3])[0]
    write_wtns(tmp_path / "false.wtns", changed)
    code, output = snarkjs("wtns", "check", tmp_path / "ours.r1cs", tmp_path / "false.wtns")
    assert "WITNESS IS CORRECT" not in output


def test_ceremony__contributions_alternate_between_the_tools(
    chain_r1cs: R1CS, chain_witness: U64, vectors: Path, tmp_path: Path
) -> None:
    """Our initial key, snarkjs's contribution, ours, then both verify and both prove."""
    initial = initial_zkey(chain_r1cs, vectors / "pot9.ptau")
    write_zkey(tmp_path / "0.zkey", initial)
    arguments = ("--name=theirs", "-e=some entropy")
    code, output = snarkjs(
        "zkey", "contribute", tmp_path / "0.zkey", tmp_path / "1.zkey", *arguments
    )
    assert code == 0, output
    theirs: Zkey = read_zkey(tmp_path / "1.zkey")
    assert verify_contributions(initial, theirs)
    write_zkey(tmp_path / "2.zkey", contribute(theirs, "ours"))
    code, output = snarkjs(
        "zkey", "verify", vectors / "chain.r1cs", vectors / "pot9.ptau", tmp_path / "2.zkey"
    )
    assert code == 0 and "ZKey Ok!" in output and "contribution #2 ours" in output, output
    proof, public = prove_zkey(tmp_path / "2.zkey", vectors / "chain.wtns")
    key = key_from_zkey(read_zkey(tmp_path / "2.zkey"), tmp_path / "key")
    assert verify(key.verifying_key, public, proof)


def test_snarkjs__exports_the_verification_key_that_we_export(
    hashing: Hashing, tmp_path: Path
) -> None:
    write_zkey(tmp_path / "ours.zkey", zkey_from_key(hashing.key))
    code, output = snarkjs(
        "zkey", "export", "verificationkey", tmp_path / "ours.zkey", tmp_path / "vk.json"
    )
    assert code == 0, output
    exported = VerifyingKey.read(tmp_path / "vk.json")
    assert exported.digest() == hashing.key.verifying_key.digest()
