"""Errors of the circuit file."""

from __future__ import annotations

from native.errors import MalformedError


class MalformedCircuitError(MalformedError):
    """A circuit file that is not what `write_circuit` writes; names file, section and reason."""
