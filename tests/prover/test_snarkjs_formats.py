"""Files that snarkjs and circom wrote: what is read is written again byte for byte."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from circuits.system.r1cs import R1CS
from native import api
from native.constants import FP_MODULUS, FR_MODULUS, G2_GENERATOR
from prover.errors import MalformedFileError
from prover.snarkjs.checks import check_g2
from prover.snarkjs.container import U64
from prover.snarkjs.ptau import copy_ptau, read_ptau
from prover.snarkjs.r1cs import R1csFile, from_r1cs, read_r1cs, write_r1cs
from prover.snarkjs.sym import read_sym, write_sym
from prover.snarkjs.wtns import read_wtns, write_wtns
from prover.snarkjs.zkey import read_zkey, write_zkey

Reader = Callable[[Path], object]
READERS: dict[str, Reader] = {
    "chain.r1cs": read_r1cs,
    "chain.wtns": read_wtns,
    "chain.zkey": read_zkey,
    "pot9.ptau": read_ptau,
}


def test_r1cs__round_trips(vectors: Path, tmp_path: Path) -> None:
    write_r1cs(tmp_path / "copy", read_r1cs(vectors / "chain.r1cs"))
    assert (tmp_path / "copy").read_bytes() == (vectors / "chain.r1cs").read_bytes()


def test_wtns__round_trips(vectors: Path, tmp_path: Path) -> None:
    write_wtns(tmp_path / "copy", read_wtns(vectors / "chain.wtns"))
    assert (tmp_path / "copy").read_bytes() == (vectors / "chain.wtns").read_bytes()


@pytest.mark.parametrize("name", ["chain.zkey", "chain_0.zkey"])
def test_zkey__round_trips(vectors: Path, tmp_path: Path, name: str) -> None:
    write_zkey(tmp_path / "copy", read_zkey(vectors / name))
    assert (tmp_path / "copy").read_bytes() == (vectors / name).read_bytes()


def test_ptau__round_trips(vectors: Path, tmp_path: Path) -> None:
    copy_ptau(tmp_path / "copy", read_ptau(vectors / "pot9.ptau"))
    assert (tmp_path / "copy").read_bytes() == (vectors / "pot9.ptau").read_bytes()


def test_sym__round_trips(vectors: Path, tmp_path: Path) -> None:
    write_sym(tmp_path / "copy", read_sym(vectors / "chain.sym"))
    assert (tmp_path / "copy").read_bytes() == (vectors / "chain.sym").read_bytes()


def test_r1cs__sizes_and_satisfaction(chain_r1cs: R1CS, chain_witness: U64) -> None:
    assert (chain_r1cs.n_wires, chain_r1cs.n_public, chain_r1cs.n_public_outputs) == (221, 3, 2)
    assert chain_r1cs.check(chain_witness) is None
    changed = chain_witness.copy()
    changed[100] = changed[101]
    assert chain_r1cs.check(changed) is not None


def test_r1cs__of_ours_survives_the_file(chain_r1cs: R1CS, tmp_path: Path) -> None:
    write_r1cs(tmp_path / "ours", from_r1cs(chain_r1cs))
    again: R1csFile = read_r1cs(tmp_path / "ours")
    assert again.r1cs.digest() == chain_r1cs.digest()
    assert again.labels.tolist() == list(range(221))


def test_ptau__names_its_contributions_and_lagrange_sizes(vectors: Path) -> None:
    ptau = read_ptau(vectors / "pot9.ptau")
    assert (ptau.power, len(ptau.lagrange(2, 10))) == (9, 1024)
    with pytest.raises(MalformedFileError, match=r"no size 2\^11, at most 2\^10"):
        ptau.lagrange(2, 11)


def patched(vectors: Path, tmp_path: Path, name: str, offset: int, data: bytes) -> Path:
    content = bytearray((vectors / name).read_bytes())
    content[offset : offset + len(data)] = data
    path = tmp_path / name
    path.write_bytes(content)
    return path


def section_start(path: Path, kind: int) -> int:
    """Where a section's payload starts."""
    data = path.read_bytes()
    position = 12
    while True:
        found, length = struct.unpack_from("<IQ", data, position)
        if found == kind:
            return position + 12
        position += 12 + length


@pytest.mark.parametrize("name", READERS)
def test_reader__names_wrong_magic_version_and_truncation(
    vectors: Path, tmp_path: Path, name: str
) -> None:
    read = READERS[name]
    with pytest.raises(MalformedFileError, match="file: magic"):
        read(patched(vectors, tmp_path, name, 0, b"evil"))
    with pytest.raises(MalformedFileError, match="file: version"):
        read(patched(vectors, tmp_path, name, 4, b"\x07"))
    for size in (0, 5, 13, 100):
        (tmp_path / name).write_bytes((vectors / name).read_bytes()[:size])
        with pytest.raises(MalformedFileError, match=r"truncated|empty|claims"):
            read(tmp_path / name)
    (tmp_path / name).write_bytes((vectors / name).read_bytes() + b"\0")
    with pytest.raises(MalformedFileError, match="1 bytes follow"):
        read(tmp_path / name)


@pytest.mark.parametrize("name", READERS)
def test_reader__refuses_lying_lengths_and_repeated_sections(
    vectors: Path, tmp_path: Path, name: str
) -> None:
    read = READERS[name]
    with pytest.raises(MalformedFileError, match=r"claims \d{18} bytes"):
        read(patched(vectors, tmp_path, name, 16, struct.pack("<Q", 10**17 * 5)))
    with pytest.raises(MalformedFileError, match="4294967295 sections"):
        read(patched(vectors, tmp_path, name, 8, b"\xff\xff\xff\xff"))


@pytest.mark.parametrize("name", READERS)
def test_reader__refuses_what_is_no_regular_file(tmp_path: Path, name: str) -> None:
    with pytest.raises((MalformedFileError, OSError)):
        READERS[name](Path("/dev/zero"))
    with pytest.raises(OSError):
        READERS[name](tmp_path / "absent")


HEADER_LIES = [
    ("chain.r1cs", 1, 36, b"\xff\xff\xff\xff", "labels: 34359738360 bytes are expected"),
    ("chain.r1cs", 1, 60, b"\xff\xff\xff\xff", "constraints: 28608 bytes cannot hold"),
    ("chain.r1cs", 1, 40, b"\xff\x00\x00\x00", "header: 255 .* in 221 wires"),
    ("chain.r1cs", 2, 0, b"\xff\xff\xff\xff", "constraints: truncated"),
    ("chain.r1cs", 2, 4, b"\xff\xff\x00\x00", "constraints: wire 65535 of 221"),
    ("chain.r1cs", 1, 4, b"\x02", "header: modulus"),
    ("chain.r1cs", 1, 0, b"\x10", "header: field elements of 16 bytes"),
    ("chain.wtns", 1, 36, b"\xff\xff\xff\xff", "values: 137438953440 bytes are expected"),
    ("chain.wtns", 2, 0, b"\x02", "value 0 must be the constant 1"),
    ("chain.wtns", 2, 32, FR_MODULUS.to_bytes(32, "little"), "value 1 is not below"),
    ("chain.zkey", 1, 0, b"\x02", "protocol: protocol 2"),
    ("chain.zkey", 2, 72, b"\xff\xff\xff\xff", "A: 274877906880 bytes are expected"),
    ("chain.zkey", 2, 76, b"\xff\xff\xff\xff", "header: 4294967295 public"),
    ("chain.zkey", 2, 80, b"\x03\x00\x00\x00", "header: domain size 3"),
    ("chain.zkey", 4, 0, b"\xff\xff\xff\xff", "coefficients: truncated"),
    ("chain.zkey", 4, 4, b"\x05", "coefficients: matrix 5"),
    ("chain.zkey", 4, 16, b"\xff" * 32, "coefficients: value 0 is not below"),
    ("chain.zkey", 5, 64, (5).to_bytes(32, "little"), "A: point 1 is not on the curve"),
    ("chain.zkey", 5, 64, FP_MODULUS.to_bytes(32, "little"), "A: a coordinate of point 1"),
    ("chain.zkey", 9, 64, b"\x01", "H: point 1 is not on the curve"),
    ("chain.zkey", 2, 84, bytes(64), "header, alpha1: point at infinity"),
    ("chain.zkey", 10, 64, b"\xff\xff\xff\xff", "contributions: truncated"),
    ("pot9.ptau", 1, 36, b"\x1b", "header: power 27 of a ceremony of power 9"),
    ("pot9.ptau", 1, 36, b"\x08", "tauG1: 32704 bytes are expected"),
    ("pot9.ptau", 7, 0, b"\xff\xff\xff\xff", "contributions: truncated"),
]


@pytest.mark.parametrize(("name", "section", "offset", "data", "message"), HEADER_LIES)
def test_reader__names_section_and_reason(
    vectors: Path, tmp_path: Path, name: str, section: int, offset: int, data: bytes, message: str
) -> None:
    start = section_start(vectors / name, section)
    path = patched(vectors, tmp_path, name, start + offset, data)
    with pytest.raises(MalformedFileError, match=message) as raised:
        READERS[name](path)
    assert str(raised.value).startswith(str(path))


def test_zkey__point_outside_the_subgroup_is_named(vectors: Path, tmp_path: Path) -> None:
    start = section_start(vectors / "chain.zkey", 7)
    outside = point_outside_the_subgroup().astype("<u8").tobytes()
    path = patched(vectors, tmp_path, "chain.zkey", start + 3 * 128, outside)
    with pytest.raises(MalformedFileError, match="B2: point 3 is outside the subgroup"):
        read_zkey(path)


@pytest.mark.parametrize("position", [0, 500, 999])
def test_check_g2__one_bad_point_among_a_thousand_is_found(position: int) -> None:
    points = np.repeat(G2_GENERATOR[None, :], 1000, axis=0)
    check_g2("file", "B2", points)
    points[position] = point_outside_the_subgroup()
    with pytest.raises(MalformedFileError, match=f"point {position} is outside the subgroup"):
        check_g2("file", "B2", points)


def point_outside_the_subgroup() -> U64:
    """The twist's point with the smallest x: hardly any of the twist's points has order r."""
    from prover.groth16.generator import fp2_sqrt
    from verifier.points import TWIST_B, fp2_mul

    for c0 in range(1, 100):
        x = (c0, 1)
        cube = fp2_mul(fp2_mul(x, x), x)
        y = fp2_sqrt(((cube[0] + TWIST_B[0]) % FP_MODULUS, (cube[1] + TWIST_B[1]) % FP_MODULUS))
        if y is not None:
            return api.g2_from_ints((x, y))
    raise AssertionError("no point found")


@pytest.mark.parametrize("line", ["1,2,3", "a,1,1,main.x", "1,-2,1,main.x", "1,1,1,", "1,1,1,a b"])
def test_sym__bad_lines_are_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "bad.sym").write_text(f"1,1,1,main.ok\n{line}\n")
    with pytest.raises(MalformedFileError, match="line 2"):
        read_sym(tmp_path / "bad.sym")


def test_wtns__values_are_montgomery_in_memory(chain_witness: U64) -> None:
    assert api.fr_to_ints(chain_witness[:1]) == [1]
    assert chain_witness.dtype == np.uint64
