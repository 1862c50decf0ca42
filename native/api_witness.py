"""The witness virtual machine behind its final name (plain Python for now)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from native.constants import FR_MODULUS
from native.reference import witness as reference

__all__ = ["witness_run"]

_R = 1 << 256
_R_INVERSE = pow(_R, -1, FR_MODULUS)


def _fr_to_ints(array: NDArray[np.uint64]) -> list[int]:
    raw = np.ascontiguousarray(array).tobytes()
    words = (int.from_bytes(raw[i : i + 32], "little") for i in range(0, len(raw), 32))
    return [word * _R_INVERSE % FR_MODULUS for word in words]


def witness_run(
    ops: NDArray[np.int32],
    segments: NDArray[np.uint32],
    lc_indptr: NDArray[np.uint32],
    lc_wires: NDArray[np.uint32],
    lc_coefs: NDArray[np.uint32],
    table: NDArray[np.uint64],
    n_wires: int,
    inputs: NDArray[np.uint64],
    threads: int = 0,
) -> NDArray[np.uint64]:
    """All wires (n_wires, 4) of a witness program; see `native.reference.witness`."""
    wires = reference.witness_run(
        ops.tolist(),
        segments.tolist(),
        lc_indptr.tolist(),
        lc_wires.tolist(),
        lc_coefs.tolist(),
        _fr_to_ints(table),
        n_wires,
        _fr_to_ints(inputs),
    )
    raw = b"".join((wire * _R % FR_MODULUS).to_bytes(32, "little") for wire in wires)
    return np.frombuffer(raw, dtype=np.uint64).reshape(-1, 4).copy()
