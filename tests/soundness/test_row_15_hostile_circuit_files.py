"""Row 15: a hostile circuit file gives a clear error, no crash, no growth of memory."""

from __future__ import annotations

import random
import resource
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from circuits.examples import poseidon_chain
from circuits.frontend import Builder, compile_circuit
from circuits.system.encoding import read_circuit, write_circuit
from circuits.system.errors import MalformedCircuitError

MEMORY_BYTES = 1 << 30
ROUNDS = 300
PROJECT = Path(__file__).resolve().parents[2]


def define(b: Builder) -> None:
    poseidon_chain.define(b, log_size=8)


@pytest.fixture(scope="module")
def circuit_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiled = compile_circuit(define)
    path = tmp_path_factory.mktemp("circuit") / "chain.circuit"
    write_circuit(path, compiled.r1cs, compiled.program)
    return path


def damaged(data: bytes, dice: random.Random) -> bytes:
    """A copy with a few values overwritten, often by extreme ones, and sometimes cut short. Half of
    the damage goes to the first kilobyte, where the sizes are."""
    copy = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        width = dice.choice([1, 4, 8])
        place = dice.randrange(dice.choice([1024, len(copy)]) - 8)
        value = dice.choice([0, 1, 255, dice.getrandbits(64), (1 << 63) - 1]) % (1 << 8 * width)
        copy[place : place + width] = value.to_bytes(width, "little")
    return bytes(copy[: dice.choice([len(copy), dice.randrange(len(copy))])])


def read_damaged_copies(path: Path, seed: int) -> None:
    """Runs in a process of its own, with little memory."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    data, dice = path.read_bytes(), random.Random(seed)
    copy = path.with_suffix(f".{seed}")
    for _ in range(ROUNDS):
        copy.write_bytes(damaged(data, dice))
        try:
            read_circuit(copy)
        except MalformedCircuitError as error:
            assert error.section and error.reason


@pytest.mark.parametrize("seed", [1, 2])
def test_random_damage_gives_a_clear_error_in_bounded_memory(circuit_file: Path, seed: int) -> None:
    """Any other exception, MemoryError included, ends the process with its traceback."""
    result = subprocess.run(
        [sys.executable, __file__, str(circuit_file), str(seed)],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT,
        env={"PYTHONPATH": str(PROJECT), "OPENBLAS_NUM_THREADS": "1"},
    )
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("claimed", [1 << 31, 1 << 40, (1 << 64) - 1])
def test_sizes_that_lie_are_refused_before_anything_is_allocated(
    circuit_file: Path, tmp_path: Path, claimed: int
) -> None:
    data = bytearray(circuit_file.read_bytes())
    (sizes_offset,) = struct.unpack_from("<Q", data, 24)
    for index in range(14):
        lying = bytearray(data)
        struct.pack_into("<Q", lying, sizes_offset + 8 * index, claimed)
        path = tmp_path / "lying.circuit"
        path.write_bytes(lying)
        with pytest.raises(MalformedCircuitError, match=r"sizes: .* is not below"):
            read_circuit(path)


if __name__ == "__main__":
    read_damaged_copies(Path(sys.argv[1]), int(sys.argv[2]))
