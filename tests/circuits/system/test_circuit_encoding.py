"""The circuit file: what is written is read, anything else is refused."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from circuits.frontend import Builder, Wire, compile_circuit, template
from circuits.system.encoding import read_circuit, write_circuit
from circuits.system.errors import MalformedCircuitError

HEADER = 16
ENTRY = 24
KINDS = {"sizes": 0, "digest": 1, "inputs": 2, "a starts": 4, "a wires": 5, "a coefs": 6}
KINDS |= {"coefficients": 3, "ops": 13, "segments": 14, "pool starts": 15, "pool wires": 16}


@template
def cube(b: Builder, x: Wire) -> Wire:
    return x * x * x


def define(b: Builder) -> None:
    x, y = b.private_inputs("x", 2)
    bits = b.bits_hint(x, 8)
    for bit in bits:
        b.assert_boolean(bit)
    b.assert_equal(b.linear([1 << i for i in range(8)], bits), x)
    cubes = b.parallel(cube, [[x], [y], [x + bits[0]]])
    b.assert_equal(b.sum(cubes), b.public_input("out"))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiled = compile_circuit(define)
    path = tmp_path_factory.mktemp("circuit") / "valid.circuit"
    write_circuit(path, compiled.r1cs, compiled.program)
    return path


def entry(data: bytes, kind: str) -> tuple[int, int]:
    """(offset, length) of a section."""
    place = HEADER + ENTRY * KINDS[kind] + 8
    offset, length = struct.unpack_from("<QQ", data, place)
    return offset, length


def refused(data: bytes, folder: Path) -> MalformedCircuitError:
    path = folder / "bad.circuit"
    path.write_bytes(data)
    with pytest.raises(MalformedCircuitError) as caught:
        read_circuit(path)
    assert caught.value.source == str(path)
    return caught.value


def test_what_is_written_is_read(written: Path) -> None:
    compiled = compile_circuit(define)
    r1cs, program = read_circuit(written)
    assert r1cs.digest() == compiled.r1cs.digest()
    assert program.input_names == (("out", 1), ("x", 2))
    inputs = compiled.assign({"x": [3, 4], "out": 27 + 64 + 64})
    witness = program.run(inputs)
    assert np.array_equal(witness, compiled.witness(inputs))
    assert r1cs.check(witness) is None


def test_writing_is_deterministic(written: Path, tmp_path: Path) -> None:
    compiled = compile_circuit(define)
    write_circuit(tmp_path / "again", compiled.r1cs, compiled.program)
    assert (tmp_path / "again").read_bytes() == written.read_bytes()


def test_every_truncation_is_refused(written: Path, tmp_path: Path) -> None:
    data = written.read_bytes()
    lengths = [*range(0, 600, 7), *range(600, len(data), 101), len(data) - 1]
    for length in lengths:
        refused(data[:length], tmp_path)


def test_bytes_between_sections_are_zero(written: Path, tmp_path: Path) -> None:
    data = bytearray(written.read_bytes())
    data[sum(entry(bytes(data), "sizes"))] = 1
    assert refused(bytes(data), tmp_path).section == "digest"


def test_trailing_bytes_are_refused(written: Path, tmp_path: Path) -> None:
    assert refused(written.read_bytes() + b"\0", tmp_path).section == "end"


@pytest.mark.parametrize(
    ("position", "replacement", "section", "reason"),
    [
        (0, b"tallystx", "header", "magic"),
        (8, struct.pack("<I", 2), "header", "version"),
        (12, struct.pack("<I", 20), "header", "sections"),
        (HEADER, struct.pack("<I", 7), "sizes", "layout"),
        (HEADER + 4, struct.pack("<I", 1), "sizes", "layout"),
        (HEADER + 8, struct.pack("<Q", 1 << 60), "sizes", "layout"),
        (HEADER + 5 * ENTRY + 16, struct.pack("<Q", 1 << 62), "a wires", "ends at"),
    ],
)
def test_bad_header_names_section_and_reason(
    written: Path, tmp_path: Path, position: int, replacement: bytes, section: str, reason: str
) -> None:
    data = bytearray(written.read_bytes())
    data[position : position + len(replacement)] = replacement
    error = refused(bytes(data), tmp_path)
    assert error.section == section
    assert reason in error.reason


@pytest.mark.parametrize("index", range(14))
@pytest.mark.parametrize("value", [0, 1, 1 << 20, 1 << 40, (1 << 64) - 1])
def test_lying_size_is_refused(written: Path, tmp_path: Path, index: int, value: int) -> None:
    data = bytearray(written.read_bytes())
    place = entry(data, "sizes")[0] + 8 * index
    (truth,) = struct.unpack_from("<Q", data, place)
    struct.pack_into("<Q", data, place, value + (value == truth))
    refused(bytes(data), tmp_path)


def _poke(kind: str, offset: int, format_: str, value: int) -> Callable[[bytearray], None]:
    def change(data: bytearray) -> None:
        start, length = entry(bytes(data), kind)
        struct.pack_into(format_, data, start + (offset if offset >= 0 else length + offset), value)

    return change


@pytest.mark.parametrize(
    ("change", "section"),
    [
        (_poke("digest", 0, "<B", 0), "digest"),
        (_poke("coefficients", 24, "<Q", (1 << 64) - 1), "coefficients"),
        (_poke("a starts", 0, "<I", 1), "a starts"),
        (_poke("a starts", 4, "<I", 1 << 30), "a starts"),
        (_poke("a wires", 0, "<I", 1 << 30), "a wires"),
        (_poke("a coefs", 0, "<I", 1 << 30), "a coefs"),
        (_poke("a wires", 0, "<I", 5), "digest"),
        (_poke("pool wires", 0, "<I", 1 << 31), "pool wires"),
        (_poke("ops", 0, "<i", 9), "ops"),
        (_poke("ops", 0, "<i", -1), "ops"),
        (_poke("ops", 4, "<i", -5), "ops"),
        (_poke("ops", 4, "<i", 0), "ops"),
        (_poke("ops", 8, "<i", 1 << 30), "ops"),
        (_poke("ops", 8, "<i", -1), "ops"),
        (_poke("ops", 20, "<i", 255), "ops"),
        (_poke("ops", 20, "<i", 7), "ops"),
        (_poke("segments", 0, "<I", 1), "segments"),
        (_poke("segments", 4, "<I", 1 << 31), "segments"),
        (_poke("segments", 8, "<I", 1), "segments"),
        (_poke("inputs", 0, "<I", 2), "inputs"),
        (_poke("inputs", 4, "<I", 1 << 31), "inputs"),
        (_poke("inputs", 8, "<B", 0xFF), "inputs"),
    ],
)
def test_bad_content_names_its_section(
    written: Path, tmp_path: Path, change: Callable[[bytearray], None], section: str
) -> None:
    data = bytearray(written.read_bytes())
    change(data)
    assert refused(bytes(data), tmp_path).section == section


def test_operation_that_reads_ahead_is_refused(written: Path, tmp_path: Path) -> None:
    data = bytearray(written.read_bytes())
    start, length = entry(data, "pool wires")
    _, program = read_circuit(written)
    struct.pack_into("<I", data, start, program.n_wires - 1)
    assert "not written before" in refused(bytes(data), tmp_path).reason
    assert length


def test_neighbours_of_one_level_may_not_read_each_other(written: Path, tmp_path: Path) -> None:
    """All levels set to 0: the last segment then reads what its neighbours write."""
    data = bytearray(written.read_bytes())
    start, length = entry(data, "segments")
    for place in range(start + 8, start + length, 12):
        struct.pack_into("<I", data, place, 0)
    assert refused(bytes(data), tmp_path).section == "ops"
