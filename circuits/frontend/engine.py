"""The test engine: runs and judges a circuit on plain ints, without keys or proofs.

`check`, `check_hints` and `check_unused` look for what the constraints leave open.
"""

from __future__ import annotations

from collections.abc import Sequence

from circuits.frontend.check import check, check_unused
from circuits.frontend.check_hints import check_hints
from circuits.frontend.compile import CompiledCircuit, InputValues
from circuits.frontend.errors import UnsatisfiedConstraint
from circuits.frontend.findings import Finding
from circuits.frontend.machine import Machine, TermRows, evaluated

__all__ = [
    "Finding",
    "assert_satisfied",
    "check",
    "check_hints",
    "check_unused",
    "is_satisfied",
    "run",
]


def run(compiled: CompiledCircuit, values: InputValues) -> list[int]:
    """All wire values for the named inputs."""
    return Machine(compiled).run(compiled.assign_ints(values))


def assert_satisfied(compiled: CompiledCircuit, witness: Sequence[int]) -> None:
    """Raise UnsatisfiedConstraint for the first constraint that the witness breaks."""
    modulus = compiled.modulus
    if len(witness) != compiled.n_wires:
        raise ValueError(f"the witness has {len(witness)} wires, want {compiled.n_wires}")
    if witness[0] != 1:
        raise ValueError(f"wire 0 is {witness[0]}, but it carries the constant 1")
    systems = (TermRows(m, compiled.coefficients) for m in (compiled.a, compiled.b, compiled.c))
    for index, rows in enumerate(zip(*systems, strict=True)):
        a, b, c = (evaluated(row, witness.__getitem__, modulus) for row in rows)
        if (a * b - c) % modulus:
            scope, source = compiled.constraint_place(index)
            raise UnsatisfiedConstraint(index, scope, source, (a, b, c))


def is_satisfied(compiled: CompiledCircuit, witness: Sequence[int]) -> bool:
    """Whether every constraint holds."""
    try:
        assert_satisfied(compiled, witness)
    except UnsatisfiedConstraint:
        return False
    return True
