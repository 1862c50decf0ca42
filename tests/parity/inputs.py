"""Inputs that parity tests share: scalars and points of several kinds, in any number."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache

import numpy as np

from native import api
from native.constants import FR_MODULUS as R
from native.constants import G1_GENERATOR, G2_GENERATOR

KINDS = ["random", "edges", "bits", "equal", "one that is not zero"]
# Around the number of lanes and its multiples, and one that keeps every worker busy.
LENGTHS = [0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 1000]
_EDGES = [0, 1, R - 1, 2, R - 2, R // 2, (1 << 64) - 1, 1 << 64, (1 << 192) - 1, (1 << 252) - 1]


def integers(kind: str, n: int, seed: int = 0) -> list[int]:
    """n integers below r; the seed turns the edges round and changes the random ones."""
    rng = random.Random(f"{kind} {seed}")
    choose: dict[str, Callable[[int], int]] = {
        "random": lambda i: rng.randrange(R),
        "edges": lambda i: _EDGES[(i * (seed + 1) + seed) % len(_EDGES)],
        "bits": lambda i: rng.getrandbits(1),
        "equal": lambda i: R // 3 + seed,
        "one that is not zero": lambda i: R - 5 - seed if i == n // 2 else 0,
    }
    return [choose[kind](i) for i in range(n)]


def elements(kind: str, n: int, seed: int = 0) -> np.ndarray:
    """n elements of Fr."""
    return api.fr_from_ints(integers(kind, n, seed))


def scalars(kind: str, n: int, seed: int = 0) -> np.ndarray:
    """n canonical scalars."""
    return api.canonical_from_ints(integers(kind, n, seed))


@cache
def _points(group: int) -> np.ndarray:
    exponents = [0, 1, R - 1, 1, 1, 5, R - 5, 5, *(i * i + 3 for i in range(1000))]
    bases = api.canonical_from_ints(exponents)
    if group == 1:
        return api.g1_fixed_base_mul(G1_GENERATOR, bases)
    return api.g2_fixed_base_mul(G2_GENERATOR, bases)


def points(kind: str, group: int, n: int) -> np.ndarray:
    """n points: infinity, equal and opposite ones first; all the same for the kind `equal`."""
    known = _points(group)
    return np.repeat(known[5:6], n, axis=0) if kind == "equal" else known[:n].copy()


def indices(n: int, below: int, seed: int = 0) -> np.ndarray:
    """n indices in [0, below)."""
    rng = random.Random(seed)
    return np.array([rng.randrange(below) for _ in range(n)], dtype=np.uint32)
