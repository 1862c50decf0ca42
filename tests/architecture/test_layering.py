"""Who may import whom. The table is the architecture; a new edge is a decision, made here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("native", "circuits", "verifier", "prover", "sequencer")

# package -> the module prefixes of ours that it may import (besides itself)
ALLOWED: dict[str, tuple[str, ...]] = {
    "native": (),
    "circuits": ("native",),
    "verifier": ("native",),
    "prover": ("native", "circuits.system", "verifier"),
    "sequencer": ("native", "circuits.spec", "circuits.rollup.inputs", "verifier", "prover.client"),
}
# The command line wires everything together and is the one exception.
UNRESTRICTED = "sequencer.cli"


def modules(package: str) -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imported(path: Path, module: str) -> Iterator[str]:
    """Every dotted name that the file imports, wherever the import statement stands."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parent = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parent, base]).rstrip(".")
            yield from (f"{base}.{alias.name}" for alias in node.names)


def is_within(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(prefix + ".")


def violations(module: str, names: Iterator[str]) -> list[str]:
    if is_within(module, UNRESTRICTED):
        return []
    package = module.split(".")[0]
    allowed = (package, *ALLOWED[package])
    return [
        f"{module} imports {name}"
        for name in names
        if (
            name.split(".")[0] in (*PACKAGES, "tests")
            and not any(is_within(name, prefix) for prefix in allowed)
        )
        or is_within(name, UNRESTRICTED)
    ]


@pytest.mark.parametrize("package", PACKAGES)
def test_package_imports_only_what_the_table_allows(package: str) -> None:
    found = [
        v for module, path in modules(package) for v in violations(module, imported(path, module))
    ]
    assert found == []


def test_a_forbidden_import_is_noticed() -> None:
    assert violations("verifier.keys", iter(["circuits.frontend.Wire"]))
    assert violations("prover.client", iter(["circuits.rollup.slot"]))
    assert violations("sequencer.pipeline", iter(["circuits.gadgets.bits"]))
    assert violations("native.api", iter(["prover.client"]))
    assert not violations("sequencer.cli.demo", iter(["circuits.registry.NAMES"]))
    assert not violations("prover.client", iter(["circuits.system.r1cs.R1CS"]))
