"""The verification key: snarkjs JSON both ways, and the refusal of keys that accept forgeries."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from native.constants import FP_MODULUS
from verifier import pairing
from verifier.errors import DevelopmentKeyError, MalformedKeyError
from verifier.points import G1Point, G2Point, g1_problem, g2_problem
from verifier.strict_json import JsonDocument, read_text
from verifier.target_group import snarkjs_pairing

# Chains without value: ganache and geth --dev, hardhat and anvil.
DEVELOPMENT_CHAIN_IDS = frozenset({1337, 31337})
_DIGEST_DOMAIN = b"tallystick.verifying-key.v1"


@dataclass(frozen=True)
class VerifyingKey:
    """α in G1, β γ δ in G2 and one IC point for the constant and each public input.

    `development` marks a key whose setup secrets were made on one machine (an unsafe dev setup).
    """

    alpha: G1Point
    beta: G2Point
    gamma: G2Point
    delta: G2Point
    ic: tuple[G1Point, ...]
    development: bool = False

    @property
    def n_public(self) -> int:
        """How many public inputs a proof under this key has."""
        return len(self.ic) - 1

    def validate(self, source: str = "verification key") -> None:
        """Raise `MalformedKeyError` for γ = δ, infinity, and points off the curve or the subgroup.

        With γ = δ anyone can move the public inputs' share of the equation into C and so prove
        anything.
        """
        reason = _problem(self)
        if reason is not None:
            raise MalformedKeyError(source, *reason)

    def digest(self) -> bytes:
        """32 bytes that name the key: SHA-256 over its coordinates as 32-byte big-endian words."""
        g1 = [self.alpha, *self.ic]
        g2 = [self.beta, self.gamma, self.delta]
        words = [c for point in g1 for c in point]
        words += [c for point in g2 for half in point for c in half]
        data = b"".join(word.to_bytes(32, "big") for word in words)
        return hashlib.sha256(_DIGEST_DOMAIN + self.n_public.to_bytes(8, "big") + data).digest()

    def refuse_outside_development(self, chain_id: int) -> None:
        """Raise `DevelopmentKeyError` for a development key on a chain that is not on the list."""
        if self.development and chain_id not in DEVELOPMENT_CHAIN_IDS:
            allowed = ", ".join(str(i) for i in sorted(DEVELOPMENT_CHAIN_IDS))
            raise DevelopmentKeyError(
                f"development verification key on chain id {chain_id}: permitted only on {allowed};"
                " make a key by a ceremony"
            )

    def to_json(self) -> str:
        """The key as snarkjs writes it; a development key carries one member more."""
        product = snarkjs_pairing(pairing.pairing(self.alpha, self.beta))
        document: dict[str, Any] = {
            "protocol": "groth16",
            "curve": "bn128",
            "nPublic": self.n_public,
            "vk_alpha_1": _g1_json(self.alpha),
            "vk_beta_2": _g2_json(self.beta),
            "vk_gamma_2": _g2_json(self.gamma),
            "vk_delta_2": _g2_json(self.delta),
            "vk_alphabeta_12": [[[str(c) for c in fp2] for fp2 in fp6] for fp6 in product],
            "IC": [_g1_json(point) for point in self.ic],
        }
        if self.development:
            document["development"] = True
        return json.dumps(document, indent=1)

    @classmethod
    def from_json(cls, text: str | bytes, source: str = "verification key") -> VerifyingKey:
        """Strictly decode and validate snarkjs JSON (`vk_alphabeta_12` is derived, so ignored)."""
        document = JsonDocument(text, source, MalformedKeyError)
        document.constant("protocol", "groth16")
        document.constant("curve", "bn128")
        n_public = document.member("nPublic")
        if type(n_public) is not int or n_public < 0:
            raise document.fail("nPublic", "a non-negative number is expected")
        development = document.object().get("development", False)
        if type(development) is not bool:
            raise document.fail("development", "true or false is expected")
        points = document.items(document.member("IC"), "IC", n_public + 1)
        key = cls(
            document.g1(document.member("vk_alpha_1"), "vk_alpha_1", FP_MODULUS),
            document.g2(document.member("vk_beta_2"), "vk_beta_2", FP_MODULUS),
            document.g2(document.member("vk_gamma_2"), "vk_gamma_2", FP_MODULUS),
            document.g2(document.member("vk_delta_2"), "vk_delta_2", FP_MODULUS),
            tuple(document.g1(p, f"IC[{i}]", FP_MODULUS) for i, p in enumerate(points)),
            development,
        )
        key.validate(source)
        return key

    @classmethod
    def read(cls, path: str | Path) -> VerifyingKey:
        """Decode and validate a verification_key.json file."""
        return cls.from_json(read_text(path, MalformedKeyError), str(path))


@lru_cache(maxsize=64)
def _problem(key: VerifyingKey) -> tuple[str, str] | None:
    """(section, reason) of the first thing wrong; cached, since a key is checked at every proof."""
    if not key.ic:
        return "IC", "no points"
    if key.gamma == key.delta:
        return "vk_delta_2", "equals vk_gamma_2: such a key accepts forged proofs"
    checks: list[tuple[str, str | None]] = [
        ("vk_alpha_1", g1_problem(key.alpha)),
        ("vk_beta_2", g2_problem(key.beta)),
        ("vk_gamma_2", g2_problem(key.gamma)),
        ("vk_delta_2", g2_problem(key.delta)),
    ]
    checks += [(f"IC[{i}]", g1_problem(point)) for i, point in enumerate(key.ic)]
    return next(((section, reason) for section, reason in checks if reason is not None), None)


def _g1_json(point: G1Point) -> list[str]:
    return [str(point[0]), str(point[1]), "1"]


def _g2_json(point: G2Point) -> list[Sequence[str]]:
    return [[str(c) for c in point[0]], [str(c) for c in point[1]], ["1", "0"]]
