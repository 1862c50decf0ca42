"""The initial key from powers of tau: the bytes that snarkjs makes, and what is refused."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from circuits.system.r1cs import R1CS, SparseMatrix
from native import api
from native.constants import FR_MODULUS, G1_GENERATOR, G2_GENERATOR
from prover.errors import MalformedFileError
from prover.groth16.phase1 import hash_is_reproducible, initial_zkey, lagrange_points
from prover.snarkjs.container import U64
from prover.snarkjs.ptau import (
    ALPHA_G1,
    BETA_G1,
    BETA_G2,
    TAU_G1,
    TAU_G2,
    Ptau,
    read_ptau,
    write_ptau,
)
from prover.snarkjs.zkey import Zkey, write_zkey

KINDS = (TAU_G1, TAU_G2, ALPHA_G1, BETA_G1)


@pytest.fixture(scope="module")
def ptau(vectors: Path) -> Ptau:
    return read_ptau(vectors / "pot9.ptau")


def test_initial_key__is_that_of_snarkjs_byte_for_byte(
    chain_r1cs: R1CS, ptau: Ptau, vectors: Path, tmp_path: Path
) -> None:
    write_zkey(tmp_path / "initial.zkey", initial_zkey(chain_r1cs, ptau))
    assert (tmp_path / "initial.zkey").read_bytes() == (vectors / "chain_0.zkey").read_bytes()


def unprepared(ptau: Ptau, path: Path, change: dict[int, U64] | None = None) -> Ptau:
    """The same powers without Lagrange sections, some of them replaced."""
    powers = {kind: np.array(ptau.powers(kind)) for kind in (*KINDS, BETA_G2)}
    write_ptau(path, ptau.power, powers | (change or {}))
    return read_ptau(path)


def test_initial_key__from_an_unprepared_file_is_the_same(
    chain_r1cs: R1CS, ptau: Ptau, chain_zkey_0: Zkey, tmp_path: Path
) -> None:
    initial = initial_zkey(chain_r1cs, unprepared(ptau, tmp_path / "plain.ptau"))
    for name in ("a", "b1", "b2", "c", "h", "ic"):
        assert getattr(initial, name).tobytes() == getattr(chain_zkey_0, name).tobytes(), name
    assert initial.circuit_hash == chain_zkey_0.circuit_hash


@pytest.mark.parametrize("kind", KINDS)
def test_lagrange_points__of_all_sizes_are_those_of_the_prepared_file(
    ptau: Ptau, tmp_path: Path, kind: int
) -> None:
    plain = unprepared(ptau, tmp_path / "plain.ptau")
    largest = 10 if kind == TAU_G1 else 9
    for log_size in (0, 1, 5, largest):
        expected = ptau.lagrange(kind, log_size)
        assert lagrange_points(plain, kind, log_size).tobytes() == expected.tobytes()


def test_initial_key__too_small_a_file_names_the_power_needed(ptau: Ptau) -> None:
    n = 600
    empty = SparseMatrix(np.zeros(n + 1, np.uint32), np.zeros(0, np.uint32), np.zeros(0, np.uint32))
    large = R1CS(2, 1, 0, n, empty, empty, empty, api.fr_from_ints([1]))
    with pytest.raises(MalformedFileError, match=r"header: power 9 is too small: .* need power 10"):
        initial_zkey(large, ptau)


@pytest.mark.parametrize("kind", [TAU_G1, TAU_G2, ALPHA_G1, BETA_G1, BETA_G2])
def test_initial_key__powers_of_another_tau_are_refused(
    chain_r1cs: R1CS, ptau: Ptau, tmp_path: Path, kind: int
) -> None:
    points = np.array(ptau.powers(kind))
    generator = G1_GENERATOR if points.shape[1] == 8 else G2_GENERATOR
    points[len(points) // 4] = generator
    changed = unprepared(ptau, tmp_path / "changed.ptau", {kind: points})
    with pytest.raises(MalformedFileError, match=changed.name(kind)):
        initial_zkey(chain_r1cs, changed)


@pytest.mark.parametrize("kind", KINDS)
def test_initial_key__false_lagrange_points_are_refused(
    chain_r1cs: R1CS, ptau: Ptau, tmp_path: Path, kind: int
) -> None:
    lagrange = {k: all_lagrange(ptau, k) for k in KINDS}
    lagrange[kind][300] = lagrange[kind][301]
    powers = {k: np.array(ptau.powers(k)) for k in (*KINDS, BETA_G2)}
    write_ptau(tmp_path / "false.ptau", 9, powers, lagrange)
    with pytest.raises(MalformedFileError, match=r"Lagrange .*: size 2\^8 does not belong"):
        initial_zkey(chain_r1cs, read_ptau(tmp_path / "false.ptau"))


def all_lagrange(ptau: Ptau, kind: int) -> U64:
    top = 10 if kind == TAU_G1 else 9
    return np.concatenate([ptau.lagrange(kind, k) for k in range(top + 1)])


def test_initial_key__fits_a_file_of_exactly_its_power(
    chain_r1cs: R1CS, chain_zkey_0: Zkey, tmp_path: Path
) -> None:
    tau, alpha, beta = 987654321, 55555, 77777
    write_small_ptau(tmp_path / "pot8.ptau", 8, tau, alpha, beta)
    initial = initial_zkey(chain_r1cs, tmp_path / "pot8.ptau")
    assert initial.domain_size == 256
    assert (initial.a.any(axis=1) == chain_zkey_0.a.any(axis=1)).all()


def write_small_ptau(path: Path, power: int, tau: int, alpha: int, beta: int) -> None:
    """Powers of a known τ, unprepared."""
    n = 1 << power

    def g1(factor: int, count: int) -> U64:
        scalars = [factor * pow(tau, i, FR_MODULUS) % FR_MODULUS for i in range(count)]
        return api.g1_fixed_base_mul(G1_GENERATOR, api.canonical_from_ints(scalars))

    def g2(scalars: list[int]) -> U64:
        return api.g2_fixed_base_mul(G2_GENERATOR, api.canonical_from_ints(scalars))

    powers = {
        TAU_G1: g1(1, 2 * n - 1),
        TAU_G2: g2([pow(tau, i, FR_MODULUS) for i in range(n)]),
        ALPHA_G1: g1(alpha, n),
        BETA_G1: g1(beta, n),
        BETA_G2: g2([beta]),
    }
    write_ptau(path, power, powers)


def test_key_from_known_secrets__dev_setup_and_ptau_agree(chain_r1cs: R1CS, tmp_path: Path) -> None:
    """Scalars and group elements: two independent ways to the same A, B and C up to δ."""
    from prover.groth16 import setup

    waste = setup.ToxicWaste.from_seed(b"agree")
    write_small_ptau(tmp_path / "pot8.ptau", 8, waste.tau, waste.alpha, waste.beta)
    initial = initial_zkey(chain_r1cs, tmp_path / "pot8.ptau")
    key = setup.unsafe_dev_setup(chain_r1cs, tmp_path / "dev.key", seed=b"agree")
    assert key.points("a").tobytes() == initial.a[initial.a.any(axis=1)].tobytes()
    assert key.points("b2").tobytes() == initial.b2[initial.b2.any(axis=1)].tobytes()
    assert key.points("ic").tobytes() == initial.ic.tobytes()
    inverse = api.canonical_from_ints([pow(waste.delta, -1, FR_MODULUS)])
    divided = api.g1_mul(initial.h, np.repeat(inverse, 256, axis=0))
    # the largest basis differs in its unused last power, so compare the sums that proofs use
    weights = api.fr_from_montgomery(quotient_like_values(256))
    assert api.msm_g1(divided, weights).tobytes() == api.msm_g1(key.points("h"), weights).tobytes()


def quotient_like_values(n: int) -> U64:
    """h·t on the odd coset for a random h of degree n − 2: t is the constant −2 there."""
    rng = np.random.default_rng(7)
    h = api.fr_from_ints([int(x) for x in rng.integers(1, 2**60, n - 1)] + [0])
    return api.fr_mul(api.ntt_odd_coset(h), api.fr_from_ints([FR_MODULUS - 2]))


@pytest.mark.parametrize(("log_domain", "reproducible"), [(9, True), (14, True), (15, False)])
def test_circuit_hash__depends_on_the_powers_alone_unless_a_large_file_just_fits(
    ptau: Ptau, log_domain: int, reproducible: bool
) -> None:
    just_fitting = dataclasses.replace(ptau, power=log_domain)
    assert hash_is_reproducible(just_fitting, log_domain) == reproducible
    assert hash_is_reproducible(dataclasses.replace(ptau, power=log_domain + 1), log_domain)
