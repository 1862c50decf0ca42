"""Poseidon hashes on one thread: the widths the circuits use."""

from __future__ import annotations

from typing import Any

import pytest

from native import api, variants

N_HASHES = 200


@pytest.mark.parametrize("variant", variants.available())
@pytest.mark.parametrize("k", [2, 4, 5, 6, 16])
def test_poseidon_hash(benchmark: Any, k: int, variant: str) -> None:
    """200 hashes of k inputs; divide the time by 200."""
    inputs = api.fr_from_ints(range(N_HASHES * k)).reshape(N_HASHES, k, 4)
    benchmark.extra_info["hashes"] = N_HASHES
    with variants.forced(variant):
        benchmark(api.poseidon_hash, inputs, threads=1)
