""".zkey, version 1, Groth16: proving key, verification key and ceremony transcript of a circuit.

    1  protocol: u32 1
    2  header: u32 32 | q | u32 32 | r | u32 variables, public, domain
               | α1 | β1 | β2 | γ2 | δ1 | δ2
    3  IC: public + 1 G1            4  coefficients: u32 n, n × (u32 matrix, row, wire, value·R²)
    5  A, 6  B1: variables G1       7  B2: variables G2
    8  C: variables − public − 1 G1, over δ       9  H: domain G1, over δ
    10 contributions: circuit hash 64 | u32 n | n × contribution

Points lie in the file as the native kernels take them.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from native.constants import FP_MODULUS, FR_MODULUS, FR_TWO_ADICITY
from prover.errors import MalformedFileError
from prover.snarkjs.checks import check_finite, check_g1, check_g2, check_scalars
from prover.snarkjs.container import U64, Payload, SectionFile, prime_bytes, write_sections
from prover.snarkjs.contributions import Contribution, all_points, read_contribution

_NAMES = {
    1: "protocol",
    2: "header",
    3: "IC",
    4: "coefficients",
    5: "A",
    6: "B1",
    7: "B2",
    8: "C",
    9: "H",
    10: "contributions",
}
SETUP_ORDER = (1, 2, 4, 3, 9, 8, 5, 6, 7, 10)  # as snarkjs writes a new key
CONTRIBUTION_ORDER = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)  # and a contributed one
# value is coefficient·R² mod r, as four u64
COEFFICIENT = np.dtype([("matrix", "<u4"), ("row", "<u4"), ("wire", "<u4"), ("value", "<u8", (4,))])
HEADER_POINTS = ("alpha1", "beta1", "beta2", "gamma2", "delta1", "delta2")


@dataclass(frozen=True, eq=False)
class Zkey:
    """Everything in a .zkey; point arrays may be views into the mapped file."""

    n_wires: int
    n_public: int
    domain_size: int
    alpha1: U64
    beta1: U64
    beta2: U64
    gamma2: U64
    delta1: U64
    delta2: U64
    ic: U64
    coefficients: NDArray[np.void]
    a: U64
    b1: U64
    b2: U64
    c: U64
    h: U64
    circuit_hash: bytes
    contributions: tuple[Contribution, ...] = ()
    order: tuple[int, ...] = SETUP_ORDER
    source: str = "zkey"


def read_zkey(path: str | Path) -> Zkey:
    """Read a .zkey and check every size, value and point; `MalformedFileError` otherwise."""
    zkey = map_zkey(path)
    check_coefficients(zkey)
    check_points(zkey)
    return zkey


def map_zkey(path: str | Path) -> Zkey:
    """Read a .zkey without looking at its points and coefficients, which stay on disk."""
    file = SectionFile(path, b"zkey", 1, _NAMES)
    if (protocol := file.cursor(1, 4).u32()) != 1:
        raise file.fail("protocol", f"protocol {protocol} is not Groth16 (1)")
    n_wires, n_public, domain_size, points = _read_header(file)
    circuit_hash, contributions = _read_contributions(file)
    return Zkey(
        n_wires,
        n_public,
        domain_size,
        **points,
        ic=file.rows(3, n_public + 1, 8),
        coefficients=_read_coefficients(file),
        a=file.rows(5, n_wires, 8),
        b1=file.rows(6, n_wires, 8),
        b2=file.rows(7, n_wires, 16),
        c=file.rows(8, n_wires - n_public - 1, 8),
        h=file.rows(9, domain_size, 8),
        circuit_hash=circuit_hash,
        contributions=contributions,
        order=file.order,
        source=file.source,
    )


def check_coefficients(zkey: Zkey) -> None:
    """Refuse indices out of bounds and values that are not reduced."""
    records = zkey.coefficients
    bounds = {"matrix": 2, "row": zkey.domain_size, "wire": zkey.n_wires}
    for field, bound in bounds.items():
        if len(records) and (largest := int(records[field].max())) >= bound:
            reason = f"{field} {largest} is not below {bound}"
            raise MalformedFileError(zkey.source, "coefficients", reason)
    check_scalars(zkey.source, "coefficients", np.ascontiguousarray(records["value"]))


def check_header_points(zkey: Zkey) -> None:
    """Refuse points of the header off their curve or outside their subgroup, and infinity."""
    for name in HEADER_POINTS:
        point = getattr(zkey, name).reshape(1, -1)
        check_finite(zkey.source, f"header, {name}", point)
        check = check_g1 if point.shape[1] == 8 else check_g2
        check(zkey.source, f"header, {name}", point)


def check_points(zkey: Zkey) -> None:
    """Refuse points off their curve or outside their subgroup, and infinity in the header."""
    check_header_points(zkey)
    for name, section in (("IC", zkey.ic), ("A", zkey.a), ("B1", zkey.b1), ("C", zkey.c)):
        check_g1(zkey.source, name, section)
    check_g1(zkey.source, "H", zkey.h)
    check_g2(zkey.source, "B2", zkey.b2)
    g1, g2 = all_points(zkey.contributions)
    check_finite(zkey.source, "contributions", g1)
    check_finite(zkey.source, "contributions", g2)
    check_g1(zkey.source, "contributions", g1)
    check_g2(zkey.source, "contributions", g2)


def write_zkey(path: str | Path, zkey: Zkey) -> None:
    """Write a .zkey, its sections in `zkey.order`."""
    n = len(zkey.contributions)
    contributions = b"".join(c.encode() for c in zkey.contributions)
    payloads: dict[int, Payload] = {
        1: struct.pack("<I", 1),
        2: _header_bytes(zkey),
        3: zkey.ic,
        4: (struct.pack("<I", len(zkey.coefficients)), zkey.coefficients),
        5: zkey.a,
        6: zkey.b1,
        7: zkey.b2,
        8: zkey.c,
        9: zkey.h,
        10: zkey.circuit_hash + struct.pack("<I", n) + contributions,
    }
    write_sections(path, b"zkey", 1, [(kind, payloads[kind]) for kind in zkey.order])


def _header_bytes(zkey: Zkey) -> bytes:
    sizes = struct.pack("<III", zkey.n_wires, zkey.n_public, zkey.domain_size)
    points = b"".join(getattr(zkey, name).astype("<u8").tobytes() for name in HEADER_POINTS)
    return prime_bytes(FP_MODULUS) + prime_bytes(FR_MODULUS) + sizes + points


def _read_header(file: SectionFile) -> tuple[int, int, int, dict[str, U64]]:
    cursor = file.cursor(2, 660)
    cursor.prime(FP_MODULUS)
    cursor.prime(FR_MODULUS)
    n_wires, n_public, domain_size = cursor.u32(), cursor.u32(), cursor.u32()
    if n_public + 1 > n_wires:
        raise file.fail("header", f"{n_public} public of {n_wires} variables")
    if domain_size.bit_count() != 1 or domain_size.bit_length() > FR_TWO_ADICITY:
        reason = f"domain size {domain_size} is not a power of two below 2^{FR_TWO_ADICITY}"
        raise file.fail("header", reason)
    points = {name: cursor.limbs(16 if name[-1] == "2" else 8) for name in HEADER_POINTS}
    cursor.finish()
    return n_wires, n_public, domain_size, points


def _read_coefficients(file: SectionFile) -> NDArray[np.void]:
    cursor = file.cursor(4)
    records = np.frombuffer(cursor.take(cursor.u32() * COEFFICIENT.itemsize), dtype=COEFFICIENT)
    cursor.finish()
    return records


def _read_contributions(file: SectionFile) -> tuple[bytes, tuple[Contribution, ...]]:
    cursor = file.cursor(10)
    circuit_hash = cursor.bytes(64)
    contributions = tuple(read_contribution(cursor) for _ in range(cursor.u32()))
    cursor.finish()
    return circuit_hash, contributions
