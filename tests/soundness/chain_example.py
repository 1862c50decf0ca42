"""The chain example of tests/vectors/snarkjs for the soundness tests of prover and verifier."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from circuits.system.r1cs import R1CS
from prover.snarkjs.container import U64
from prover.snarkjs.r1cs import read_r1cs
from prover.snarkjs.wtns import read_wtns
from prover.snarkjs.zkey import Zkey, read_zkey
from verifier.keys import VerifyingKey
from verifier.proof import Proof, read_public

VECTORS = Path(__file__).parents[1] / "vectors" / "snarkjs"


@cache
def key() -> VerifyingKey:
    return VerifyingKey.read(VECTORS / "verification_key.json")


@cache
def proof() -> Proof:
    return Proof.read(VECTORS / "proof.json")


def public() -> list[int]:
    return read_public(VECTORS / "public.json")


@cache
def r1cs() -> R1CS:
    return read_r1cs(VECTORS / "chain.r1cs").r1cs


@cache
def zkey(name: str = "chain.zkey") -> Zkey:
    return read_zkey(VECTORS / name)


def witness() -> U64:
    return read_wtns(VECTORS / "chain.wtns")
