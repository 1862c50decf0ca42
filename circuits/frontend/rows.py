"""Sparse rows (linear combinations) as flat arrays, and the drafts they are collected in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from circuits.frontend.context import CoefficientTable
from circuits.system.ragged import owners

U32 = npt.NDArray[np.uint32]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """Row i has `lengths[i]` terms; `wires` and `coefs` (ids) hold the terms row after row."""

    lengths: U32
    wires: U32
    coefs: U32

    def __len__(self) -> int:
        return len(self.lengths)

    def indptr(self) -> U32:
        """Where each row starts (and, last, where the final one ends)."""
        pointers = np.zeros(len(self.lengths) + 1, dtype=np.uint32)
        np.cumsum(self.lengths, out=pointers[1:])
        return pointers

    def row_of_term(self) -> I64:
        """The row number of every term."""
        return owners(self.lengths)

    @staticmethod
    def joined(parts: Sequence[Rows]) -> Rows:
        """The rows of all parts, one after the other."""
        if len(parts) == 1:
            return parts[0]
        return Rows(
            np.concatenate([part.lengths for part in parts]),
            np.concatenate([part.wires for part in parts]),
            np.concatenate([part.coefs for part in parts]),
        )


class RowsDraft:
    """Rows under construction, from the terms of wires."""

    def __init__(self, coefficients: CoefficientTable) -> None:
        self._coefficients = coefficients
        self._lengths: list[int] = []
        self._wires: list[int] = []
        self._coefs: list[int] = []

    def __len__(self) -> int:
        return len(self._lengths)

    def append(self, terms: dict[int, int]) -> None:
        """Add one row."""
        coef_id = self._coefficients.id
        self._lengths.append(len(terms))
        self._wires.extend(terms)
        self._coefs.extend([coef_id(coef) for coef in terms.values()])

    def take(self) -> Rows:
        """The rows so far; the draft is empty afterwards."""
        rows = Rows(_u32(self._lengths), _u32(self._wires), _u32(self._coefs))
        self._lengths, self._wires, self._coefs = [], [], []
        return rows


def _u32(values: list[int]) -> U32:
    return np.array(values, dtype=np.uint32)
