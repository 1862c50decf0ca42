"""Implementations of the prover's heavy operations, one a file, all giving the same bytes."""

from __future__ import annotations

from prover.backends.cpu import CpuBackend
from prover.backends.protocol import Backend, Sum
from prover.backends.reference import ReferenceBackend

BACKENDS: dict[str, type[Backend]] = {"cpu": CpuBackend, "reference": ReferenceBackend}

__all__ = ["BACKENDS", "Backend", "CpuBackend", "ReferenceBackend", "Sum", "load_backend"]


def load_backend(name: str) -> Backend:
    """The backend of that name; ValueError lists the names there are."""
    if name not in BACKENDS:
        raise ValueError(f"no backend {name!r}: one of {', '.join(BACKENDS)}")
    return BACKENDS[name]()
