"""How the segments of a witness program are handed to threads.

Neighbouring segments of one level and one shape go through the machine in step (see
native/src/witness_group.c), so they are kept together as far as that leaves every thread its share.
The largest tasks of a level start first.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from native._zk import lib

_LANES = 8


def schedule(
    ops: NDArray[np.int32], segments: NDArray[np.uint32], same: NDArray[np.uint8], threads: int
) -> NDArray[np.uint32]:
    """Tasks as rows [first segment, how many, level], by level and falling size.

    `same[i]` is 1 where segment i has the level and the shape of the one before.
    """
    weights = np.cumsum([0, *_weights(ops, segments)])
    levels = segments[:, 2].tolist()
    tasks = [
        (levels[first], int(weights[first] - weights[first + count]), first, count)
        for first, length in _runs(same.tolist())
        for first, count in _pieces(first, length, threads)
    ]
    rows = [(first, count, level) for level, _, first, count in sorted(tasks)]
    return np.array(rows, dtype=np.uint32).reshape(-1, 3)


def _weights(ops: NDArray[np.int32], segments: NDArray[np.uint32]) -> list[int]:
    """About how many wires each segment writes: destinations rise with the operations."""
    if not len(ops):
        return [0] * len(segments)
    last = len(ops) - 1
    first_op, end = (np.minimum(segments[:, i].astype(np.int64), last) for i in (0, 1))
    written: list[int] = np.abs(ops[end, 1].astype(np.int64) - ops[first_op, 1]).tolist()
    return written


def _runs(same: list[int]) -> Iterator[tuple[int, int]]:
    """(first, length) of each run of segments of one shape."""
    starts = [i for i, alike in enumerate(same) if not alike]
    for first, end in zip(starts, [*starts, len(same)][1:], strict=True):
        yield first, end - first


def _pieces(first: int, length: int, threads: int) -> Iterator[tuple[int, int]]:
    """A run cut into about as many pieces as there are threads, whole lanes full if possible."""
    share = -(-length // threads)
    if share > _LANES:
        share = (share + _LANES // 2) // _LANES * _LANES
    share = min(share, lib.ZK_WITNESS_GROUP)
    for start in range(first, first + length, share):
        yield start, min(share, first + length - start)
