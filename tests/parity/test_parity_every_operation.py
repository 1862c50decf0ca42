"""Every row of native/src/operations.h: each variant and number of threads gives the same bytes.

The reference is the portable variant on one thread, which tests/native holds against the plain
definitions. A variant this machine lacks shows as a skipped test with its name. A new operation
needs a case here: the last test reads the rows and fails for one that no case calls.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from native import api, api_assignment, binding, variants
from native.api_hash import poseidon_permute_naive
from native.api_zkey import zkey_terms
from native.constants import FP_MODULUS, G1_GENERATOR, G2_GENERATOR
from native.constants import FR_MODULUS as R
from native.reference.witness import Opcode
from tests.parity.inputs import KINDS, LENGTHS, elements, indices, integers, points, scalars

HEADER = Path(__file__).resolve().parents[2] / "native" / "src" / "operations.h"
FAST = [name for name in variants.NAMES if name != "portable"]
Case = Callable[[str, int, int], list[Any]]


def raw(operation: str, width: int, n: int, *arguments: Any) -> np.ndarray:
    """The output of an operation that the api does not offer by itself."""
    out = np.zeros((n, width), dtype=np.uint64)
    binding.call(operation, out, *arguments)
    return out


def fr_vectors(kind: str, n: int, threads: int) -> list[Any]:
    a, b = elements(kind, n), elements(kind, n, 1)
    bad = scalars(kind, n)
    bad[n // 2 :] |= np.uint64(1 << 63)
    binary = [f(a, b) for f in (api.fr_add, api.fr_sub, api.fr_mul)]
    if n:
        binary += [f(a, b[:1]) for f in (api.fr_add, api.fr_sub, api.fr_mul)]
        binary += [f(a[:1], b) for f in (api.fr_add, api.fr_sub, api.fr_mul)]
        binary += [api.fr_powers(a[n // 2], n)]
    unary = [api.fr_neg(a), api.fr_inverse(a), api.fr_power(a, 5), api.fr_from_montgomery(a)]
    return [a, *binary, *unary, api.fr_dot(a, b), api.fr_first_noncanonical(bad)]


def fp_vectors(kind: str, n: int, threads: int) -> list[Any]:
    a = api.fp_from_ints([FP_MODULUS - 1 - x for x in integers(kind, n)])
    b = api.fp_from_ints(integers(kind, n, 1))
    out = [raw("fp_mul", 4, n, a, n, b, n), raw("fp_inverse", 4, n, a, n)]
    bad = api.canonical_from_ints([FP_MODULUS - 1] * (n // 2) + [FP_MODULUS] * (n - n // 2))
    return [a, *out, api.fp_from_montgomery(b), api.fp_first_noncanonical(bad)]


def transforms(kind: str, n: int, threads: int) -> list[Any]:
    log_n = max(n - 1, 0).bit_length()
    v, w = elements(kind, 1 << log_n), elements(kind, 1 << log_n, 1)
    out: list[Any] = [raw("ntt_roots", 4, 1 << log_n, 1 << log_n, log_n + 1)]
    for f in (api.ntt, api.ntt_inverse, api.ntt_odd_coset, api.ntt_odd_coset_inverse):
        out.append(f(v, threads=threads))
    result = np.zeros_like(v)
    api.quotient(result, v.copy(), w.copy(), threads=threads)
    return [*out, result]


def matrices(kind: str, n: int, threads: int) -> list[Any]:
    """n rows of 0 to 20 terms."""
    ends = np.cumsum(indices(n, 21), dtype=np.uint32)
    starts = np.concatenate([np.zeros(1, np.uint32), ends])
    terms, columns = int(starts[-1]), n + 3
    wires, coefs = indices(terms, columns, 1), indices(terms, 10, 2)
    matrix = (starts, wires, coefs, elements("edges", 10))
    return [
        api.sparse_matvec(*matrix, elements(kind, columns), threads),
        api.sparse_matvec_transposed(columns, *matrix, elements(kind, n), threads),
    ]


def assignments(kind: str, n: int, threads: int) -> list[Any]:
    a, b = elements(kind, n), elements(kind, n, 1)
    c, out = api.fr_mul(a, b), np.zeros((n, 4), dtype=np.uint64)
    values = elements(kind, n + 1)
    factor = api.canonical_from_ints([R - 3])[0]
    api_assignment.gather_canonical(out, values, indices(n, n + 1), factor, threads=threads)
    copied = np.zeros_like(out)
    api_assignment.copy_rows(copied, values, indices(n, n + 1, 1), threads=threads)
    wrong = api.fr_add(c, elements("bits", n, 3))
    bad = out.copy()
    bad[n // 2 :] |= np.uint64(1 << 63)
    return [
        *(out, copied),
        api_assignment.violations(a, b, c, threads=threads),
        api_assignment.violations(a, b, wrong, threads=threads),
        api_assignment.first_noncanonical(out, threads=threads),
        api_assignment.first_noncanonical(bad, threads=threads),
    ]


def key_records(kind: str, n: int, threads: int) -> list[Any]:
    data = np.zeros((n, 11), dtype="<u4")
    data[:, 0], data[:, 1], data[:, 2] = indices(n, 2), indices(n, 9, 1), indices(n, 9, 2)
    data[:, 3:] = scalars(kind, n).view("<u4")
    records = data.reshape(-1).view(np.uint8)
    terms, refused = zkey_terms(records, 9, 9), zkey_terms(records, 1, 9)
    assert not isinstance(terms, int)
    values = [terms.table[coefs] for coefs in terms.coefs]
    return [*terms.indptr, *terms.wires, *values, refused if isinstance(refused, int) else None]


def curve_vectors(kind: str, n: int, threads: int) -> list[Any]:
    p, q = points(kind, 1, n), points(kind, 2, n)
    bad1, bad2 = p.copy(), q.copy()
    bad1[n // 2 :, 1] ^= np.uint64(1)
    bad2[n // 2 :, 1] ^= np.uint64(1)
    return [
        *(api.g1_add(p, r, threads) for r in (p, p[::-1].copy(), api.g1_neg(p))),
        *(api.g2_add(q, r, threads) for r in (q, q[::-1].copy(), api.g2_neg(q))),
        *(api.g1_first_off_curve(p), api.g1_first_off_curve(bad1)),
        *(api.g2_first_off_curve(q), api.g2_first_off_curve(bad2)),
        api.g2_first_outside_subgroup(q[:17], threads),
    ]


def multiples(kind: str, n: int, threads: int) -> list[Any]:
    p, q, k = points(kind, 1, n), points(kind, 2, n), scalars(kind, n)
    return [
        *(f(p, k, threads) for f in (api.g1_mul, api.g1_scale)),
        *(f(q, k, threads) for f in (api.g2_mul, api.g2_scale)),
    ]


def sums_g1(kind: str, n: int, threads: int) -> list[Any]:
    k = scalars(kind, n)
    return [
        api.msm_g1(points(kind, 1, n), k, threads),
        api.msm_g1(points("equal", 1, n), k, threads),
        api.g1_fixed_base_mul(points("random", 1, 8)[6], k, threads),
    ]


def sums_g2(kind: str, n: int, threads: int) -> list[Any]:
    k = scalars(kind, n)
    return [
        api.msm_g2(points(kind, 2, n), k, threads),
        api.g2_fixed_base_mul(points("random", 2, 8)[6], k, threads),
    ]


def combinations(kind: str, n: int, threads: int) -> list[Any]:
    starts = np.concatenate([np.zeros(1, np.uint32), np.cumsum(indices(n, 4), dtype=np.uint32)])
    terms = int(starts[-1])
    sparse = (starts, indices(terms, 20), indices(terms, 10, 1), scalars(kind, 10))
    return [
        api.g1_combine(*sparse, points(kind, 1, 20), threads),
        api.g2_combine(*sparse, points(kind, 2, 20), threads),
    ]


def pairings(kind: str, n: int, threads: int) -> list[Any]:
    p, q, k = points(kind, 1, n + 1), points(kind, 2, n + 1), scalars(kind, n)
    factor, lines = api.miller_product(p, q), api.miller_lines(G2_GENERATOR[None, :])
    tables = api.g1_tables(p[:n])
    opposite = np.vstack([p, api.g1_neg(p)]), np.vstack([q, q])
    return [
        *(factor, lines, tables, api.g1_table_sum(p[n], tables, k), api.pairing(p[n], q[n])),
        *(api.pairing_check(p, q), api.pairing_check(*opposite)),
        api.pairing_check_fixed(factor, api.g1_neg(p), q, 0 * p[:1], lines),
        api.pairing_check_fixed(factor, api.g1_neg(p), q, G1_GENERATOR[None, :], lines),
    ]


def hashes(kind: str, n: int, threads: int) -> list[Any]:
    out: list[Any] = []
    for k in (1, 2, 4, 16):
        rows = elements(kind, n * k).reshape(n, k, 4)
        out += [api.poseidon_hash(rows, threads=threads)]
        out += [api.poseidon_hash(rows, elements("edges", n), threads)]
    states = elements(kind, 3 * n).reshape(n, 3, 4)
    out += [api.poseidon_permute(states, threads), poseidon_permute_naive(states)]
    pairs = np.ascontiguousarray(elements(kind, 2 * n)).view(np.uint8).reshape(n, 64)
    out += [api.keccak256_pairs(pairs, threads)]
    return [*out, api.poseidon(*integers(kind, n % 16 + 1)), api.blake512(bytes(n))]


def signatures(kind: str, n: int, threads: int) -> list[Any]:
    keys = [x.to_bytes(32, "big") for x in integers(kind, n)]
    messages = integers(kind, n, 1)
    public = [api.eddsa_public_key(key) for key in keys]
    signed = [api.eddsa_sign(key, m) for key, m in zip(keys, messages, strict=True)]
    r8 = api.fr_from_ints([x for x, y, _ in signed for x in (x, y)]).reshape(n, 8)
    s = api.canonical_from_ints([s for _, _, s in signed])
    rows = api.fr_from_ints([x for point in public for x in point]).reshape(n, 8)
    words = api.fr_from_ints(messages)
    other = api.fr_add(words, elements("bits", n, 5))
    moved = [api.babyjub_mul(p, m) for p, m in zip(public, messages, strict=True)]
    return [
        *(public, signed, moved, [api.babyjub_add(p, p) for p in public]),
        *(api.eddsa_verify_batch(rows, m, r8, s, threads) for m in (words, other)),
        raw("babyjub_base_table", 1, binding.lib.ZK_BABYJUB_BASE_TABLE_WORDS),
    ]


def programs(kind: str, n: int, threads: int) -> list[Any]:
    """n independent operations of each of some opcodes, a segment each, over 2 n inputs."""
    out: list[Any] = []
    for opcode in (Opcode.LINEAR, Opcode.MULADD, Opcode.INVERSE_OR_ZERO):
        first = 2 * n + 1
        ops = [[opcode, first + i, 2 * i, 2 * i + 1, -1, 0] for i in range(n)]
        wires = api.witness_run(
            np.array(ops, dtype=np.int32).reshape(n, 6),
            segments=np.array([[i, i + 1, 0] for i in range(n)], np.uint32).reshape(n, 3),
            lc_indptr=np.arange(2 * n + 1, dtype=np.uint32),
            lc_wires=np.arange(1, 2 * n + 1, dtype=np.uint32),
            lc_coefs=indices(2 * n, 10) if n % 2 else np.zeros(2 * n, dtype=np.uint32),
            table=elements("edges", 10),
            n_wires=first + n,
            inputs=elements(kind, 2 * n),
            threads=threads,
        )
        out.append(wires)
    return out


# Each case with the largest of LENGTHS that it runs.
CASES: list[tuple[Case, int]] = [
    (fr_vectors, 1000),
    (fp_vectors, 1000),
    (transforms, 1000),
    (matrices, 1000),
    (assignments, 1000),
    (key_records, 1000),
    (curve_vectors, 1000),
    (multiples, 17),
    (sums_g1, 1000),
    (sums_g2, 65),
    (combinations, 65),
    (pairings, 9),
    (hashes, 65),
    (signatures, 17),
    (programs, 1000),
]
every_case = pytest.mark.parametrize(("case", "longest"), CASES, ids=[c.__name__ for c, _ in CASES])


def same(got: Any, expected: Any) -> bool:
    if isinstance(expected, np.ndarray):
        return bool(got.shape == expected.shape and (got == expected).all())
    return bool(got == expected)


@pytest.mark.parametrize("variant", FAST)
@pytest.mark.parametrize("kind", KINDS)
@every_case
def test_bytes_of_the_portable_code(case: Case, longest: int, kind: str, variant: str) -> None:
    if variant not in variants.available():
        pytest.skip(f"this machine or build has no {variant} variant")
    for n in [n for n in LENGTHS if n <= longest]:
        with variants.forced("portable"):
            expected = case(kind, n, 1)
        with variants.forced(variant):
            for threads in (1, 2, 3):
                got = case(kind, n, threads)
                for i, (a, b) in enumerate(zip(got, expected, strict=True)):
                    assert same(a, b), f"output {i} of {n} on {threads} threads"


@every_case
def test_threads_of_the_portable_code(case: Case, longest: int) -> None:
    n = min(longest, 65)
    with variants.forced("portable"):
        expected = case("random", n, 1)
        for threads in (2, 3):
            assert all(map(same, case("random", n, threads), expected))


class Recorder:
    """Stands before the library and notes which functions are asked for."""

    def __init__(self, library: Any) -> None:
        self.library, self.names = library, set[str]()

    def __getattr__(self, name: str) -> Any:
        self.names.add(name)
        return getattr(self.library, name)


def test_every_operation_has_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(binding.lib)
    monkeypatch.setattr(binding, "lib", recorder)
    for case, _ in CASES:
        case("random", 1, 1)
    rows = re.findall(r"^ +OP\((\w+),", HEADER.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(rows) > 70
    assert [name for name in rows if f"zk_{name}" not in recorder.names] == []
