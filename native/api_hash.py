"""Poseidon with the iden3 parameters, BLAKE-512, and Keccak-256 of pairs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from native.api_field import canonical_from_ints, canonical_to_ints
from native.binding import Words, call, empty, rows, worker_count
from native.constants import FR_MODULUS
from native.poseidon_parameters import kernel_parameters
from native.reference.poseidon import MAX_WIDTH, MIN_WIDTH

__all__ = ["blake512", "keccak256_pairs", "poseidon", "poseidon_hash", "poseidon_permute"]


def _states(array: NDArray[Any], min_width: int, max_width: int, name: str) -> tuple[Words, int]:
    """The array as rows of words, and the number of words in each state."""
    if not isinstance(array, np.ndarray) or array.ndim != 3 or array.shape[2] != 4:
        shape = getattr(array, "shape", None)
        raise ValueError(f"{name}: expected an array of shape (n, words, 4), got {shape}")
    width = array.shape[1]
    if not min_width <= width <= max_width:
        raise ValueError(f"{name}: {width} words are not in [{min_width}, {max_width}]")
    return rows(array.reshape(len(array), 4 * width), 4 * width, name), width


def poseidon_permute(states: Words, threads: int = 0) -> Words:
    """The permutation of each state, (n, t, 4) to (n, t, 4), t = 2..17."""
    words, t = _states(states, MIN_WIDTH, MAX_WIDTH, "states")
    parameters = kernel_parameters(t)
    out = np.empty((len(words), t, 4), dtype=np.uint64)
    call(
        "poseidon_permute",
        *(out, words, len(words), t, parameters.rounds_partial),
        *(parameters.fast, len(parameters.fast), worker_count(threads)),
    )
    return out


def poseidon_permute_naive(states: Words) -> Words:
    """`poseidon_permute` by the published rounds: the slow twin that tests compare with."""
    words, t = _states(states, MIN_WIDTH, MAX_WIDTH, "states")
    parameters = kernel_parameters(t)
    out = np.empty((len(words), t, 4), dtype=np.uint64)
    call(
        "poseidon_permute_naive",
        *(out, words, len(words), t, parameters.rounds_partial),
        *(parameters.constants, len(parameters.constants)),
        *(parameters.matrix, len(parameters.matrix)),
    )
    return out


def poseidon_hash(inputs: Words, initial_state: Words | None = None, threads: int = 0) -> Words:
    """Hashes (n, 4) of n rows of k = 1..16 inputs, (n, k, 4).

    A hash is word 0 of the permutation of [initial word, inputs…]; the initial words are the rows
    of `initial_state` (n, 4), or zeros.
    """
    words, k = _states(inputs, MIN_WIDTH - 1, MAX_WIDTH - 1, "inputs")
    firsts = empty(0, 4) if initial_state is None else rows(initial_state, 4, "initial_state")
    if initial_state is not None and len(firsts) != len(words):
        raise ValueError(f"initial_state: {len(firsts)} rows for {len(words)} hashes")
    parameters = kernel_parameters(k + 1)
    out = empty(len(words), 4)
    call(
        "poseidon_hash",
        *(out, words, len(words), k, firsts, len(firsts), parameters.rounds_partial),
        *(parameters.fast, len(parameters.fast), worker_count(threads)),
    )
    return out


def poseidon(*inputs: int) -> int:
    """The hash of 1..16 field elements given as integers."""
    if not 1 <= len(inputs) < MAX_WIDTH:
        raise ValueError(f"inputs: {len(inputs)} words are not in [1, {MAX_WIDTH - 1}]")
    parameters = kernel_parameters(len(inputs) + 1)
    out = empty(1, 4)
    call(
        "poseidon_hash_canonical",
        *(out, canonical_from_ints(word % FR_MODULUS for word in inputs), len(inputs)),
        *(parameters.rounds_partial, parameters.fast, len(parameters.fast)),
    )
    return canonical_to_ints(out)[0]


def blake512(message: bytes) -> bytes:
    """The 64-byte digest of BLAKE-512 (the SHA-3 finalist, not BLAKE2b)."""
    digest = np.empty(64, dtype=np.uint8)
    data = np.frombuffer(message, dtype=np.uint8)
    call("blake512", digest, data, len(data))
    return digest.tobytes()


def keccak256_pairs(pairs: NDArray[np.uint8], threads: int = 0) -> NDArray[np.uint8]:
    """Keccak-256 of each row, (n, 64) to (n, 32): the parents of a Merkle tree's nodes."""
    if not isinstance(pairs, np.ndarray) or pairs.dtype != np.uint8:
        raise ValueError("pairs: expected a numpy array of uint8")
    if pairs.ndim != 2 or pairs.shape[1] != 64:
        raise ValueError(f"pairs: expected shape (n, 64), got {pairs.shape}")
    out = np.empty((len(pairs), 32), dtype=np.uint8)
    call("keccak256_pairs", out, np.ascontiguousarray(pairs), len(pairs), worker_count(threads))
    return out
