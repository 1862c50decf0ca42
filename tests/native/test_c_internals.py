"""White-box tests in C (tests/native/c), built for each variant under the address and
undefined-behaviour sanitizers."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from native import variants

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["-std=gnu11", "-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")
@pytest.mark.parametrize("variant", variants.NAMES)
def test_internals_under_sanitizers(variant: str, tmp_path: Path) -> None:
    if variant not in variants.available():
        pytest.skip(f"this machine or build has no {variant} variant")
    sources = ROOT / "native" / "src"
    folders = ["-I", str(sources), "-I", str(ROOT / "native" / "include")]
    units = [str(ROOT / "tests/native/c/internals.c"), str(sources / "pool.c")]
    program = tmp_path / "internals"
    define = f'-DVARIANT="variant_{variant}.c"'
    command = ["gcc", *FLAGS, "-pthread", *folders, define, *units, "-o", str(program)]
    subprocess.run(command, check=True, capture_output=True)
    result = subprocess.run([str(program)], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
