"""Deploys the test doubles of tests/verifier/contracts from their committed artifacts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from verifier.chain import Contract, Transport
from verifier.contracts import load_artifact

ARTIFACTS = Path(__file__).with_name("artifacts")


def deploy_double(chain: Transport, name: str, *arguments: Any) -> Contract:
    """A contract of the test suite on the chain."""
    artifact = load_artifact(name, ARTIFACTS)
    return Contract.deploy(chain, artifact, *arguments, sender=chain.accounts[0])[0]
