"""Index arithmetic on ranges of different lengths, without loops."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Index = NDArray[np.int64]


def ranges(starts: ArrayLike, lengths: ArrayLike) -> Index:
    """starts[0], starts[0] + 1, … (lengths[0] of them), then the same for starts[1], and so on."""
    counts = np.asarray(lengths, dtype=np.int64)
    before = np.cumsum(counts) - counts
    offsets = np.asarray(starts, dtype=np.int64) - before
    return np.repeat(offsets, counts) + np.arange(int(counts.sum()), dtype=np.int64)


def owners(lengths: ArrayLike) -> Index:
    """0 (lengths[0] times), 1 (lengths[1] times), …: who owns each element of such ranges."""
    counts = np.asarray(lengths, dtype=np.int64)
    return np.repeat(np.arange(len(counts), dtype=np.int64), counts)
