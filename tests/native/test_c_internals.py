"""White-box tests in C (tests/native/c), built for each variant under the address and
undefined-behaviour sanitizers."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from native import variants

ROOT = Path(__file__).resolve().parents[2]
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
FLAGS = ["-std=gnu11", "-O1", "-g1", "-fno-var-tracking", *SANITIZERS]

HAS_GCC = pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")


def build(source: str, variant: str, folder: Path, *flags: str) -> Path:
    """Compile a C test of one variant under the sanitizers; skips where the variant is missing."""
    if variant not in variants.available():
        pytest.skip(f"this machine or build has no {variant} variant")
    sources = ROOT / "native" / "src"
    folders = ["-I", str(sources), "-I", str(ROOT / "native" / "include")]
    units = [str(ROOT / "tests/native/c" / source), str(sources / "pool.c")]
    program = folder / Path(source).stem
    define = f'-DVARIANT="variant_{variant}.c"'
    command = ["gcc", *FLAGS, *flags, "-pthread", *folders, define, *units, "-o", str(program)]
    subprocess.run(command, check=True, capture_output=True)
    return program


@HAS_GCC
@pytest.mark.parametrize("variant", variants.NAMES)
def test_internals_under_sanitizers(variant: str, tmp_path: Path) -> None:
    program = build("internals.c", variant, tmp_path)
    result = subprocess.run([str(program)], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


@HAS_GCC
def test_eight_lanes_keep_the_law_of_lazy_reduction(tmp_path: Path) -> None:
    program = build("lanes.c", "ifma", tmp_path, "-DZK_LANES_VERIFY")
    result = subprocess.run([str(program)], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout == "lanes ok\n"
    broken = subprocess.run([str(program), "break"], capture_output=True, text=True)
    assert broken.returncode != 0
    assert "the law of lazy reduction is broken: a product above 84 m^2" in broken.stderr


@HAS_GCC
@pytest.mark.parametrize("variant", variants.NAMES)
def test_segments_in_step_give_the_bytes_of_each_alone(variant: str, tmp_path: Path) -> None:
    """For ifma under the law of lazy reduction."""
    program = build("witness_lanes.c", variant, tmp_path, "-DZK_LANES_VERIFY")
    result = subprocess.run([str(program)], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout == "witness lanes ok\n"


@HAS_GCC
def test_eight_lane_adder_adds_all_kinds_of_points(tmp_path: Path) -> None:
    program = build("batch_add_lanes.c", "ifma", tmp_path, "-DZK_LANES_VERIFY")
    result = subprocess.run([str(program)], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout == "lanes adder ok\n"


@HAS_GCC
@pytest.mark.parametrize("kernel", ["poseidon", "eddsa"])
def test_kernels_of_eight_lanes_keep_the_law(kernel: str, tmp_path: Path) -> None:
    program = build(f"{kernel}_lanes.c", "ifma", tmp_path, "-DZK_LANES_VERIFY")
    result = subprocess.run([str(program)], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout == f"{kernel} lanes ok\n"


@HAS_GCC
@pytest.mark.parametrize("variant", variants.NAMES)
def test_kernels_stay_inside_their_arrays(variant: str, tmp_path: Path) -> None:
    """Whole kernels, arrays of exactly the size they are told; ifma under the law as well."""
    program = build("kernels.c", variant, tmp_path, "-DZK_LANES_VERIFY")
    result = subprocess.run([str(program)], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout == "kernels ok\n"
    broken = subprocess.run([str(program), "break"], capture_output=True, text=True)
    assert "ERROR: AddressSanitizer" in broken.stderr  # named by what a wide store runs into
