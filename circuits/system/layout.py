"""The layout of the circuit file, shared by its writer and its reader.

All integers are little-endian; every section starts at a multiple of 64.

    magic "tallystk" (8) | u32 version = 1 | u32 number of sections
    per section: u32 kind | u32 0 | u64 offset | u64 length        (kinds in the order below)
    sections, the gaps filled with zeros; the file ends with the last section

     0 sizes     14 × u64, see `SIZES`        1 digest    the circuit id, 32 bytes
     2 inputs    per input: u32 count, u32 length of the name, UTF-8 name
     3 coefficients  Fr Montgomery           4-6 a, 7-9 b, 10-12 c: row starts, wires, coefs (u32)
    13 ops i32 × 6   14 segments u32 × 3     15-17 pool: starts, wires, coefs   18 table  Fr
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

MAGIC = b"tallystk"
VERSION = 1

_ALIGNMENT = 64
PREFIX = struct.Struct("<8sII")
ENTRY = struct.Struct("<IIQQ")
SIZES = (
    "n_wires",
    "n_public",
    "n_public_outputs",
    "n_private_inputs",
    "n_constraints",
    "n_coefficients",
    "n_a_terms",
    "n_b_terms",
    "n_c_terms",
    "n_ops",
    "n_segments",
    "n_combinations",
    "n_pool_terms",
    "n_table",
)
SECTIONS = (
    "sizes",
    "digest",
    "inputs",
    "coefficients",
    "a starts",
    "a wires",
    "a coefs",
    "b starts",
    "b wires",
    "b coefs",
    "c starts",
    "c wires",
    "c coefs",
    "ops",
    "segments",
    "pool starts",
    "pool wires",
    "pool coefs",
    "table",
)
LIMIT = 1 << 31
"""Every size is below this: wire and term numbers are 32 bits wide."""

Place = tuple[int, int]


def section_places(lengths: Sequence[int]) -> list[Place]:
    """(offset, length) of every section: the only layout that is valid for these lengths."""
    places, position = [], PREFIX.size + ENTRY.size * len(lengths)
    for length in lengths:
        position = -(-position // _ALIGNMENT) * _ALIGNMENT
        places.append((position, length))
        position += length
    return places


def array_shapes(sizes: dict[str, int]) -> dict[int, tuple[str, int]]:
    """Section kind -> element type and number of elements, for all sections that are arrays."""
    rows, pool_rows = sizes["n_constraints"] + 1, sizes["n_combinations"] + 1
    shapes: dict[int, tuple[str, int]] = {3: ("<u8", 4 * sizes["n_coefficients"])}
    for first, terms in ((4, "n_a_terms"), (7, "n_b_terms"), (10, "n_c_terms")):
        shapes[first] = ("<u4", rows)
        shapes[first + 1] = shapes[first + 2] = ("<u4", sizes[terms])
    shapes[13] = ("<i4", 6 * sizes["n_ops"])
    shapes[14] = ("<u4", 3 * sizes["n_segments"])
    shapes[15] = ("<u4", pool_rows)
    shapes[16] = shapes[17] = ("<u4", sizes["n_pool_terms"])
    shapes[18] = ("<u8", 4 * sizes["n_table"])
    return shapes
