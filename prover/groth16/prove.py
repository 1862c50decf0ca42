"""Proving, in the names of the Groth16 paper.

    A = α + Σ wᵢ·uᵢ(τ) + r·δ          B = β + Σ wᵢ·vᵢ(τ) + s·δ
    C = Σ_{private} wᵢ·(β·uᵢ + α·vᵢ + w̄ᵢ)(τ)/δ + h(τ)·t(τ)/δ + s·A + r·B − r·s·δ

h·t, of degree below 2n − 1, is fixed by its values a·b − c on the odd coset, since it vanishes on
the domain itself; the key's H points are the odd half of the Lagrange basis of size 2n, over δ.
So no polynomial division takes place.

r and s are fresh for every proof: they make it zero-knowledge. No proof leaves this module unless
it verifies.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import reduce
from typing import NoReturn

import numpy as np

from circuits.system.r1cs import SparseMatrix
from native import api
from native.binding import empty
from native.constants import FR_MODULUS
from native.errors import UnsatisfiedError
from prover.backends.cpu import CpuBackend
from prover.backends.protocol import Backend
from prover.backends.self_check import ensure_checked
from prover.errors import SelfVerificationError
from prover.groth16.keys import ProvingKey
from prover.groth16.scalars import ProofScalars
from prover.phases import Phases
from prover.snarkjs.container import U64
from verifier.errors import MalformedProofError
from verifier.groth16 import verify
from verifier.proof import Proof


@dataclass(frozen=True)
class Blinding:
    """The two random scalars of a proof; fix them only in tests."""

    r: int
    s: int

    @classmethod
    def random(cls) -> Blinding:
        """Fresh scalars from the operating system."""
        return cls(secrets.randbelow(FR_MODULUS), secrets.randbelow(FR_MODULUS))


def prove(
    key: ProvingKey,
    witness: U64,
    *,
    backend: Backend | None = None,
    blinding: Blinding | None = None,
    threads: int = 0,
    phases: Phases | None = None,
) -> Proof:
    """Prove that `witness` (wires × 4, Montgomery) satisfies the key's circuit.

    The finished proof is verified; when it does not verify, UnsatisfiedError names the first
    constraint that the witness violates, if the key holds matrix C and there is one. If not, the
    key is damaged or a kernel is wrong: SelfVerificationError. ValueError for a witness of the
    wrong shape or with an unreduced value.
    """
    backend = backend or CpuBackend()
    ensure_checked(backend)
    phases = phases or Phases()
    check_witness(key, witness, threads=threads)
    blinding = blinding or Blinding.random()
    scalars = ProofScalars(key)
    _fill_h(scalars.h, key, witness, backend, phases, threads)
    with phases.measure("scalars"):
        scalars.fill(witness, blinding.r, threads=threads)
    with phases.measure("sums"):
        sums: list[U64] = []
        for batch in scalars.batches(threads=threads):
            sums += backend.sums(batch, threads=threads)
    with phases.measure("assemble"):
        proof = _assemble(key, sums, blinding)
    with phases.measure("verify"):
        valid = _verifies(key, public_inputs(key, witness), proof)
    if not valid:
        _explain(key, witness, backend, threads)
    return proof


def public_inputs(key: ProvingKey, witness: U64) -> list[int]:
    """The values of the public wires."""
    return api.fr_to_ints(witness[1 : key.sizes.n_public + 1])


def check_witness(key: ProvingKey, witness: U64, *, threads: int = 0) -> None:
    """Refuse a witness of another shape, an unreduced value, or one whose constant is not 1."""
    expected = (key.sizes.n_wires, 4)
    if witness.shape != expected or witness.dtype != np.uint64:
        raise ValueError(f"witness is {witness.dtype} {witness.shape}, uint64 {expected} expected")
    if (index := api.first_noncanonical(witness, threads=threads)) >= 0:
        raise ValueError(f"witness value {index} is not reduced modulo r")
    if api.fr_to_ints(witness[:1]) != [1]:
        raise UnsatisfiedError("witness value 0 must be the constant 1")


def _fill_h(
    h: U64, key: ProvingKey, witness: U64, backend: Backend, phases: Phases, threads: int
) -> None:
    """The quotient's values, which are the scalars of the key's H points."""
    with phases.measure("A·w, B·w"):
        a, b = (
            _row_values(key, matrix, witness, backend, threads) for matrix in key.matrices.values()
        )
    with phases.measure("quotient"):
        backend.quotient(h, a, b, threads=threads)


def _row_values(
    key: ProvingKey, matrix: SparseMatrix, witness: U64, backend: Backend, threads: int
) -> U64:
    """M·w, padded with zeros to the domain."""
    values = empty(1 << key.sizes.log_domain, 4)
    rows = key.sizes.n_rows
    backend.matvec(values[:rows], matrix, key.coefficients, witness, threads=threads)
    values[rows:] = 0
    return values


def _assemble(key: ProvingKey, sums: list[U64], blinding: Blinding) -> Proof:
    """r·B in G1 is Σ (r·wᵢ)·vᵢ(τ) + r·β + r·s·δ; its last term cancels −r·s·δ."""
    r, s = api.canonical_from_ints([blinding.r % FR_MODULUS, blinding.s % FR_MODULUS])
    sum_a, sum_b2, sum_c = (point[None, :] for point in sums)
    delta1_beta1 = np.concatenate([key.points("delta1"), key.points("beta1")])
    r_delta1, r_beta1 = np.split(api.g1_mul(delta1_beta1, np.stack([r, r])), 2)
    s_delta2 = api.g2_mul(key.points("delta2"), s[None, :])
    a = reduce(api.g1_add, [sum_a, key.points("alpha1"), r_delta1])
    b2 = reduce(api.g2_add, [sum_b2, key.points("beta2"), s_delta2])
    c = reduce(api.g1_add, [sum_c, api.g1_mul(a, s[None, :]), r_beta1])
    return Proof(
        api.g1_to_ints(a) or (0, 0),
        api.g2_to_ints(b2) or ((0, 0), (0, 0)),
        api.g1_to_ints(c) or (0, 0),
    )


def _verifies(key: ProvingKey, public: list[int], proof: Proof) -> bool:
    try:
        return verify(key.verifying_key, public, proof)
    except MalformedProofError:  # a point off the curve: as wrong as can be
        return False


def _explain(key: ProvingKey, witness: U64, backend: Backend, threads: int) -> NoReturn:
    """Raise for a proof that does not verify. A false witness is the likely cause, and only now is
    the largest matrix worth the look."""
    cause = "a kernel is wrong or the key is damaged"
    if key.matrix_c is None:
        cause = f"the witness does not satisfy the circuit, or {cause}"
    else:
        _check_satisfied(key, key.matrix_c, witness, backend, threads)
    raise SelfVerificationError(f"the proof does not verify and is withheld: {cause}")


def _check_satisfied(
    key: ProvingKey, matrix_c: SparseMatrix, witness: U64, backend: Backend, threads: int
) -> None:
    """Raise UnsatisfiedError for a witness that violates a constraint."""
    count = key.sizes.n_constraints
    a, b, c = (
        _row_values(key, matrix, witness, backend, threads)[:count]
        for matrix in (*key.matrices.values(), matrix_c)
    )
    index, violated = api.violations(a, b, c, threads=threads)
    if index < 0:
        return
    values = [api.fr_to_ints(v[index : index + 1])[0] for v in (a, b, c)]
    raise UnsatisfiedError(
        f"{violated} of {count} constraints are violated, first constraint {index}:"
        f" A·w = {values[0]}, B·w = {values[1]}, C·w = {values[2]}"
    )
