"""Fields, transforms, curves and pairing: every variant and thread count gives the same bytes.

The reference for the bytes is the portable variant on one thread, which tests/native holds against
the plain definitions; a variant this machine lacks shows as a skipped test with its name.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest

from native import api, variants
from native.constants import FR_MODULUS, G1_GENERATOR, G2_GENERATOR

SEED = 28
FAST = [name for name in variants.NAMES if name != "portable"]
Outputs = list[np.ndarray]


@pytest.fixture(params=FAST)
def variant(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if name not in variants.available():
        pytest.skip(f"this machine or build has no {name} variant")
    return name


def scalars_of(kind: str, n: int) -> list[int]:
    """Random, edge and structured scalars below r."""
    rng = random.Random(SEED)
    edges = [0, 1, 2, FR_MODULUS - 1, FR_MODULUS - 2, (FR_MODULUS - 1) // 2, (1 << 64) - 1, 1 << 64]
    choose: dict[str, Callable[[int], int]] = {
        "random": lambda i: rng.randrange(FR_MODULUS),
        "edges": lambda i: edges[i % len(edges)],
        "bits": lambda i: rng.getrandbits(1),
        "equal": lambda i: 0x1234567 << 150,
        "limbs full of ones": lambda i: ((1 << 64) - 1) << (64 * (i % 3)),
    }
    return [choose[kind](i) % FR_MODULUS for i in range(n)]


KINDS = ["random", "edges", "bits", "equal", "limbs full of ones"]


def bases(group: int, n: int) -> np.ndarray:
    """Points with repeats, opposites and infinity among them."""
    exponents = [(i % 40) * (1 if i % 3 else FR_MODULUS - 1) % FR_MODULUS for i in range(n)]
    scalars = api.canonical_from_ints(exponents)
    if group == 1:
        return api.g1_fixed_base_mul(G1_GENERATOR, scalars)
    return api.g2_fixed_base_mul(G2_GENERATOR, scalars)


def field_outputs(kind: str, threads: int) -> Outputs:
    a = api.fr_from_ints(scalars_of(kind, 400))
    b = api.fr_from_ints(scalars_of("random", 400)[::-1])
    p = api.fp_from_ints(scalars_of(kind, 400))
    return [
        api.fr_add(a, b),
        api.fr_sub(a, b),
        api.fr_mul(a, b),
        api.fr_mul(a, a),
        api.fr_neg(a),
        api.fr_inverse(a),
        api.fr_powers(b[0], 50),
        api.fr_dot(a, b),
        api.fr_from_montgomery(a),
        p,
        api.fp_from_montgomery(p),
    ]


def transform_outputs(kind: str, threads: int) -> Outputs:
    outputs = []
    for log_n in (0, 1, 2, 3, 8, 11):
        v = api.fr_from_ints(scalars_of(kind, 1 << log_n))
        for transform in (api.ntt, api.ntt_inverse, api.ntt_odd_coset, api.ntt_odd_coset_inverse):
            outputs.append(transform(v, threads=threads))
    return outputs


def matrix_outputs(kind: str, threads: int) -> Outputs:
    rng = random.Random(SEED)
    indptr = np.arange(0, 6003, 3, dtype=np.uint32)
    wires = np.array([rng.randrange(300) for _ in range(6000)], dtype=np.uint32)
    coefs = np.array([rng.randrange(20) for _ in range(6000)], dtype=np.uint32)
    table, vector = (
        api.fr_from_ints(scalars_of("edges", 20)),
        api.fr_from_ints(scalars_of(kind, 300)),
    )
    return [api.sparse_matvec(indptr, wires, coefs, table, vector, threads)]


def proof_outputs(kind: str, threads: int) -> Outputs:
    """What a proof does beside sums and sparse products."""
    outputs = []
    for log_n in (0, 2, 5, 11):
        a, b = (api.fr_from_ints(scalars_of(k, 1 << log_n)) for k in (kind, "random"))
        out = np.empty_like(a)
        api.quotient(out, a, b, threads=threads)
        outputs.append(out)
    values = api.fr_from_ints(scalars_of(kind, 1500))
    wires = np.array([7 * i % 1500 for i in range(1499)], dtype=np.uint32)
    scalars = np.empty((1499, 4), dtype=np.uint64)
    factor = api.canonical_from_ints(scalars_of("random", 1))
    api.gather_canonical(scalars, values, wires, factor, threads=threads)
    other = api.fr_add(values, api.fr_from_ints([i % 3 // 2 for i in range(1500)]))
    found = [*api.violations(values, values, api.fr_mul(values, other), threads=threads)]
    found.append(api.first_noncanonical(other, threads=threads))
    return [*outputs, scalars, np.array(found)]


def curve_outputs(kind: str, threads: int) -> Outputs:
    k = api.canonical_from_ints(scalars_of(kind, 20))
    p, q = bases(1, 20), bases(2, 20)
    return [
        api.g1_mul(p, k, threads),
        api.g2_mul(q, k, threads),
        api.g1_add(p, p[::-1]),
        api.g2_add(q, q),
        api.g1_neg(p),
        api.g2_neg(q),
    ]


def sum_outputs(kind: str, threads: int) -> Outputs:
    n1, n2 = (3000, 300) if kind != "random" else (35_000, 1500)
    k1, k2 = (api.canonical_from_ints(scalars_of(kind, n)) for n in (n1, n2))
    return [api.msm_g1(bases(1, n1), k1, threads), api.msm_g2(bases(2, n2), k2, threads)]


def fixed_base_outputs(kind: str, threads: int) -> Outputs:
    k = api.canonical_from_ints(scalars_of(kind, 1100))
    base1, base2 = bases(1, 8)[7], bases(2, 8)[7]
    one, two = api.g1_fixed_base_mul, api.g2_fixed_base_mul
    return [one(base1, k, threads), two(base2, k[:200], threads)]


def combination_outputs(kind: str, threads: int) -> Outputs:
    n = 700
    k, p, q = api.canonical_from_ints(scalars_of(kind, n)), bases(1, n), bases(2, n)
    starts = np.array([0, 3, 3, 300, 301, n], dtype=np.uint32)
    kinds = np.arange(n, dtype=np.uint32)
    return [
        api.g1_scale(p, k, threads),
        api.g2_scale(q[:300], k[:300], threads),
        api.g1_combine(starts, kinds[::-1], kinds, k, p, threads),
        api.g2_combine(starts, kinds[::-1], kinds, k, q, threads),
        api.g1_add(p, p[::-1], threads),
        api.g2_add(q, q[::-1], threads),
    ]


OUTPUTS = [
    field_outputs,
    transform_outputs,
    matrix_outputs,
    proof_outputs,
    curve_outputs,
    sum_outputs,
    fixed_base_outputs,
    combination_outputs,
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("outputs", OUTPUTS, ids=lambda f: f.__name__)
def test_variant_gives_the_bytes_of_the_portable_code(
    variant: str, outputs: Callable[[str, int], Outputs], kind: str
) -> None:
    with variants.forced("portable"):
        expected = outputs(kind, 1)
    with variants.forced(variant):
        got = outputs(kind, 2)
    for i, (a, b) in enumerate(zip(got, expected, strict=True)):
        assert (a == b).all(), f"output {i}"


@pytest.mark.parametrize("outputs", OUTPUTS, ids=lambda f: f.__name__)
def test_thread_count_never_changes_bytes(outputs: Callable[[str, int], Outputs]) -> None:
    expected = outputs("random", 1)
    for threads in (2, 3, 7):
        assert all(
            (a == b).all() for a, b in zip(outputs("random", threads), expected, strict=True)
        )


def test_pairing_values(variant: str) -> None:
    p, q = bases(1, 5), bases(2, 5)
    with variants.forced("portable"):
        expected = [api.pairing(a, b) for a, b in zip(p, q, strict=True)]
    with variants.forced(variant):
        assert [api.pairing(a, b) for a, b in zip(p, q, strict=True)] == expected
        assert not api.pairing_check(p, q)
        assert api.pairing_check(np.stack([p[1], api.g1_neg(p)[1]]), np.stack([q[2], q[2]]))


def test_membership(variant: str) -> None:
    p, q = bases(1, 30), bases(2, 30)
    p[17, 0] ^= np.uint64(1)
    q[11, 3] ^= np.uint64(1)
    for name in ("portable", variant):
        with variants.forced(name):
            assert api.g1_first_off_curve(p) == 17
            assert api.g2_first_off_curve(q) == 11
            assert api.g2_first_outside_subgroup(bases(2, 30)) == -1
