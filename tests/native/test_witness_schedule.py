"""Segments become tasks: every segment once, in its level, with neighbours of its shape only."""

from __future__ import annotations

import random

import numpy as np
import pytest
from native._zk import lib
from numpy.typing import NDArray

from native.witness_schedule import schedule


def program(lengths: list[int], levels: list[int]) -> tuple[NDArray[np.int32], NDArray[np.uint32]]:
    """One wire an operation; segment i has lengths[i] operations."""
    ends = np.cumsum(lengths)
    ops = np.zeros((int(ends[-1]), 6), dtype=np.int32)
    ops[:, 1] = np.arange(1, len(ops) + 1)
    segments = np.column_stack([ends - lengths, ends, levels]).astype(np.uint32)
    return ops, segments


def tasks_of(
    lengths: list[int], levels: list[int], same: list[int], threads: int
) -> list[list[int]]:
    ops, segments = program(lengths, levels)
    rows: list[list[int]] = schedule(
        ops, segments, np.array(same, dtype=np.uint8), threads
    ).tolist()
    return rows


@pytest.mark.parametrize(
    ("threads", "expected"),
    [
        (1, [[0, 32, 0], [33, 1, 0], [32, 1, 0]]),
        (2, [[0, 16, 0], [16, 16, 0], [33, 1, 0], [32, 1, 0]]),
        (3, [[0, 8, 0], [8, 8, 0], [16, 8, 0], [24, 8, 0], [33, 1, 0], [32, 1, 0]]),
    ],
)
def test_a_batch_of_32_slots(threads: int, expected: list[list[int]]) -> None:
    lengths = [20] * 32 + [5, 9]
    assert tasks_of(lengths, [0] * 34, [0] + [1] * 31 + [0, 0], threads) == expected


def test_a_short_run_is_shared_by_the_threads() -> None:
    assert tasks_of([7] * 8, [0] * 8, [0] + [1] * 7, 2) == [[0, 4, 0], [4, 4, 0]]
    assert tasks_of([7] * 3, [0] * 3, [0, 1, 1], 40) == [[0, 1, 0], [1, 1, 0], [2, 1, 0]]


def test_a_program_without_segments() -> None:
    ops = np.zeros((0, 6), dtype=np.int32)
    segments = np.zeros((0, 3), dtype=np.uint32)
    assert len(schedule(ops, segments, np.zeros(0, dtype=np.uint8), 2)) == 0


@pytest.mark.parametrize("seed", range(30))
def test_every_segment_once(seed: int) -> None:
    rng = random.Random(seed)
    n, threads = rng.choice([1, 2, 9, 50, 200]), rng.choice([1, 2, 3, 16])
    steps = [rng.random() < 0.1 for _ in range(n)]
    levels = np.cumsum(steps).tolist()
    same = [int(i > 0 and not steps[i] and rng.random() < 0.9) for i in range(n)]
    lengths = [rng.randrange(1, 9) for _ in range(n)]
    tasks = tasks_of(lengths, levels, same, threads)
    assert [level for *_, level in tasks] == sorted(level for *_, level in tasks)
    covered: list[int] = []
    for first, count, level in tasks:
        assert 1 <= count <= lib.ZK_WITNESS_GROUP
        assert all(same[first + 1 : first + count])
        assert levels[first : first + count] == [level] * count
        covered += range(first, first + count)
    assert sorted(covered) == list(range(n))
