"""Whether the part of a .ptau that a setup uses is what it claims to be.

Random linear combinations compress each section into two points that pairings compare: a false
section passes with probability about 2^-128. The contributions of phase 1 are not replayed
(`snarkjs powersoftau verify` does that); what is checked is that all sections belong to one τ, α
and β.
"""

from __future__ import annotations

import secrets

import numpy as np

from native import api
from native.constants import G1_GENERATOR, G2_GENERATOR
from prover.groth16.group import G1, G2, Group
from prover.snarkjs.checks import check_finite, check_g1, check_g2
from prover.snarkjs.container import U64
from prover.snarkjs.ptau import ALPHA_G1, BETA_G1, BETA_G2, TAU_G1, TAU_G2, Ptau


def check_ptau(ptau: Ptau, log_domain: int) -> None:
    """Check what a domain needs; `MalformedFileError` names the section."""
    n = 1 << log_domain
    tau_count = min(2 * n, len(ptau.powers(TAU_G1)))
    counts = {TAU_G1: tau_count, TAU_G2: n, ALPHA_G1: n, BETA_G1: n, BETA_G2: 1}
    points = {kind: ptau.powers(kind)[:count] for kind, count in counts.items()}
    for kind, section in points.items():
        check = check_g2 if kind in (TAU_G2, BETA_G2) else check_g1
        check(ptau.source, ptau.name(kind), section)
        check_finite(ptau.source, ptau.name(kind), section)
    _check_generators(ptau, points)
    _check_powers(ptau, points)
    for kind in (TAU_G1, TAU_G2, ALPHA_G1, BETA_G1):
        if ptau.has_lagrange(kind):
            _check_lagrange(ptau, kind, points[kind][:n], log_domain)
    if ptau.has_lagrange(TAU_G1):
        _check_lagrange(ptau, TAU_G1, points[TAU_G1], log_domain + 1)


def same_ratio(g1: U64, g1_multiple: U64, g2: U64, g2_multiple: U64) -> bool:
    """Whether the second G1 point is to the first as the second G2 point is to the first."""
    if not all(point.any() for point in (g1, g1_multiple, g2, g2_multiple)):
        return False
    negated = api.g1_neg(g1_multiple.reshape(1, 8))[0]
    return api.pairing_check(np.stack([g1, negated]), np.stack([g2_multiple, g2]))


def random_scalars(count: int) -> U64:
    """Canonical scalars of 128 random bits."""
    words = np.frombuffer(secrets.token_bytes(16 * count), dtype=np.uint64).reshape(count, 2)
    return np.pad(words, ((0, 0), (0, 2)))


def _check_generators(ptau: Ptau, points: dict[int, U64]) -> None:
    for kind, generator in ((TAU_G1, G1_GENERATOR), (TAU_G2, G2_GENERATOR)):
        if not np.array_equal(points[kind][0], generator):
            raise ptau.file.fail(ptau.name(kind), "point 0 is not the generator")
    beta1, beta2 = points[BETA_G1][0], points[BETA_G2][0]
    if not same_ratio(G1_GENERATOR, beta1, G2_GENERATOR, beta2):
        raise ptau.file.fail(ptau.name(BETA_G2), "β differs between G1 and G2")


def _check_powers(ptau: Ptau, points: dict[int, U64]) -> None:
    tau1, tau2 = points[TAU_G1][1], points[TAU_G2][1]
    for kind in (TAU_G1, ALPHA_G1, BETA_G1):
        lower, upper = _neighbours(G1, points[kind])
        if not same_ratio(lower, upper, G2_GENERATOR, tau2):
            raise ptau.file.fail(ptau.name(kind), "points are not powers of one τ")
    lower, upper = _neighbours(G2, points[TAU_G2])
    if not same_ratio(G1_GENERATOR, tau1, lower, upper):
        raise ptau.file.fail(ptau.name(TAU_G2), "points are not powers of the τ of G1")


def _neighbours(group: Group, points: U64) -> tuple[U64, U64]:
    """One random combination of all points but the last, and of all but the first."""
    scalars = random_scalars(len(points) - 1)
    lower = group.msm(np.array(points[:-1]), scalars)
    return lower, group.msm(np.array(points[1:]), scalars)


def _check_lagrange(ptau: Ptau, kind: int, powers: U64, log_size: int) -> None:
    """Σ rᵢ·Lᵢ(τ) is the polynomial with values rᵢ at τ, whose coefficients the powers evaluate."""
    group = G2 if kind == TAU_G2 else G1
    name = ptau.name(kind, lagrange=True)
    lagrange = ptau.lagrange(kind, log_size)
    check = check_g2 if kind == TAU_G2 else check_g1
    check(ptau.source, name, lagrange)
    values = random_scalars(len(lagrange))
    coefficients = api.fr_from_montgomery(api.ntt_inverse(api.fr_to_montgomery(values)))
    # the largest size of a file has one power less: it was transformed as infinity
    expected = group.msm(np.array(powers), coefficients[: len(powers)])
    if not np.array_equal(group.msm(np.array(lagrange), values), expected):
        raise ptau.file.fail(name, f"size 2^{log_size} does not belong to the powers of τ")
