"""Signing takes no branch and reads no address that depends on the private key (memcheck tells)."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from native import variants
from native.poseidon_parameters import kernel_parameters

ROOT = Path(__file__).parents[2]
NATIVE = ROOT / "native"
SOURCES = (
    *("zk.c", "self_check.c", "pool.c"),
    *("variant_portable.c", "variant_adx.c", "variant_ifma.c"),
)
LEAK_FOUND = 99

pytestmark = pytest.mark.skipif(
    not (shutil.which("valgrind") and shutil.which("gcc"))
    or not Path("/usr/include/valgrind/memcheck.h").exists(),
    reason="needs gcc, valgrind and its header",
)


def build(folder: Path) -> Path:
    """The program of constant_time.c with the parameters of the challenge hash."""
    parameters = kernel_parameters(6)
    words = ",".join(f"{word:#x}ULL" for word in parameters.fast.reshape(-1).tolist())
    (folder / "parameters.h").write_text(
        f"enum {{ ROUNDS_PARTIAL = {parameters.rounds_partial}, "
        f"PARAMETERS_LEN = {len(parameters.fast)} }};\n"
        f"static const uint64_t parameters[] = {{{words}}};\n"
    )
    program = folder / "constant_time"
    includes = [f"-I{path}" for path in (folder, NATIVE / "include", NATIVE / "src")]
    sources = [str(NATIVE / "src" / name) for name in SOURCES]
    main = str(Path(__file__).with_name("constant_time.c"))
    command = ["gcc", "-g", "-O3", "-std=gnu11", *includes, main, *sources]
    subprocess.run([*command, "-lpthread", "-o", str(program)], check=True)
    return program


def memcheck(program: Path, *arguments: str) -> int:
    """99 when something depends on undefined memory, else the status of the program."""
    command = ["valgrind", "-q", f"--error-exitcode={LEAK_FOUND}", str(program), *arguments]
    return subprocess.run(command, capture_output=True, check=False).returncode


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("constant_time"))


@pytest.mark.parametrize("variant", [name for name in variants.available() if name != "ifma"])
def test_signing__does_not_depend_on_the_private_key(signer: Path, variant: str) -> None:
    assert memcheck(signer, variant) == 0


def test_memcheck__notices_a_branch_on_secret_data(signer: Path) -> None:
    assert memcheck(signer, "portable", "leak") == LEAK_FOUND
