"""Poseidon, Baby Jubjub, EdDSA and BLAKE-512 behind their final names (plain Python for now)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from native.constants import FR_MODULUS
from native.reference import eddsa as reference_eddsa
from native.reference import poseidon as reference_poseidon
from native.reference.babyjubjub import (
    BABYJUB_BASE8,
    BABYJUB_SUBORDER,
    babyjub_add,
    babyjub_in_subgroup,
    babyjub_is_on_curve,
    babyjub_mul,
    babyjub_pack,
    babyjub_unpack,
)
from native.reference.blake512 import blake512
from native.reference.eddsa import eddsa_public_key, eddsa_sign, eddsa_verify
from native.reference.poseidon import poseidon

__all__ = [
    "BABYJUB_BASE8",
    "BABYJUB_SUBORDER",
    "babyjub_add",
    "babyjub_in_subgroup",
    "babyjub_is_on_curve",
    "babyjub_mul",
    "babyjub_pack",
    "babyjub_unpack",
    "blake512",
    "eddsa_public_key",
    "eddsa_sign",
    "eddsa_verify",
    "eddsa_verify_batch",
    "poseidon",
    "poseidon_hash",
    "poseidon_permute",
]

FrArray = NDArray[np.uint64]

_R = 1 << 256
_R_INVERSE = pow(_R, -1, FR_MODULUS)


def _canonical_ints(array: FrArray) -> list[int]:
    raw = np.ascontiguousarray(array).tobytes()
    return [int.from_bytes(raw[i : i + 32], "little") for i in range(0, len(raw), 32)]


def _fr_to_ints(array: FrArray) -> list[int]:
    return [word * _R_INVERSE % FR_MODULUS for word in _canonical_ints(array)]


def _fr_from_ints(values: list[int]) -> FrArray:
    raw = b"".join((value * _R % FR_MODULUS).to_bytes(32, "little") for value in values)
    return np.frombuffer(raw, dtype=np.uint64).reshape(-1, 4).copy()


def poseidon_permute(states: FrArray) -> FrArray:
    """The permutation of each state; shape (n, t, 4), t = 2..17."""
    n, t, _ = states.shape
    words = _fr_to_ints(states)
    rows = [words[i * t : (i + 1) * t] for i in range(n)]
    permuted = [word for row in reference_poseidon.poseidon_permute(rows) for word in row]
    return _fr_from_ints(permuted).reshape(n, t, 4)


def poseidon_hash(inputs: FrArray, initial_state: FrArray | None = None) -> FrArray:
    """Hashes of n rows of k = 1..16 inputs; shapes (n, k, 4) and (n, 4) to (n, 4)."""
    n, k, _ = inputs.shape
    words = _fr_to_ints(inputs)
    rows = [words[i * k : (i + 1) * k] for i in range(n)]
    firsts = None if initial_state is None else _fr_to_ints(initial_state)
    return _fr_from_ints(reference_poseidon.poseidon_hash(rows, firsts))


def eddsa_verify_batch(
    public_keys: FrArray, messages: FrArray, r8s: FrArray, ss: FrArray
) -> NDArray[np.bool_]:
    """Strict verification of n rows: keys and R8 (n, 8), messages and canonical s (n, 4)."""
    keys, commitments = _fr_to_ints(public_keys), _fr_to_ints(r8s)
    verdicts = reference_eddsa.eddsa_verify_batch(
        list(zip(keys[0::2], keys[1::2], strict=True)),
        _fr_to_ints(messages),
        list(zip(commitments[0::2], commitments[1::2], strict=True)),
        _canonical_ints(ss),
    )
    return np.array(verdicts, dtype=np.bool_)
