"""`tallystick verify`: 0 valid, 1 invalid, 2 malformed; on files that snarkjs wrote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sequencer.cli.main import main

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "snarkjs"


def verify(public: Path, proof: Path, *more: str) -> int:
    key = VECTORS / "verification_key.json"
    files = ["--vk", str(key), "--public", str(public), "--proof", str(proof)]
    return main(["verify", *files, *more])


def test_verify__valid_proof_exits_0(tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    code = verify(VECTORS / "public.json", VECTORS / "proof.json", "--json", str(result))
    assert code == 0
    assert json.loads(result.read_text())["valid"] is True


def test_verify__another_statement_exits_1(tmp_path: Path) -> None:
    public = json.loads((VECTORS / "public.json").read_text())
    public[1] = str(int(public[1]) + 1)
    other = tmp_path / "public.json"
    other.write_text(json.dumps(public))
    assert verify(other, VECTORS / "proof.json") == 1


@pytest.mark.parametrize("damage", ["{", "[]", '{"pi_a": 1}', ""])
def test_verify__malformed_proof_exits_2_and_names_the_file(
    damage: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proof = tmp_path / "proof.json"
    proof.write_text(damage)
    assert verify(VECTORS / "public.json", proof) == 2
    assert "proof.json" in capsys.readouterr().err


def test_verify__missing_file_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(tmp_path / "absent.json", VECTORS / "proof.json") == 2
    assert "absent.json" in capsys.readouterr().err
