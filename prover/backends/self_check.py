"""Known answers that a backend must give before it is used.

A wrong kernel gives wrong proofs, never accepted ones (every proof is verified), but it is better
found at the start and named. The answers come from plain integers: the i-th point is i·G, and the
scalars are such that i·sᵢ add up to 1, so that the sum is G.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

from circuits.system.r1cs import SparseMatrix
from native import api
from native.constants import FR_MODULUS, G1_GENERATOR, G2_GENERATOR, fr_root_of_unity
from prover.backends.protocol import Backend, Sum
from prover.errors import BackendError
from prover.snarkjs.container import U64

# Enough for the kernels to take the ways that they take for large inputs.
N_POINTS = 1 << 12
LOG_N = 10
_checked: set[type[Backend]] = set()
_lock = threading.Lock()


def ensure_checked(backend: Backend) -> None:
    """Check a backend's class once in this process; `BackendError` names the wrong operation.

    The reference backend is the definition itself and passes unseen.
    """
    with _lock:
        if type(backend) not in _checked and backend.name != "reference":
            self_check(backend)
            _checked.add(type(backend))


def self_check(backend: Backend) -> None:
    """Compare every operation with plain integers; `BackendError` names the wrong one."""
    checks: dict[str, Callable[[Backend], bool]] = {
        "matvec": _matvec_is_right,
        "quotient": _quotient_is_right,
        "sums": _sums_are_right,
    }
    for operation, is_right in checks.items():
        if not is_right(backend):
            raise BackendError(
                f"backend {backend.name!r} failed its self-check: {operation} differs from the"
                " plain definition; do not use it on this machine"
            )


def _values(label: str, count: int) -> list[int]:
    """Fixed field elements that look random, the awkward ones among them."""

    def stream() -> Iterator[int]:
        yield from (0, 1, FR_MODULUS - 1, FR_MODULUS >> 1)
        for i in range(count):
            digest = hashlib.sha512(f"{label} {i}".encode()).digest()
            yield int.from_bytes(digest, "little") % FR_MODULUS

    return [value for value, _ in zip(stream(), range(count), strict=False)]


def _matvec_is_right(backend: Backend) -> bool:
    table, vector = _values("table", 5), _values("vector", 7)
    indptr = np.array([0, 0, 3, 4, 9], dtype=np.uint32)
    wires = np.array([0, 6, 2, 5, 1, 2, 3, 4, 5], dtype=np.uint32)
    coefs = np.array([4, 3, 2, 4, 1, 2, 3, 4, 0], dtype=np.uint32)
    terms = [table[c] * vector[w] for c, w in zip(coefs, wires, strict=True)]
    expected = [sum(terms[a:b]) % FR_MODULUS for a, b in pairwise(indptr)]
    matrix = SparseMatrix(indptr, wires, coefs)
    found = np.empty((len(expected), 4), dtype=np.uint64)
    backend.matvec(found, matrix, api.fr_from_ints(table), api.fr_from_ints(vector))
    return api.fr_to_ints(found) == expected


def _quotient_is_right(backend: Backend) -> bool:
    """Of polynomials of few terms, so that both sides are known: where j + k >= n, the terms X^j
    and X^k meet as X^(j + k - n) over the domain, and on the odd coset x^n is -1, so that
    x^j x^k - x^(j + k - n) is -2 x^(j + k - n); where j + k < n nothing is left."""
    n = 1 << LOG_N
    a_terms, b_terms = (
        dict(zip((0, 1, n // 2 + 3, n - 1), _values(name, 8)[4:], strict=True)) for name in "ab"
    )
    over = [
        (j + k - n, -2 * x * y)
        for j, x in a_terms.items()
        for k, y in b_terms.items()
        if j + k >= n
    ]
    domain = _powers(fr_root_of_unity(LOG_N), n)
    coset = _powers(fr_root_of_unity(LOG_N + 1), 2 * n)[1::2]
    expected = [sum(c * pow(x, k, FR_MODULUS) for k, c in over) % FR_MODULUS for x in coset]
    a, b = (
        [sum(c * domain[i * k % n] for k, c in terms.items()) % FR_MODULUS for i in range(n)]
        for terms in (a_terms, b_terms)
    )
    found = np.empty((n, 4), dtype=np.uint64)
    backend.quotient(found, api.fr_from_ints(a), api.fr_from_ints(b))
    return api.canonical_to_ints(found) == expected


def _powers(base: int, count: int) -> list[int]:
    powers = [1]
    for _ in range(count - 1):
        powers.append(powers[-1] * base % FR_MODULUS)
    return powers


def _sums_are_right(backend: Backend) -> bool:
    """Sums of both groups in one call, one of them empty."""
    values = _values("scalars", N_POINTS)
    last, total = N_POINTS - 1, sum(i * s for i, s in enumerate(values))
    values[last] = (values[last] + (1 - total) * pow(last, -1, FR_MODULUS)) % FR_MODULUS
    scalars = api.canonical_from_ints(values)
    g1, g2 = _multiples(G1_GENERATOR, api.g1_add), _multiples(G2_GENERATOR, api.g2_add)
    sums = [Sum(g1, scalars), Sum(g2, scalars), Sum(g1[:0], scalars[:0])]
    in_g1, in_g2, empty = backend.sums(sums)
    right = np.array_equal(in_g1, G1_GENERATOR) and np.array_equal(in_g2, G2_GENERATOR)
    return right and not empty.any()


def _multiples(generator: U64, add: Callable[[U64, U64], U64]) -> U64:
    """0, G, 2G, …, doubling the list until it is long enough."""
    points = np.stack([np.zeros_like(generator), generator])
    while len(points) < N_POINTS:
        step = add(points[-1:], generator[None, :])
        points = np.concatenate([points, add(points, np.repeat(step, len(points), axis=0))])
    return np.ascontiguousarray(points[:N_POINTS])
