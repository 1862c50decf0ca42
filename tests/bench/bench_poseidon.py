"""Poseidon hashes on one thread: the widths the circuits use."""

from __future__ import annotations

from typing import Any

import pytest

from native import api, variants

N_HASHES = 200
N_BATCH = 10_000


@pytest.mark.parametrize("variant", variants.available())
@pytest.mark.parametrize("k", [2, 4, 5, 6, 16])
def test_poseidon_hash(benchmark: Any, k: int, variant: str) -> None:
    """200 hashes of k inputs; divide the time by 200."""
    inputs = api.fr_from_ints(range(N_HASHES * k)).reshape(N_HASHES, k, 4)
    benchmark.extra_info["hashes"] = N_HASHES
    with variants.forced(variant):
        benchmark(api.poseidon_hash, inputs, threads=1)


@pytest.mark.parametrize("variant", variants.available())
@pytest.mark.parametrize("k", [2, 4])
def test_poseidon_large_batch(benchmark: Any, k: int, variant: str) -> None:
    """10,000 hashes of k inputs; divide the time by 10,000."""
    inputs = api.fr_from_ints(range(N_BATCH * k)).reshape(N_BATCH, k, 4)
    benchmark.extra_info["hashes"] = N_BATCH
    with variants.forced(variant):
        benchmark.pedantic(api.poseidon_hash, (inputs,), {"threads": 1}, rounds=5)


@pytest.mark.parametrize("variant", variants.available())
@pytest.mark.parametrize("t", [3, 5])
def test_poseidon_chain(benchmark: Any, t: int, variant: str) -> None:
    """Permutations one after the other, the latency of one call from Python."""
    state = api.fr_from_ints(range(t)).reshape(1, t, 4)
    with variants.forced(variant):
        benchmark(api.poseidon_permute, state, threads=1)
