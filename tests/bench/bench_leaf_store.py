"""The message tree in a file, with a million leaves.

python -m pytest tests/bench/bench_leaf_store.py --benchmark-enable
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from native import api
from sequencer.messages import LeafStore

MILLION = 1_000_000


@pytest.fixture(scope="session")
def leaves(request: pytest.FixtureRequest) -> list[bytes]:
    count = 1000 if request.config.getoption("benchmark_disable") else MILLION
    return [os.urandom(32) for _ in range(count)]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory, leaves: list[bytes]) -> Iterator[LeafStore]:
    folder = tmp_path_factory.mktemp("leaves")
    with LeafStore(folder / "tree", 1, 2) as made:
        made.extend(leaves)
        made.sync()
        yield made
    shutil.rmtree(folder)


@pytest.mark.parametrize("threads", [1, 2])
def test_hashes_of_pairs(benchmark: BenchmarkFixture, threads: int) -> None:
    """2^16 pairs of nodes."""
    pairs = np.zeros((1 << 16, 64), dtype=np.uint8)
    benchmark(api.keccak256_pairs, pairs, threads)


def test_append_all(benchmark: BenchmarkFixture, tmp_path: Path, leaves: list[bytes]) -> None:
    """A million leaves into a new file, in one call, and on the disk."""

    def run() -> None:
        path = tmp_path / "tree"
        path.unlink(missing_ok=True)
        with LeafStore(path, 1, 2) as made:
            made.extend(leaves)
            made.sync()

    benchmark.pedantic(run, rounds=3, iterations=1)


def test_append_one(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """One leaf to the file, not forced to the disk."""
    with LeafStore(tmp_path / "tree", 1, 2) as made:
        benchmark(made.append, bytes(32))


def test_open(benchmark: BenchmarkFixture, store: LeafStore) -> None:
    """Opening a stored tree for reading."""
    benchmark(lambda: LeafStore(store.path, 1, 2, writes=False).close())


def test_verify(benchmark: BenchmarkFixture, store: LeafStore) -> None:
    """Hashing all of it again."""
    benchmark.pedantic(store.verify, rounds=3, iterations=1)


@pytest.mark.parametrize("cache", ["warm", "cold"])
def test_proof(benchmark: BenchmarkFixture, store: LeafStore, cache: str) -> None:
    """A random leaf against the root after a random count; cold: nothing of the file in memory."""
    dice, file = random.Random(1), os.open(store.path, os.O_RDONLY)

    def question() -> tuple[tuple[int, int], dict[str, object]]:
        if cache == "cold":
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        count = dice.randrange(1, store.count + 1)
        return (dice.randrange(count), count), {}

    benchmark.pedantic(store.prove, setup=question, rounds=2000)
    os.close(file)
    if benchmark.stats is not None:
        times = sorted(benchmark.stats.stats.data)
        benchmark.extra_info["p99_us"] = round(1e6 * times[len(times) * 99 // 100])
        print(f"\n{cache}: p99 {benchmark.extra_info['p99_us']} us")
