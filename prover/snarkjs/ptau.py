""".ptau, version 1: powers of a secret τ (phase 1), N = 2^power.

1  header: u32 32 | q | u32 power | u32 ceremony power
2  τ^i G1: 2N−1    3  τ^i G2: N    4  α τ^i G1: N    5  β τ^i G1: N    6  β G2    7  contributions
prepared for phase 2, the same in Lagrange form for every size 2^k, from point 2^k − 1 on:
12 τ G1: k ≤ power+1    13 τ G2: k ≤ power    14 α τ G1: k ≤ power    15 β τ G1: k ≤ power
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from native.constants import FP_MODULUS, FR_TWO_ADICITY
from prover.snarkjs.container import U64, Bytes, SectionFile, prime_bytes, write_sections
from prover.snarkjs.contributions import BEACON, PLAIN, read_parameters

TAU_G1, TAU_G2, ALPHA_G1, BETA_G1, BETA_G2, CONTRIBUTIONS = 2, 3, 4, 5, 6, 7
_NAMES = {
    1: "header",
    2: "tauG1",
    3: "tauG2",
    4: "alphaTauG1",
    5: "betaTauG1",
    6: "betaG2",
    7: "contributions",
    12: "Lagrange tauG1",
    13: "Lagrange tauG2",
    14: "Lagrange alphaTauG1",
    15: "Lagrange betaTauG1",
}
_LAGRANGE = {TAU_G1: 12, TAU_G2: 13, ALPHA_G1: 14, BETA_G1: 15}
_CONTRIBUTION_HEAD = 64 + 128 + 64 + 64 + 128 + 768 + 216 + 64


@dataclass(frozen=True, eq=False)
class Ptau:
    """A mapped .ptau; nothing has been read but the header and the contributions' frame."""

    file: SectionFile
    power: int
    ceremony_power: int

    @property
    def source(self) -> str:
        """The path, for messages."""
        return self.file.source

    def powers(self, kind: int) -> U64:
        """The points τ^i (times α or β) of section `kind`."""
        return self.file.rows(kind, _power_count(kind, self.power), _words(kind))

    def has_lagrange(self, kind: int) -> bool:
        """Whether the file was prepared for phase 2."""
        return self.file.has(_LAGRANGE[kind])

    def lagrange(self, kind: int, log_size: int) -> U64:
        """The points L_i(τ) (times α or β) of the domain of size 2^log_size, natural order."""
        section = _LAGRANGE[kind]
        top = self.power + 1 if kind == TAU_G1 else self.power
        rows = self.file.rows(section, (2 << top) - 1, _words(kind))
        if not 0 <= log_size <= top:
            raise self.file.fail(self.file.name(section), f"no size 2^{log_size}, at most 2^{top}")
        return rows[(1 << log_size) - 1 : (2 << log_size) - 1]

    def name(self, kind: int, *, lagrange: bool = False) -> str:
        """The name of a section in messages."""
        return self.file.name(_LAGRANGE[kind] if lagrange else kind)


def read_ptau(path: str | Path) -> Ptau:
    """Open a .ptau and check its frame; points are checked where they are used."""
    file = SectionFile(path, b"ptau", 1, _NAMES)
    header = file.cursor(1, 44)
    header.prime(FP_MODULUS)
    power, ceremony_power = header.u32(), header.u32()
    if not 1 <= power <= FR_TWO_ADICITY or power > ceremony_power:
        raise file.fail("header", f"power {power} of a ceremony of power {ceremony_power}")
    ptau = Ptau(file, power, ceremony_power)
    for kind in (TAU_G1, TAU_G2, ALPHA_G1, BETA_G1, BETA_G2):
        ptau.powers(kind)
    for kind, section in _LAGRANGE.items():
        if file.has(section):
            ptau.lagrange(kind, 0)
    _check_contributions(file)
    return ptau


def write_ptau(
    path: str | Path,
    power: int,
    powers: dict[int, U64],
    lagrange: dict[int, U64] | None = None,
    contributions: bytes = b"\0\0\0\0",
) -> None:
    """Write a .ptau from its point sections, keyed by TAU_G1 … BETA_G2 (Lagrange: TAU_G1 …)."""
    header = prime_bytes(FP_MODULUS) + struct.pack("<II", power, power)
    sections: list[tuple[int, bytes | NDArray[np.generic]]] = [(1, header)]
    sections += [(kind, powers[kind]) for kind in (TAU_G1, TAU_G2, ALPHA_G1, BETA_G1, BETA_G2)]
    sections.append((CONTRIBUTIONS, contributions))
    sections += [(_LAGRANGE[kind], points) for kind, points in (lagrange or {}).items()]
    write_sections(path, b"ptau", 1, sections)


def copy_ptau(path: str | Path, ptau: Ptau) -> None:
    """Write every section of an open .ptau again, in its order."""
    sections: list[tuple[int, Bytes]] = [(k, ptau.file.section(k)) for k in ptau.file.order]
    write_sections(path, b"ptau", 1, sections)


def _words(kind: int) -> int:
    return 16 if kind in (TAU_G2, BETA_G2) else 8


def _power_count(kind: int, power: int) -> int:
    return {TAU_G1: (2 << power) - 1, BETA_G2: 1}.get(kind, 1 << power)


def _check_contributions(file: SectionFile) -> None:
    cursor = file.cursor(CONTRIBUTIONS)
    for _ in range(cursor.u32()):
        cursor.take(_CONTRIBUTION_HEAD)
        if (kind := cursor.u32()) not in (PLAIN, BEACON):
            raise file.fail("contributions", f"contribution type {kind}")
        read_parameters(cursor)
    cursor.finish()
