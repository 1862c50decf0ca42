"""The initial key of a circuit from phase 1 (.ptau), as `snarkjs groth16 setup` makes it.

Its δ is the generator, so it must not be used before at least one contribution (`ceremony.py`).
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from circuits.system.r1cs import R1CS
from native import api
from native.constants import G1_GENERATOR, G2_GENERATOR
from prover.groth16.conversion import coefficient_records
from prover.groth16.group import (
    G1,
    G2,
    Group,
    column_sums,
    lagrange_from_powers,
    odd_lagrange_from_powers,
)
from prover.groth16.phase1_check import check_ptau
from prover.groth16.qap import Qap, from_r1cs
from prover.groth16.transcript import circuit_hash
from prover.snarkjs.container import U64
from prover.snarkjs.ptau import ALPHA_G1, BETA_G1, BETA_G2, TAU_G1, TAU_G2, Ptau, read_ptau
from prover.snarkjs.zkey import SETUP_ORDER, Zkey

_HASH_CHUNK = 1 << 14


def initial_zkey(r1cs: R1CS, ptau: Ptau | str | Path) -> Zkey:
    """The key before any contribution, with the hash that starts its transcript.

    Checks the powers of tau that it uses. A file that was not prepared for phase 2 is transformed
    here, which takes long for large circuits. `MalformedFileError` names the power needed when the
    file is too small.
    """
    ptau = ptau if isinstance(ptau, Ptau) else read_ptau(ptau)
    program = from_r1cs(r1cs)
    log_domain = program.log_domain
    if ptau.power < log_domain:
        rows = program.n_constraints + program.n_public + 1
        reason = f"power {ptau.power} is too small: {rows} rows need power {log_domain}"
        raise ptau.file.fail("header", reason)
    check_ptau(ptau, log_domain)
    zkey = _compose(program, ptau)
    return dataclasses.replace(
        zkey, circuit_hash=circuit_hash(zkey, _h_differences(ptau, log_domain))
    )


def lagrange_points(ptau: Ptau, kind: int, log_size: int) -> U64:
    """L_i(τ) of one section: from the prepared file, or transformed from its powers."""
    if ptau.has_lagrange(kind):
        return ptau.lagrange(kind, log_size)
    group: Group = G2 if kind == TAU_G2 else G1
    return lagrange_from_powers(group, _all_powers(group, ptau, kind, log_size))


def _odd_lagrange_points(ptau: Ptau, log_size: int) -> U64:
    """L_1(τ), L_3(τ), … of G1, half as many as the domain has elements."""
    if ptau.has_lagrange(TAU_G1):
        return np.array(ptau.lagrange(TAU_G1, log_size)[1::2])
    return odd_lagrange_from_powers(G1, _all_powers(G1, ptau, TAU_G1, log_size))


def _all_powers(group: Group, ptau: Ptau, kind: int, log_size: int) -> U64:
    """As many powers as the domain has elements; the largest size lacks its last one, which a
    quotient of low degree never needs."""
    powers = ptau.powers(kind)[: 1 << log_size]
    return np.concatenate([powers, group.infinity((1 << log_size) - len(powers))])


def _compose(program: Qap, ptau: Ptau) -> Zkey:
    k, n = program.log_domain, program.n_wires
    tau1, tau2, alpha, beta = (
        lagrange_points(ptau, kind, k) for kind in (TAU_G1, TAU_G2, ALPHA_G1, BETA_G1)
    )
    table = program.coefficients
    combined = [(program.a, beta), (program.b, alpha), (program.c, tau1)]
    ic_and_c = column_sums(G1, n, table, combined)
    return Zkey(
        n,
        program.n_public,
        1 << k,
        alpha1=np.array(ptau.powers(ALPHA_G1)[0]),
        beta1=np.array(ptau.powers(BETA_G1)[0]),
        beta2=np.array(ptau.powers(BETA_G2)[0]),
        gamma2=G2_GENERATOR,
        delta1=G1_GENERATOR,
        delta2=G2_GENERATOR,
        ic=ic_and_c[: program.n_public + 1],
        coefficients=coefficient_records(program.a, program.b, table),
        a=column_sums(G1, n, table, [(program.a, tau1)]),
        b1=column_sums(G1, n, table, [(program.b, tau1)]),
        b2=column_sums(G2, n, table, [(program.b, tau2)]),
        c=ic_and_c[program.n_public + 1 :],
        h=_odd_lagrange_points(ptau, k + 1),
        circuit_hash=bytes(64),
        order=SETUP_ORDER,
        source=ptau.source,
    )


def hash_is_reproducible(ptau: Ptau, log_domain: int) -> bool:
    """Whether snarkjs's circuit hash of a large circuit depends on the powers of tau alone.

    snarkjs reads the points under H in chunks of 2^14 and takes the last chunk one point too long.
    When the file just fits the circuit, that point is read from beyond the section's end.
    """
    return (1 << log_domain) <= _HASH_CHUNK or ptau.power > log_domain


def _h_differences(ptau: Ptau, log_domain: int) -> U64:
    """(τ^(n+i) − τ^i)·G1 for i < n − 1, and for i = n − 1 where snarkjs hashes one too many."""
    n = 1 << log_domain
    one_too_many = n > _HASH_CHUNK and hash_is_reproducible(ptau, log_domain)
    count = n if one_too_many else n - 1
    powers = np.array(ptau.powers(TAU_G1)[: n + count])
    return api.g1_add(powers[n:], api.g1_neg(powers[:count]))
