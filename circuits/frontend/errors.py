"""What can go wrong while a circuit is written, compiled or tested.

TallystickError
├── CircuitError              the circuit itself is wrong (its author must act)
└── UnsatisfiedError
    └── UnsatisfiedConstraint the circuit is fine, the witness breaks a constraint
"""

from __future__ import annotations

from native.errors import TallystickError, UnsatisfiedError


class CircuitError(TallystickError):
    """A circuit that cannot be compiled, or inputs that do not fit its declaration."""


class UnsatisfiedConstraint(UnsatisfiedError):
    """The first constraint that a witness breaks, with where it was written."""

    def __init__(self, index: int, scope: str, source: str, values: tuple[int, int, int]) -> None:
        self.index = index
        self.scope = scope
        self.source = source
        self.a, self.b, self.c = values
        super().__init__(
            f"constraint {index} in {scope or 'the top level'} ({source}) does not hold: "
            f"A = {self.a}, B = {self.b}, C = {self.c}, but A * B must equal C"
        )

    def __reduce__(self) -> tuple[type[UnsatisfiedConstraint], tuple[object, ...]]:
        """Keep the parts when the error crosses a process boundary."""
        return type(self), (self.index, self.scope, self.source, (self.a, self.b, self.c))
