"""The contracts and their compiled artifacts."""

from __future__ import annotations

from verifier.contracts.artifact import Artifact, load_artifact

__all__ = ["Artifact", "load_artifact"]
