"""The hashes of a phase-2 ceremony (BLAKE2b, 64 bytes), over uncompressed big-endian points."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np

from native import api
from native.constants import G1_GENERATOR, G2_GENERATOR
from prover.snarkjs.container import U64
from prover.snarkjs.contributions import Contribution
from prover.snarkjs.zkey import Zkey


def uncompressed(points: U64) -> bytes:
    """Coordinates as 32-byte big-endian words, for G2 the imaginary part first; infinity is 0."""
    points = points.reshape(-1, points.shape[-1])
    canonical = np.ascontiguousarray(api.fp_from_montgomery(points.reshape(-1, 4)))
    words = canonical.view(np.uint8).reshape(-1, 32)[:, ::-1]
    if points.shape[1] == 16:
        words = words.reshape(-1, 2, 32)[:, ::-1]
    return words.tobytes()


def circuit_hash(zkey: Zkey, h_points: U64) -> bytes:
    """The hash that names the circuit and phase 1 of a ceremony; δ and γ count as generators.

    `h_points` are (τ^(n+i) − τ^i)·G1, which determine the H section.
    """
    hasher = hashlib.blake2b()
    for point in (zkey.alpha1, zkey.beta1, zkey.beta2, G2_GENERATOR, G1_GENERATOR, G2_GENERATOR):
        hasher.update(uncompressed(point))
    _hash_section(hasher, zkey.ic, len(zkey.ic))
    _hash_section(hasher, h_points, zkey.domain_size - 1)
    for section in (zkey.c, zkey.a, zkey.b1, zkey.b2):
        _hash_section(hasher, section, len(section))
    return hasher.digest()


def _hash_section(hasher: hashlib.blake2b, points: U64, count: int) -> None:
    hasher.update(count.to_bytes(4, "big"))
    hasher.update(uncompressed(points))


def contribution_bytes(contribution: Contribution) -> bytes:
    """What one contribution adds to the transcript."""
    points = (contribution.delta_after, contribution.g1_s, contribution.g1_sx)
    g1 = b"".join(uncompressed(point) for point in points)
    return g1 + uncompressed(contribution.g2_spx) + contribution.transcript


def transcript(circuit: bytes, earlier: Iterable[Contribution], g1_s: U64, g1_sx: U64) -> bytes:
    """The challenge of the next contribution, after all earlier ones and its own G1 points."""
    hasher = hashlib.blake2b(circuit)
    for contribution in earlier:
        hasher.update(contribution_bytes(contribution))
    hasher.update(uncompressed(g1_s))
    hasher.update(uncompressed(g1_sx))
    return hasher.digest()


def contribution_hash(contribution: Contribution) -> bytes:
    """What a contributor publishes to claim a contribution."""
    return hashlib.blake2b(contribution_bytes(contribution)).digest()
