"""Committed artifacts: readable, complete, and compared with what the Solidity compiles to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verifier.doubles import ARTIFACTS as DOUBLES
from verifier.contracts import Artifact, build, load_artifact
from verifier.contracts.artifact import ARTIFACTS, artifact_names
from verifier.contracts.solidity_compiler import (
    CompilerError,
    CompilerMissingError,
    compile_solidity,
)

# The largest code that a chain takes (EIP-170); creation code is longer than what it leaves.
MAX_CODE_BYTES = 24_576


@pytest.mark.parametrize("folder", [ARTIFACTS, DOUBLES], ids=["shipped", "doubles"])
def test_artifacts_survive_a_round_trip(folder: Path) -> None:
    for name in artifact_names(folder):
        text = (folder / f"{name}.json").read_text()
        artifact = Artifact.from_json(text)
        assert artifact.to_json() == text
        assert artifact.name == name
        assert 0 < len(artifact.bytecode) < MAX_CODE_BYTES


def test_every_contract_with_code_has_its_artifact() -> None:
    sources = build.read_sources(build.SHIPPED)
    concrete = {Path(path).stem for path, text in sources.items() if "\ncontract " in text}
    assert concrete == set(artifact_names())
    doubles = {path.stem for path in (build.ROOT / "tests/verifier/contracts").glob("*.sol")}
    assert doubles == set(artifact_names(DOUBLES))


def test_no_test_double_is_shipped() -> None:
    assert not set(artifact_names()) & set(artifact_names(DOUBLES))


def test_a_stale_or_superfluous_artifact_is_noticed() -> None:
    present = {path: path.read_text() for path in ARTIFACTS.glob("*.json")}
    present |= {path: path.read_text() for path in DOUBLES.glob("*.json")}
    assert build.stale_files(present) == []
    rollup = ARTIFACTS / "Rollup.json"
    assert build.stale_files({**present, rollup: "changed"}) == [rollup]
    without = {path: text for path, text in present.items() if path != rollup}
    assert build.stale_files(without) == [rollup]
    missing = ARTIFACTS / "Missing.json"
    assert build.stale_files({**present, missing: "{}"}) == [missing]


@pytest.mark.node
def test_an_artifact_is_what_its_solidity_compiles_to() -> None:
    """One small contract here; `make contracts` compares them all."""
    sources = {
        path: text
        for path, text in build.read_sources(build.SHIPPED).items()
        if path.endswith(("/TestToken.sol", "/IERC20.sol"))
    }
    try:
        compiled = compile_solidity(sources)
    except CompilerMissingError as error:
        pytest.skip(str(error))
    assert compiled["verifier/contracts/TestToken.sol"] == load_artifact("TestToken")


@pytest.mark.node
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("contract A { function f() public { uint x; } }", "Warning"),
        ("contract A { function", "ParserError"),
    ],
)
def test_errors_and_warnings_stop_the_build(text: str, message: str) -> None:
    with pytest.raises(CompilerError) as caught:
        compile_solidity({"A.sol": "// SPDX-License-Identifier: UNLICENSED\n" + text})
    if isinstance(caught.value, CompilerMissingError):
        pytest.skip(str(caught.value))
    assert message in str(caught.value)


def test_a_missing_compiler_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(CompilerMissingError, match="make node"):
        compile_solidity({})
