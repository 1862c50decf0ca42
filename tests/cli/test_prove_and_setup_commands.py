"""The commands together: what one writes, the next reads; on a circom circuit and on ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sequencer.cli.main import main

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "snarkjs"
ZKEY, WTNS, R1CS = (VECTORS / f"chain.{suffix}" for suffix in ("zkey", "wtns", "r1cs"))
PTAU = VECTORS / "pot9.ptau"


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def prove(folder: Path, zkey: Path, witness: Path = WTNS, *more: object) -> int:
    files = ("--proof", folder / "proof.json", "--public", folder / "public.json")
    return run("prove", "--zkey", zkey, "--witness", witness, *files, *more)


def verify(folder: Path, key: Path) -> int:
    files = ("--proof", folder / "proof.json", "--public", folder / "public.json")
    return run("verify", "--vk", key, *files)


def test_prove__a_circom_circuit_gives_a_proof_that_verifies(tmp_path: Path) -> None:
    assert prove(tmp_path, ZKEY) == 0
    assert json.loads((tmp_path / "public.json").read_text()) == json.loads(
        (VECTORS / "public.json").read_text()
    )
    assert verify(tmp_path, VECTORS / "verification_key.json") == 0


def test_prove__truncated_key_exits_2_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short = tmp_path / "short.zkey"
    short.write_bytes(ZKEY.read_bytes()[:-7])
    assert prove(tmp_path, short) == 2
    assert "short.zkey" in capsys.readouterr().err
    assert not (tmp_path / "proof.json").exists()


def test_prove__false_witness_names_the_first_violated_constraint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = bytearray(WTNS.read_bytes())
    data[-32] ^= 1  # the last wire's lowest bit
    false = tmp_path / "false.wtns"
    false.write_bytes(data)
    assert prove(tmp_path, ZKEY, false, "--r1cs", R1CS) == 2
    message = capsys.readouterr().err
    assert "false.wtns" in message and "constraint 175" in message
    assert not (tmp_path / "proof.json").exists()


def test_setup__ceremony_from_ptau_to_proof(tmp_path: Path) -> None:
    first, second = tmp_path / "0.zkey", tmp_path / "1.zkey"
    key, vk = tmp_path / "chain.key", tmp_path / "vk.json"
    assert run("setup", "new", "--r1cs", R1CS, "--ptau", PTAU, "--out", first) == 0
    assert run("setup", "contribute", "--zkey", first, "--out", second, "--name", "alice") == 0
    assert run("setup", "check", "--zkey", second, "--ptau", PTAU, "--r1cs", R1CS) == 0
    assert run("setup", "check", "--zkey", first, "--ptau", PTAU, "--r1cs", R1CS) == 1
    finish = ("setup", "finish", "--zkey", second, "--r1cs", R1CS)
    assert run(*finish, "--out", key, "--vk", vk) == 0
    assert prove(tmp_path, key) == 0
    assert verify(tmp_path, vk) == 0
    assert verify(tmp_path, VECTORS / "verification_key.json") == 1


def test_setup__ptau_too_small_exits_2_and_names_the_power(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = ("--circuit", "poseidon-chain-12", "--ptau", PTAU)
    assert run("setup", "new", *source, "--out", tmp_path / "0.zkey") == 2
    assert "12" in capsys.readouterr().err


def test_export__development_key_and_verifier_of_our_own_circuit(tmp_path: Path) -> None:
    name = "poseidon-chain-8"
    key, vk, contract = (tmp_path / f for f in ("chain.key", "vk.json", "Verifier.sol"))
    setup = ("setup", "new", "--circuit", name, "--unsafe-dev-setup", "--out", key, "--vk", vk)
    assert run(*setup) == 0
    assert run("circuits", "export", name, "--out", tmp_path) == 0
    assert prove(tmp_path, key, tmp_path / f"{name}.wtns") == 0
    assert verify(tmp_path, vk) == 0
    assert run("export-verifier", "--vk", vk, "--out", contract, "--name", "ChainVerifier") == 0
    assert "contract ChainVerifier" in contract.read_text()


def test_circuits__check_of_a_sound_circuit_exits_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("circuits", "check", "poseidon-chain-8") == 0
    assert "0 findings" in capsys.readouterr().out


def test_circuits__check_of_a_loose_circuit_exits_1_and_names_the_scope(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from circuits import registry
    from circuits.frontend import Builder

    def loose(b: Builder) -> None:
        x = b.public_input("x")
        with b.scope("forgotten"):
            b.inverse_or_zero(x)
        b.assert_equal(x * x, 4)

    circuit = registry.NamedCircuit("loose", "a hint without a constraint", loose, lambda: {"x": 2})
    monkeypatch.setattr(registry, "named_circuit", lambda name: circuit)
    monkeypatch.setattr(registry, "compile_named", lambda name: circuit.compile())
    assert run("circuits", "check", "loose") == 1
    assert "forgotten" in capsys.readouterr().out


def test_circuits__unknown_name_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("circuits", "stats", "nonsense") == 2
    assert "rollup-tiny" in capsys.readouterr().err
