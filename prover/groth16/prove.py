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

import numpy as np

from native import api
from native.constants import FR_MODULUS
from native.errors import UnsatisfiedError
from prover.backends.cpu import CpuBackend
from prover.backends.protocol import Backend
from prover.backends.self_check import ensure_checked
from prover.errors import SelfVerificationError
from prover.groth16.keys import ProvingKey
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


@dataclass(frozen=True, eq=False)
class _Sums:
    """The multi-scalar multiplications: over A, over B in G2, and over C, r·B in G1 and H."""

    a: U64
    b2: U64
    c_rb1_h: U64


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

    Raises UnsatisfiedError for a witness that does not (naming the first violated constraint when
    the key holds matrix C), ValueError for one of the wrong shape, SelfVerificationError when the
    finished proof does not verify: then the key is damaged or a kernel is wrong.
    """
    backend = backend or CpuBackend()
    ensure_checked(backend)
    phases = phases or Phases()
    check_witness(key, witness)
    with phases.measure("A·w, B·w"):
        a_values, b_values = _row_values(key, witness, backend, threads)
    with phases.measure("quotient"):
        h_scalars = backend.quotient(a_values, b_values, threads=threads)
    blinding = blinding or Blinding.random()
    sums = _sums(key, witness, h_scalars, blinding.r, backend, phases, threads)
    with phases.measure("assemble"):
        proof = _assemble(key, sums, blinding)
    with phases.measure("verify"):
        _verify(key, public_inputs(key, witness), proof)
    return proof


def public_inputs(key: ProvingKey, witness: U64) -> list[int]:
    """The values of the public wires."""
    return api.fr_to_ints(witness[1 : key.sizes.n_public + 1])


def memory_estimate(key: ProvingKey) -> int:
    """Bytes of memory that a proof takes at most: the mapped key, witness, and work space."""
    element = 32
    domain = 1 << key.sizes.log_domain
    witness = 3 * element * key.sizes.n_wires
    polynomials = 7 * element * domain
    buckets = 64 << 20
    return key.size_bytes + witness + polynomials + buckets


def check_witness(key: ProvingKey, witness: U64) -> None:
    """Refuse a witness of another shape, an unreduced value, or one whose constant is not 1."""
    expected = (key.sizes.n_wires, 4)
    if witness.shape != expected or witness.dtype != np.uint64:
        raise ValueError(f"witness is {witness.dtype} {witness.shape}, uint64 {expected} expected")
    if (index := api.fr_first_noncanonical(witness)) >= 0:
        raise ValueError(f"witness value {index} is not reduced modulo r")
    if api.fr_to_ints(witness[:1]) != [1]:
        raise UnsatisfiedError("witness value 0 must be the constant 1")


def _row_values(key: ProvingKey, witness: U64, backend: Backend, threads: int) -> tuple[U64, U64]:
    """A·w and B·w, padded with zeros to the domain."""
    table = key.coefficients
    values = {
        name: backend.matvec(matrix, table, witness, threads=threads)
        for name, matrix in key.matrices.items()
    }
    if "C" in values:
        _check_satisfied(key, values["A"], values["B"], values["C"])
    padding = ((0, (1 << key.sizes.log_domain) - key.sizes.n_rows), (0, 0))
    return np.pad(values["A"], padding), np.pad(values["B"], padding)


def _check_satisfied(key: ProvingKey, a: U64, b: U64, c: U64) -> None:
    violated = (api.fr_mul(a, b) != c).any(axis=1)[: key.sizes.n_constraints]
    if not violated.any():
        return
    index = int(np.argmax(violated))
    values = [api.fr_to_ints(v[index : index + 1])[0] for v in (a, b, c)]
    count = int(violated.sum())
    raise UnsatisfiedError(
        f"{count} of {key.sizes.n_constraints} constraints are violated, first constraint {index}:"
        f" A·w = {values[0]}, B·w = {values[1]}, C·w = {values[2]}"
    )


def _sums(
    key: ProvingKey,
    witness: U64,
    h_scalars: U64,
    r: int,
    backend: Backend,
    phases: Phases,
    threads: int,
) -> _Sums:
    """One sum takes C, B in G1 and H together, since they meet in the proof element C: three
    lists of points share the buckets of one."""
    scalars = api.fr_from_montgomery(witness)
    wires = {name: key.wires(f"{name}_wires") for name in "abc"}
    with phases.measure("MSM A"):
        a = backend.msm_g1(key.points("a"), scalars[wires["a"]], threads=threads)
    with phases.measure("MSM B2"):
        b2 = backend.msm_g2(key.points("b2"), scalars[wires["b"]], threads=threads)
    with phases.measure("MSM C, B1, H"):
        times_r = api.fr_mul(witness[wires["b"]], api.fr_from_ints([r]))
        parts = {"c": scalars[wires["c"]], "b1": api.fr_from_montgomery(times_r), "h": h_scalars}
        points, starts = key.span("c", "h")
        joined = np.zeros((len(points), 4), dtype=np.uint64)
        for name, values in parts.items():
            joined[starts[name] : starts[name] + len(values)] = values
        c_rb1_h = backend.msm_g1(points, joined, threads=threads)
    return _Sums(a, b2, c_rb1_h)


def _assemble(key: ProvingKey, sums: _Sums, blinding: Blinding) -> Proof:
    """r·B in G1 is Σ (r·wᵢ)·vᵢ(τ) + r·β + r·s·δ; its last term cancels −r·s·δ."""
    r, s = blinding.r, blinding.s
    delta1, delta2 = key.points("delta1")[0], key.points("delta2")[0]
    a = _combine_g1([(sums.a, 1), (key.points("alpha1")[0], 1), (delta1, r)])
    scalars = api.canonical_from_ints([1, 1, s])
    b2 = api.msm_g2(np.stack([sums.b2, key.points("beta2")[0], delta2]), scalars)
    c = _combine_g1([(sums.c_rb1_h, 1), (a, s), (key.points("beta1")[0], r)])
    return Proof(
        api.g1_to_ints(a) or (0, 0),
        api.g2_to_ints(b2) or ((0, 0), (0, 0)),
        api.g1_to_ints(c) or (0, 0),
    )


def _combine_g1(terms: list[tuple[U64, int]]) -> U64:
    points = np.stack([point for point, _ in terms])
    return api.msm_g1(points, api.canonical_from_ints([k % FR_MODULUS for _, k in terms]))


def _verify(key: ProvingKey, public: list[int], proof: Proof) -> None:
    try:
        valid = verify(key.verifying_key, public, proof)
    except MalformedProofError:  # a point off the curve: as wrong as can be
        valid = False
    if not valid:
        cause = "a kernel is wrong or the key is damaged"
        if not key.has_c():
            cause = f"the witness does not satisfy the circuit, or {cause}"
        raise SelfVerificationError(f"the proof does not verify and is withheld: {cause}")
