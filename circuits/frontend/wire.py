"""Wires: immutable linear combinations over the variables of one circuit.

`+`, `-`, unary `-` and multiplication by an int are free. `a * b` of two wires that are
not constants is the one operator that adds a constraint (exactly one).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from circuits.frontend.builder import Builder

ONE_WIRE = 0
"""Wire 0 always carries the value 1, so its coefficient is the constant term."""


class Wire:
    """The value Σ coefficient · wire. `terms` maps wire numbers to coefficients in [1, modulus)."""

    __slots__ = ("builder", "terms")

    def __init__(self, builder: Builder, terms: dict[int, int]) -> None:
        self.builder = builder
        self.terms = terms

    @property
    def is_constant(self) -> bool:
        """Whether the value is known while the circuit is built."""
        return not self.terms or (len(self.terms) == 1 and ONE_WIRE in self.terms)

    @property
    def constant_value(self) -> int:
        """The value of a constant; ValueError for anything else."""
        if not self.is_constant:
            raise ValueError("this wire's value depends on the witness; it is not a constant")
        return self.terms.get(ONE_WIRE, 0)

    def scaled(self, factor: int) -> Wire:
        """factor · self."""
        modulus = self.builder.modulus
        factor %= modulus
        if factor == 0:
            return Wire(self.builder, {})
        if factor == 1:
            return self
        terms = {wire: coef * factor % modulus for wire, coef in self.terms.items()}
        return Wire(self.builder, terms)

    def __add__(self, other: Wire | int) -> Wire:
        return linear_sum(self.builder, (self, self.builder.wire(other)))

    __radd__ = __add__

    def __neg__(self) -> Wire:
        return self.scaled(-1)

    def __sub__(self, other: Wire | int) -> Wire:
        return self + (-self.builder.wire(other))

    def __rsub__(self, other: Wire | int) -> Wire:
        return self.builder.wire(other) + (-self)

    def __mul__(self, other: Wire | int) -> Wire:
        if isinstance(other, int):
            return self.scaled(other)
        return self.builder.multiply(self, other)

    __rmul__ = __mul__

    def __bool__(self) -> NoReturn:
        raise TypeError("a wire has no truth value while the circuit is built; use select()")

    def __repr__(self) -> str:
        shown = " + ".join(f"{coef}*w{wire}" for wire, coef in list(self.terms.items())[:6])
        return f"Wire({shown or 0}{' + …' if len(self.terms) > 6 else ''})"


def linear_sum(builder: Builder, wires: Iterable[Wire]) -> Wire:
    """Σ wires, in one pass (a chain of `+` copies the growing sum each time)."""
    modulus = builder.modulus
    terms: dict[int, int] = {}
    for wire in wires:
        builder.require_own(wire)
        if not terms:
            terms = dict(wire.terms)
            continue
        for variable, coef in wire.terms.items():
            total = (terms.get(variable, 0) + coef) % modulus
            if total:
                terms[variable] = total
            else:
                del terms[variable]
    return Wire(builder, terms)
