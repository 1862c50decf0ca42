"""EdDSA-Poseidon on one thread: verification in batches, and signing."""

from __future__ import annotations

from typing import Any

import pytest

from native import api, variants

KEY = bytes(range(32))
N_SIGNATURES = 1000

every_variant = pytest.mark.parametrize("variant", variants.available())


@every_variant
def test_eddsa_verify(benchmark: Any, variant: str) -> None:
    """1,000 verifications; divide the time by 1,000."""
    signatures = [api.eddsa_sign(KEY, message) for message in range(N_SIGNATURES)]
    r8s = [x for r8x, r8y, _ in signatures for x in (r8x, r8y)]
    public_keys = api.fr_from_ints(api.eddsa_public_key(KEY) * N_SIGNATURES).reshape(-1, 8)
    arguments = (
        public_keys,
        api.fr_from_ints(range(N_SIGNATURES)),
        api.fr_from_ints(r8s).reshape(-1, 8),
        api.canonical_from_ints([s for *_, s in signatures]),
    )
    benchmark.extra_info["signatures"] = N_SIGNATURES
    with variants.forced(variant):
        verdicts = benchmark(api.eddsa_verify_batch, *arguments, threads=1)
    assert verdicts.all()


@every_variant
def test_eddsa_sign(benchmark: Any, variant: str) -> None:
    """One constant-time signature."""
    with variants.forced(variant):
        benchmark(api.eddsa_sign, KEY, 1)
