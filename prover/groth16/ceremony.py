"""Phase 2 of a setup: contributions to a circuit's key and their verification.

Each contributor multiplies δ by a secret factor d and divides the C and H points by it, then proves
knowledge of d: a random point s, s·d in G1, and hash(transcript)·d in G2 stand in one ratio. The
key is sound as long as one contributor forgot his factor. Files and transcripts are those of
`snarkjs zkey contribute`, `zkey beacon` and `zkey verify`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from circuits.system.r1cs import R1CS
from native import api
from native.constants import FR_MODULUS, G1_GENERATOR, G2_GENERATOR
from prover.groth16.generator import Generator, beacon_generator
from prover.groth16.group import G1
from prover.groth16.phase1 import hash_is_reproducible, initial_zkey
from prover.groth16.phase1_check import random_scalars, same_ratio
from prover.groth16.transcript import transcript
from prover.snarkjs.container import U64
from prover.snarkjs.contributions import BEACON, PLAIN, Contribution, Parameters
from prover.snarkjs.ptau import Ptau, read_ptau
from prover.snarkjs.zkey import CONTRIBUTION_ORDER, Zkey

_SAME_POINTS = ("alpha1", "beta1", "beta2", "gamma2")
_SAME_SECTIONS = ("ic", "coefficients", "a", "b1", "b2")


@dataclass(frozen=True)
class Verdict:
    """True, or false with the reason."""

    problem: str | None = None

    def __bool__(self) -> bool:
        return self.problem is None


def contribute(zkey: Zkey, name: str | None = None, *, entropy: bytes = b"") -> Zkey:
    """Multiply δ by a secret that is forgotten on return; `entropy` is mixed into the system's."""
    seed = hashlib.blake2b(secrets.token_bytes(64) + entropy).digest()
    return _apply(zkey, Generator(seed), PLAIN, Parameters(name))


def apply_beacon(
    zkey: Zkey, beacon_hash: bytes, log_iterations: int, name: str | None = None
) -> Zkey:
    """Finish a ceremony with public randomness that nobody could foresee (and everybody knows)."""
    if not 10 <= log_iterations <= 63 or not 1 <= len(beacon_hash) <= 255:
        raise ValueError("a beacon has 2^10 to 2^63 iterations and 1 to 255 bytes of hash")
    generator = beacon_generator(beacon_hash, log_iterations)
    return _apply(zkey, generator, BEACON, Parameters(name, log_iterations, beacon_hash))


def verify_ceremony(r1cs: R1CS, ptau: Ptau | str | Path, zkey: Zkey) -> Verdict:
    """Whether a key belongs to the circuit and the .ptau, and every contribution is honest."""
    ptau = ptau if isinstance(ptau, Ptau) else read_ptau(ptau)
    initial = initial_zkey(r1cs, ptau)
    if not hash_is_reproducible(ptau, initial.domain_size.bit_length() - 1):
        # the hash only seeds the transcript: whatever it was, all else is compared
        initial = dataclasses.replace(initial, circuit_hash=zkey.circuit_hash)
    return verify_contributions(initial, zkey)


def verify_contributions(initial: Zkey, final: Zkey) -> Verdict:
    """Whether `final` comes from the trusted `initial` by the contributions that it lists.

    At least one contribution is required: before it, δ = γ and proofs can be forged.
    """
    problem = (
        _structure_problem(initial, final)
        or _contributions_problem(final)
        or _division_problem(initial, final)
    )
    return Verdict(problem)


def _apply(zkey: Zkey, generator: Generator, kind: int, parameters: Parameters) -> Zkey:
    factor = generator.element(FR_MODULUS)
    g1_s = api.g1_from_ints(generator.g1())
    g1_sx = _times(g1_s, factor)
    challenge = transcript(zkey.circuit_hash, zkey.contributions, g1_s, g1_sx)
    g2_sp = api.g2_from_ints(Generator(challenge).g2())
    delta1 = _times(zkey.delta1, factor)
    contribution = Contribution(
        delta1, g1_s, g1_sx, _times(g2_sp, factor), challenge, kind, parameters
    )
    inverse = pow(factor, -1, FR_MODULUS)
    return dataclasses.replace(
        zkey,
        delta1=delta1,
        delta2=_times(zkey.delta2, factor),
        c=G1.scale_all(zkey.c, inverse),
        h=G1.scale_all(zkey.h, inverse),
        contributions=(*zkey.contributions, contribution),
        order=CONTRIBUTION_ORDER,
    )


def _times(point: U64, factor: int) -> U64:
    multiply = api.g1_mul if len(point) == 8 else api.g2_mul
    product: U64 = multiply(point[None, :], api.canonical_from_ints([factor]))[0]
    return product


def _structure_problem(initial: Zkey, final: Zkey) -> str | None:
    sizes = [(z.n_wires, z.n_public, z.domain_size) for z in (initial, final)]
    if sizes[0] != sizes[1]:
        return "the sizes of the circuit differ"
    for name in (*_SAME_POINTS, *_SAME_SECTIONS):
        if (
            np.asarray(getattr(initial, name)).tobytes()
            != np.asarray(getattr(final, name)).tobytes()
        ):
            return f"{name} differs from the initial key"
    if initial.circuit_hash != final.circuit_hash:
        return "the circuit hash differs"
    return None if final.contributions else "there is no contribution"


def _contributions_problem(final: Zkey) -> str | None:
    delta = G1_GENERATOR
    for index, contribution in enumerate(final.contributions):
        problem = _contribution_problem(final, index, delta)
        if problem is not None:
            return f"contribution {index + 1}: {problem}"
        delta = contribution.delta_after
    if not np.array_equal(delta, final.delta1):
        return "delta1 is not that of the last contribution"
    if not same_ratio(G1_GENERATOR, final.delta1, G2_GENERATOR, final.delta2):
        return "delta2 does not match delta1"
    return None


def _contribution_problem(final: Zkey, index: int, delta_before: U64) -> str | None:
    c = final.contributions[index]
    earlier = final.contributions[:index]
    if c.transcript != transcript(final.circuit_hash, earlier, c.g1_s, c.g1_sx):
        return "the transcript is inconsistent"
    g2_sp = api.g2_from_ints(Generator(c.transcript).g2())
    if not same_ratio(c.g1_s, c.g1_sx, g2_sp, c.g2_spx):
        return "the proof of knowledge is false"
    if not same_ratio(delta_before, c.delta_after, g2_sp, c.g2_spx):
        return "delta was changed by another factor than the proved one"
    return _beacon_problem(c) if c.kind == BEACON else None


def _beacon_problem(contribution: Contribution) -> str | None:
    parameters = contribution.parameters
    if parameters.beacon_hash is None or parameters.log_iterations is None:
        return "the beacon's parameters are missing"
    generator = beacon_generator(parameters.beacon_hash, parameters.log_iterations)
    factor = generator.element(FR_MODULUS)
    g1_s = api.g1_from_ints(generator.g1())
    honest = np.array_equal(g1_s, contribution.g1_s)
    honest = honest and np.array_equal(_times(g1_s, factor), contribution.g1_sx)
    return None if honest else "the key is not that of the beacon"


def _division_problem(initial: Zkey, final: Zkey) -> str | None:
    """C and H of both keys stand in the inverse ratio of their δ."""
    for name in ("c", "h"):
        before, after = (np.array(getattr(z, name)) for z in (initial, final))
        if not before.any() and not after.any():
            continue
        scalars = random_scalars(len(before))
        sums = G1.msm(after, scalars), G1.msm(before, scalars)
        if not same_ratio(sums[0], sums[1], initial.delta2, final.delta2):
            return f"section {name.upper()} was not divided by delta"
    return None
