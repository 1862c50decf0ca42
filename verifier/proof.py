"""A Groth16 proof and its public inputs, in the JSON that snarkjs and rapidsnark write."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from native.constants import FP_MODULUS, FR_MODULUS
from verifier.errors import MalformedProofError
from verifier.points import G1Point, G2Point, g1_problem, g2_problem
from verifier.strict_json import JsonDocument, read_text


@dataclass(frozen=True)
class Proof:
    """(A, B, C) of the Groth16 paper as affine integers; `b` is ((x.c0, x.c1), (y.c0, y.c1)).

    Proofs are malleable: (−A, −B, C) proves the same statement. Never key anything on them.
    """

    a: G1Point
    b: G2Point
    c: G1Point

    def validate(self, source: str = "proof") -> None:
        """Raise `MalformedProofError` unless the points are finite members of their groups."""
        problems = {
            "pi_a": g1_problem(self.a),
            "pi_b": g2_problem(self.b),
            "pi_c": g1_problem(self.c),
        }
        for section, problem in problems.items():
            if problem is not None:
                raise MalformedProofError(source, section, problem)

    def to_json(self) -> str:
        """The proof as snarkjs writes it."""
        document = {
            "pi_a": [str(self.a[0]), str(self.a[1]), "1"],
            "pi_b": [[str(c) for c in self.b[0]], [str(c) for c in self.b[1]], ["1", "0"]],
            "pi_c": [str(self.c[0]), str(self.c[1]), "1"],
            "protocol": "groth16",
            "curve": "bn128",
        }
        return json.dumps(document, indent=1)

    @classmethod
    def from_json(cls, text: str | bytes, source: str = "proof") -> Proof:
        """Strictly decode snarkjs JSON; `MalformedProofError` names source, member and reason."""
        document = JsonDocument(text, source, MalformedProofError)
        document.constant("protocol", "groth16")
        if "curve" in document.object():  # rapidsnark leaves it out
            document.constant("curve", "bn128")
        proof = cls(
            document.g1(document.member("pi_a"), "pi_a", FP_MODULUS),
            document.g2(document.member("pi_b"), "pi_b", FP_MODULUS),
            document.g1(document.member("pi_c"), "pi_c", FP_MODULUS),
        )
        proof.validate(source)
        return proof

    @classmethod
    def read(cls, path: str | Path) -> Proof:
        """Decode a proof.json file."""
        return cls.from_json(read_text(path, MalformedProofError), str(path))

    def solidity_arguments(self) -> tuple[list[int], list[list[int]], list[int]]:
        """(a, b, c) in the order of the pairing precompile: the imaginary halves of G2 first."""
        (x0, x1), (y0, y1) = self.b
        return list(self.a), [[x1, x0], [y1, y0]], list(self.c)


def check_public_inputs(
    values: Sequence[int], expected: int | None = None, source: str = "public inputs"
) -> None:
    """Refuse values outside [0, r) (x and x + r must not name one statement), and a wrong count."""
    if expected is not None and len(values) != expected:
        raise MalformedProofError(source, "count", f"{expected} expected, found {len(values)}")
    for index, value in enumerate(values):
        if not 0 <= value < FR_MODULUS:
            raise MalformedProofError(source, f"[{index}]", f"{value} is not in [0, {FR_MODULUS})")


def public_to_json(values: Sequence[int]) -> str:
    """public.json: a list of decimal strings."""
    return json.dumps([str(value) for value in values], indent=1)


def public_from_json(text: str | bytes, source: str = "public") -> list[int]:
    """Strictly decode public.json; JSON numbers and values >= r are refused."""
    document = JsonDocument(text, source, MalformedProofError)
    items = document.items(document.value, "json")
    return [document.integer(item, f"[{i}]", FR_MODULUS) for i, item in enumerate(items)]


def read_public(path: str | Path) -> list[int]:
    """Decode a public.json file."""
    return public_from_json(read_text(path, MalformedProofError), str(path))
