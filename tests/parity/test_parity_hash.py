"""Hashes, curve and signatures: every variant gives the bytes of the definition."""

from __future__ import annotations

import random

import pytest

from native import api, variants
from native.constants import FR_MODULUS
from native.reference import babyjubjub, eddsa, poseidon

SEED = 20260


@pytest.fixture(params=variants.available(), autouse=True)
def variant(request: pytest.FixtureRequest) -> object:
    with variants.forced(request.param):
        yield request.param


@pytest.mark.parametrize("k", range(1, 17))
def test_poseidon_hash(k: int) -> None:
    rng = random.Random(SEED + k)
    rows = [[rng.randrange(FR_MODULUS) for _ in range(k)] for _ in range(3)]
    firsts = [rng.randrange(FR_MODULUS) for _ in range(3)]
    inputs = api.fr_from_ints([x for row in rows for x in row]).reshape(3, k, 4)
    hashes = api.poseidon_hash(inputs, api.fr_from_ints(firsts))
    assert api.fr_to_ints(hashes) == poseidon.poseidon_hash(rows, firsts)


def test_curve_arithmetic() -> None:
    rng = random.Random(SEED)
    p = q = babyjubjub.BABYJUB_BASE8
    for _ in range(8):
        k = rng.randrange(8 * babyjubjub.BABYJUB_SUBORDER)
        p, q = babyjubjub.babyjub_mul(p, k), babyjubjub.babyjub_add(p, q)
        assert api.babyjub_mul(babyjubjub.BABYJUB_BASE8, k) == babyjubjub.babyjub_mul(
            babyjubjub.BABYJUB_BASE8, k
        )
        assert api.babyjub_add(p, q) == babyjubjub.babyjub_add(p, q)


# every window of the fixed-window ladder reads its first, second and last multiple
@pytest.mark.parametrize("digit", [0x1, 0x8, 0xF])
@pytest.mark.parametrize("window", [0, 1, 31, 61])
def test_curve_scalars_of_a_single_window(digit: int, window: int) -> None:
    k = digit << (4 * window)
    base = babyjubjub.BABYJUB_BASE8
    assert api.babyjub_mul(base, k) == babyjubjub.babyjub_mul(base, k)


def test_signatures_of_random_keys_and_messages() -> None:
    rng = random.Random(SEED)
    for _ in range(6):
        key, message = rng.randbytes(32), rng.randrange(FR_MODULUS)
        public_key, signature = eddsa.eddsa_public_key(key), eddsa.eddsa_sign(key, message)
        assert api.eddsa_public_key(key) == public_key
        assert api.eddsa_sign(key, message) == signature
        assert api.eddsa_verify(public_key, message, signature)
        for bit in (0, 100, 249):
            r8x, r8y, s = signature
            forged = (r8x, r8y, s ^ 1 << bit)
            assert api.eddsa_verify(public_key, message, forged) is False


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_verdicts_do_not_depend_on_threads(threads: int) -> None:
    key = bytes(32)
    signatures = [api.eddsa_sign(key, message) for message in range(33)]
    public_keys = api.fr_from_ints(api.eddsa_public_key(key) * 33).reshape(33, 8)
    r8s = api.fr_from_ints([x for r8x, r8y, _ in signatures for x in (r8x, r8y)]).reshape(33, 8)
    ss = api.canonical_from_ints([s for *_, s in signatures])
    messages = api.fr_from_ints([message + message % 2 for message in range(33)])  # odd ones differ
    verdicts = api.eddsa_verify_batch(public_keys, messages, r8s, ss, threads)
    assert verdicts.tolist() == [message % 2 == 0 for message in range(33)]
