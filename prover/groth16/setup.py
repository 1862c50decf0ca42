"""Key generation by whoever knows the secrets: for development only.

Anyone who knows τ, α, β or δ can forge proofs. The key is marked, the mark travels into the
verification key, and chains outside the development list refuse it. For production see
`phase1.py` and `ceremony.py`.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from circuits.system.r1cs import R1CS
from native import api
from native.constants import FR_MODULUS, G1_GENERATOR, G2_GENERATOR
from prover.groth16 import qap
from prover.groth16.conversion import matrix_arrays
from prover.groth16.key_layout import Content, KeySizes
from prover.groth16.keys import ProvingKey, write_key
from prover.snarkjs.container import U32, U64

_CHUNK = 1 << 16  # points made at a time
_SEED_DOMAIN = b"tallystick.unsafe-dev-setup.v1"


@dataclass(frozen=True)
class ToxicWaste:
    """The secrets of a setup (γ = 1, as in every snarkjs key); never shown by `repr`."""

    tau: int
    alpha: int
    beta: int
    delta: int

    def __repr__(self) -> str:
        return "ToxicWaste(…)"

    @classmethod
    def random(cls) -> ToxicWaste:
        """Secrets from the operating system."""
        return cls(*(2 + secrets.randbelow(FR_MODULUS - 2) for _ in range(4)))

    @classmethod
    def from_seed(cls, seed: bytes) -> ToxicWaste:
        """The same secrets for the same seed: reproducible keys for tests and demonstrations."""
        hashes = (hashlib.sha512(_SEED_DOMAIN + bytes([i]) + seed).digest() for i in range(4))
        return cls(*(2 + int.from_bytes(h, "big") % (FR_MODULUS - 2) for h in hashes))


def unsafe_dev_setup(
    r1cs: R1CS, path: str | Path, *, seed: bytes | None = None, threads: int = 0
) -> ProvingKey:
    """Make a development key of a circuit with random or seeded secrets and write it to `path`."""
    waste = ToxicWaste.random() if seed is None else ToxicWaste.from_seed(seed)
    return _write(r1cs, waste, path, threads)


@dataclass(frozen=True, eq=False)
class _Scalars:
    """Discrete logarithms of the key's points, Montgomery, one a wire (or an odd root for h)."""

    u: U64
    v: U64
    k: U64  # (β·u + α·v + w) / γ for the public wires, / δ for the others
    h: U64


def _write(r1cs: R1CS, waste: ToxicWaste, path: str | Path, threads: int) -> ProvingKey:
    program = qap.from_r1cs(r1cs)
    scalars = _scalars(program, waste, threads)
    sections: dict[str, Content] = {
        **_header_points(waste),
        **_point_sections(program, scalars, threads),
        **matrix_arrays(A=program.a, B=program.b, C=program.c),
        "coefficients": program.coefficients,
    }
    sizes = KeySizes(
        r1cs.n_wires,
        r1cs.n_public,
        r1cs.n_constraints,
        program.log_domain,
        r1cs.digest(),
        development=True,
    )
    return write_key(path, sizes, sections)


def _scalars(program: qap.Qap, waste: ToxicWaste, threads: int) -> _Scalars:
    lagrange = qap.lagrange_values(waste.tau, program.log_domain)[: len(program.a.indptr) - 1]
    u, v, k = (
        qap.column_values(matrix, program.n_wires, program.coefficients, lagrange, threads=threads)
        for matrix in (program.a, program.b, program.c)
    )
    del lagrange
    inverse_delta = pow(waste.delta, -1, FR_MODULUS)
    first_private = program.n_public + 1
    for start in range(0, program.n_wires, _CHUNK):
        part = slice(start, start + _CHUNK)
        k[part] = api.fr_add(k[part], _scale(u[part], waste.beta))
        k[part] = api.fr_add(k[part], _scale(v[part], waste.alpha))
    k[first_private:] = _scale(k[first_private:], inverse_delta)
    h = _scale(qap.odd_lagrange_values(waste.tau, program.log_domain), inverse_delta)
    return _Scalars(u, v, k, h)


def _point_sections(program: qap.Qap, scalars: _Scalars, threads: int) -> dict[str, Content]:
    """The points are made chunk by chunk while they are written."""
    first_private = program.n_public + 1
    a_wires, b_wires = _nonzero(scalars.u), _nonzero(scalars.v)
    c_wires = _nonzero(scalars.k[first_private:]) + np.uint32(first_private)
    g1 = api.FixedBase(1, G1_GENERATOR, 5 * program.n_wires, threads)
    g2 = api.FixedBase(2, G2_GENERATOR, program.n_wires, threads)
    return {
        "ic": _points(g1, scalars.k, np.arange(first_private, dtype=np.uint32)),
        "a_wires": a_wires,
        "b_wires": b_wires,
        "c_wires": c_wires,
        "a": _points(g1, scalars.u, a_wires),
        "b2": _points(g2, scalars.v, b_wires),
        "c": _points(g1, scalars.k, c_wires),
        "b1": _points(g1, scalars.v, b_wires),
        "h": _points(g1, scalars.h, np.arange(len(scalars.h), dtype=np.uint32)),
    }


def _points(base: api.FixedBase, scalars: U64, chosen: U32) -> Iterator[U64]:
    """The chosen multiples of the base."""
    for start in range(0, len(chosen), _CHUNK):
        part = scalars[chosen[start : start + _CHUNK]]
        yield base.multiples(api.fr_from_montgomery(part))


def _header_points(waste: ToxicWaste) -> dict[str, NDArray[np.generic]]:
    g1 = api.canonical_from_ints([waste.alpha, waste.beta, waste.delta])
    g2 = api.canonical_from_ints([waste.beta, 1, waste.delta])
    alpha1, beta1, delta1 = api.g1_fixed_base_mul(G1_GENERATOR, g1)
    beta2, gamma2, delta2 = api.g2_fixed_base_mul(G2_GENERATOR, g2)
    named = {"alpha1": alpha1, "beta1": beta1, "delta1": delta1}
    named |= {"beta2": beta2, "gamma2": gamma2, "delta2": delta2}
    return {name: point[None, :] for name, point in named.items()}


def _scale(values: U64, factor: int) -> U64:
    return api.fr_mul(values, api.fr_from_ints([factor]))


def _nonzero(values: U64) -> U32:
    return np.flatnonzero(values.any(axis=1)).astype(np.uint32)
