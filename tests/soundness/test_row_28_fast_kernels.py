"""Row 28, native part: a fast variant that computes wrongly is not used.

tests/parity compares every variant byte for byte with the portable code. This file plants a wrong
multiplication in a fresh build of the library and sees the self-check of the dispatch refuse it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from native import variants

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "native" / "src"
PROGRAM = """
#include <stdio.h>
#include "zk.h"
int main(void) {
    int active = zk_variant_active();
    printf("%d %d\\n", active, (int)zk_variant_force(1));
    return 0;
}
"""


def build(folder: Path, *flags: str) -> Path:
    """The library from sources in `folder`, with a program that prints what dispatch chose."""
    (folder / "main.c").write_text(PROGRAM, encoding="utf-8")
    kernels = [f"variant_{name}.c" for name in variants.NAMES]
    units = ["zk.c", "self_check.c", "pool.c", *kernels, "main.c"]
    include = ["-I", str(ROOT / "native" / "include")]
    command = ["gcc", "-std=gnu11", "-O1", "-pthread", *include, *flags]
    subprocess.run([*command, *units, "-o", "program"], cwd=folder, check=True)
    return folder / "program"


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")
@pytest.mark.skipif("adx" not in variants.available(), reason="this machine lacks adx")
def test_self_check__refuses_a_variant_with_a_wrong_multiplication(tmp_path: Path) -> None:
    shutil.copytree(SOURCES, tmp_path, dirs_exist_ok=True)
    fast = tmp_path / "arith_adx.h"
    text = fast.read_text(encoding="utf-8")
    wrong = text.replace('"mulxq 24(%[a])', '"mulxq 16(%[a])')
    assert wrong != text
    environment = {k: v for k, v in os.environ.items() if k != "TALLYSTICK_NATIVE"}
    run = {"capture_output": True, "text": True, "check": True, "env": environment}
    best = str(variants.NAMES.index(variants.available()[-1]))
    assert subprocess.run([build(tmp_path)], **run).stdout.split() == [best, "0"]
    fast.write_text(wrong, encoding="utf-8")
    assert subprocess.run([build(tmp_path)], **run).stdout.split() == ["0", "4"]


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")
@pytest.mark.skipif("ifma" not in variants.available(), reason="this machine lacks ifma")
def test_self_check__falls_back_when_the_eight_lanes_are_wrong(tmp_path: Path) -> None:
    shutil.copytree(SOURCES, tmp_path, dirs_exist_ok=True)
    lanes = tmp_path / "lanes.h"
    text = lanes.read_text(encoding="utf-8")
    wrong = text.replace(
        "fr8_minus_inverse = 0x1f593efffffff", "fr8_minus_inverse = 0x1f593effffffe"
    )
    assert wrong != text
    lanes.write_text(wrong, encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if k != "TALLYSTICK_NATIVE"}
    program = build(tmp_path)
    result = subprocess.run([program], capture_output=True, text=True, check=True, env=environment)
    assert result.stdout.split() == ["1", "0"]


def test_an_unknown_variant__is_refused_by_name() -> None:
    code = "from native import api; api.fr_from_ints([1])"
    environment = {**os.environ, "TALLYSTICK_NATIVE": "mmx"}
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, cwd=ROOT
    )
    assert result.returncode != 0
    assert "TALLYSTICK_NATIVE" in result.stderr


@pytest.mark.parametrize("name", variants.available())
def test_the_environment_forces_a_variant(name: str) -> None:
    code = "from native import variants; print(variants.active())"
    environment = {**os.environ, "TALLYSTICK_NATIVE": name}
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, cwd=ROOT
    )
    assert result.stdout.strip() == name
