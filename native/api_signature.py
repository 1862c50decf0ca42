"""Baby Jubjub and EdDSA-Poseidon, on integers and in batches."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from native._zk import lib
from native.api_field import canonical_from_ints, canonical_to_ints, fr_from_ints, fr_to_ints
from native.binding import Words, call, empty, rows, same_length, worker_count
from native.constants import FR_MODULUS
from native.poseidon_parameters import kernel_parameters
from native.reference.babyjubjub import (
    BABYJUB_BASE8,
    BABYJUB_COFACTOR,
    BABYJUB_SUBORDER,
    IDENTITY,
    Point,
    babyjub_is_on_curve,
    babyjub_pack,
    babyjub_unpack,
)
from native.reference.eddsa import PRIVATE_KEY_BYTES, Signature

__all__ = [
    "BABYJUB_BASE8",
    "BABYJUB_SUBORDER",
    "babyjub_add",
    "babyjub_in_subgroup",
    "babyjub_is_on_curve",
    "babyjub_mul",
    "babyjub_pack",
    "babyjub_unpack",
    "eddsa_public_key",
    "eddsa_sign",
    "eddsa_verify",
    "eddsa_verify_batch",
]

_CHALLENGE_WIDTH = 6
_ORDER = BABYJUB_COFACTOR * BABYJUB_SUBORDER


@functools.cache
def _base_table() -> Words:
    table = np.empty(lib.ZK_BABYJUB_BASE_TABLE_WORDS, dtype=np.uint64)
    call("babyjub_base_table", table)
    return table


def _point(words: Words) -> Point:
    x, y = fr_to_ints(words.reshape(2, 4))
    return x, y


def babyjub_add(p: Point, q: Point) -> Point:
    """p + q for two points of the curve."""
    out = empty(2, 4)
    call("babyjub_add", out, fr_from_ints(p), fr_from_ints(q), 1)
    return _point(out)


def babyjub_mul(p: Point, k: int) -> Point:
    """k p for k >= 0 and a point of the curve."""
    if k < 0:
        raise ValueError(f"the scalar {k} is negative")
    out = empty(2, 4)
    call("babyjub_mul", out, fr_from_ints(p), canonical_from_ints([k % _ORDER]), 1)
    return _point(out)


def babyjub_in_subgroup(p: Point) -> bool:
    """Whether p is a curve point whose order divides the prime l (the identity included)."""
    return babyjub_is_on_curve(p) and babyjub_mul(p, BABYJUB_SUBORDER) == IDENTITY


def _secret(private_key: bytes) -> NDArray[np.uint8]:
    if len(private_key) != PRIVATE_KEY_BYTES:
        raise ValueError(f"a private key has {PRIVATE_KEY_BYTES} bytes, not {len(private_key)}")
    return np.frombuffer(private_key, dtype=np.uint8)


def eddsa_public_key(private_key: bytes) -> Point:
    """The public key of 32 secret bytes; constant time."""
    public_key = empty(2, 4)
    call("eddsa_public_key", public_key, _secret(private_key))
    return _point(public_key)


def eddsa_sign(private_key: bytes, message: int) -> Signature:
    """The deterministic signature (R8.x, R8.y, S) of one field element; constant time."""
    if not 0 <= message < FR_MODULUS:
        raise ValueError(f"the message {message} is not a canonical field element")
    parameters = kernel_parameters(_CHALLENGE_WIDTH)
    r8, s = empty(2, 4), empty(1, 4)
    call(
        "eddsa_sign",
        *(r8, s, _secret(private_key), fr_from_ints([message])),
        *(parameters.rounds_partial, parameters.fast, len(parameters.fast)),
    )
    return *_point(r8), canonical_to_ints(s)[0]


def eddsa_verify(public_key: Point, message: int, signature: Signature) -> bool:
    """Whether the signature holds; False too for anything non-canonical or of low order."""
    elements = (*public_key, *signature[:2], message)
    if not all(0 <= element < FR_MODULUS for element in elements):
        return False
    if not 0 <= signature[2] < BABYJUB_SUBORDER:
        return False
    words = fr_from_ints(elements)
    s = canonical_from_ints(signature[2:])
    key, r8 = words[0:2].reshape(1, 8), words[2:4].reshape(1, 8)
    return bool(eddsa_verify_batch(key, words[4:], r8, s, threads=1)[0])


def eddsa_verify_batch(
    public_keys: Words, messages: Words, r8s: Words, ss: Words, threads: int = 0
) -> NDArray[np.bool_]:
    """Strict verification of n rows: keys and R8 (n, 8), messages and canonical s (n, 4).

    Unreduced elements, s >= the suborder, points off the curve and points of low order are
    invalid: False, never an error.
    """
    keys, commitments = rows(public_keys, 8, "public_keys"), rows(r8s, 8, "r8s")
    words, scalars = rows(messages, 4, "messages"), rows(ss, 4, "ss")
    n = same_length(keys, words, "public_keys, messages")
    same_length(keys, commitments, "public_keys, r8s")
    same_length(keys, scalars, "public_keys, ss")
    parameters = kernel_parameters(_CHALLENGE_WIDTH)
    valid = np.empty(n, dtype=np.uint8)
    call(
        "eddsa_verify",
        *(valid, keys, words, commitments, scalars, n, _base_table()),
        *(parameters.rounds_partial, parameters.fast, len(parameters.fast)),
        worker_count(threads),
    )
    return valid.view(np.bool_)
