""".wtns, version 2: the values of all wires.

1  header: u32 32 | r | u32 count          2  values: count × 32 bytes, canonical, value 0 is 1
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from native import api
from native.constants import FR_MODULUS
from prover.snarkjs.checks import check_scalars
from prover.snarkjs.container import U64, SectionFile, prime_bytes, write_sections

_NAMES = {1: "header", 2: "values"}


def read_wtns(path: str | Path) -> U64:
    """The witness as (count, 4) Montgomery elements; `MalformedFileError` otherwise."""
    file = SectionFile(path, b"wtns", 2, _NAMES)
    header = file.cursor(1, 40)
    header.prime(FR_MODULUS)
    count = header.u32()
    values = np.array(file.rows(2, count, 4), dtype=np.uint64)
    if count == 0:
        raise file.fail("values", "no values")
    check_scalars(file.source, "values", values)
    if values[0].tolist() != [1, 0, 0, 0]:
        raise file.fail("values", "value 0 must be the constant 1")
    return api.fr_to_montgomery(values)


def write_wtns(path: str | Path, witness: U64) -> None:
    """Write a witness given as Montgomery elements."""
    header = prime_bytes() + struct.pack("<I", len(witness))
    write_sections(path, b"wtns", 2, [(1, header), (2, api.fr_from_montgomery(witness))])
