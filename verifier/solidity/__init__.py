"""Verifier contracts as Solidity text, for any verification key."""

from __future__ import annotations

from verifier.solidity.generator import export_verifier, verifier_with_immutable_key

__all__ = ["export_verifier", "verifier_with_immutable_key"]
