"""Size limits of the house: no source file over 600 lines, no Python function over 80."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("native", "circuits", "prover", "verifier", "sequencer", "tests")
SUFFIXES = {".py", ".c", ".h", ".sol", ".mjs", ".js"}
MAX_FILE_LINES = 600
MAX_FUNCTION_LINES = 80
FORBIDDEN_NAMES = {"utils.py", "common.py", "helpers.py", "misc.py"}


def sources() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from (path for path in sorted((ROOT / folder).rglob("*")) if path.suffix in SUFFIXES)


def long_functions(text: str) -> list[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds))
    return [n.name for n in nodes if (n.end_lineno or 0) - n.lineno + 1 > MAX_FUNCTION_LINES]


def test_no_file_is_too_long() -> None:
    assert [str(p) for p in sources() if len(p.read_text().splitlines()) > MAX_FILE_LINES] == []


def test_no_python_function_is_too_long() -> None:
    python = [path for path in sources() if path.suffix == ".py"]
    assert {str(p): names for p in python if (names := long_functions(p.read_text()))} == {}


def test_a_long_function_is_noticed() -> None:
    assert long_functions("def f():\n" + "    x = 1\n" * MAX_FUNCTION_LINES) == ["f"]


def test_no_catch_all_modules() -> None:
    assert [str(path) for path in sources() if path.name in FORBIDDEN_NAMES] == []
