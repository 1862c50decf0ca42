"""`python -m verifier.contracts.build [--check]`: compile, then write or compare artifacts.

With --check nothing is written: exit 1 names every artifact that differs from its source, so what
is committed is what the committed Solidity compiles to. `Groth16Verifier.sol` is generated first.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from verifier.contracts.artifact import ARTIFACTS
from verifier.contracts.solidity_compiler import compile_solidity
from verifier.solidity import verifier_with_immutable_key

CONTRACTS = Path(__file__).parent
ROOT = CONTRACTS.parents[1]
PUBLIC_INPUTS = 3
_NOT_DEPLOYED = {"interfaces", "libraries"}


@dataclass(frozen=True)
class SourceSet:
    """Solidity files below `sources`, whose contracts' artifacts live in `artifacts`."""

    sources: Path
    artifacts: Path


SHIPPED = SourceSet(CONTRACTS, ARTIFACTS)
# Test doubles and harnesses; absent in an installed package.
TEST_DOUBLES = SourceSet(ROOT / "tests/verifier/contracts", ROOT / "tests/verifier/artifacts")


def read_sources(source_set: SourceSet) -> dict[str, str]:
    """Path relative to the repository root → text, of every Solidity file of the set."""
    files = sorted(source_set.sources.rglob("*.sol"))
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in files}


def expected_files() -> dict[Path, str]:
    """What each generated file should hold, by path."""
    verifier = CONTRACTS / "Groth16Verifier.sol"
    texts = {verifier: verifier_with_immutable_key(PUBLIC_INPUTS)}
    shipped = read_sources(SHIPPED) | {str(verifier.relative_to(ROOT)): texts[verifier]}
    doubles = read_sources(TEST_DOUBLES)
    compiled = compile_solidity(shipped | doubles)
    for path, artifact in compiled.items():
        source_set = SHIPPED if path in shipped else TEST_DOUBLES
        if not _NOT_DEPLOYED & set(Path(path).parts):
            texts[source_set.artifacts / f"{artifact.name}.json"] = artifact.to_json()
    return texts


def stale_files(expected: Mapping[Path, str]) -> list[Path]:
    """Files that differ from what they should hold, and artifacts that should not exist."""
    differing = [p for p, t in expected.items() if not p.exists() or p.read_text("utf-8") != t]
    folders = (SHIPPED.artifacts, TEST_DOUBLES.artifacts)
    present = [path for folder in folders for path in folder.glob("*.json")]
    return sorted(differing + [path for path in present if path not in expected])


def main(arguments: list[str] | None = None) -> int:
    """The command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m verifier.contracts.build", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only, exit 1 on a difference")
    check = parser.parse_args(arguments).check
    expected = expected_files()
    stale = stale_files(expected)
    for path in stale:
        print(f"{'differs' if check else 'written'}: {path.relative_to(ROOT)}")
        if not check:
            _write(path, expected.get(path))
    return 1 if check and stale else 0


def _write(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
