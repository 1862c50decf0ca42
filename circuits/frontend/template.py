"""`@template`: a gadget that is traced once for each shape and stamped at every call."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from circuits.frontend.builder import Builder
from circuits.frontend.context import CompileContext
from circuits.frontend.errors import CircuitError
from circuits.frontend.fragment import Fragment
from circuits.frontend.rows import Rows, RowsDraft
from circuits.frontend.stencil import Pattern, Stencil, specialise
from circuits.frontend.structure import Leaf, Shape, flatten, unflatten
from circuits.frontend.wire import ONE_WIRE, Wire

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


@dataclass
class Template:
    """A traced gadget: what it recorded, what it returns, its stencils by argument pattern."""

    fragment: Fragment
    outputs: Rows
    output_shape: Shape
    stencils: dict[Pattern, Stencil] = field(default_factory=dict)

    def stencil(self, pattern: Pattern, context: CompileContext) -> Stencil:
        """The specialisation for one argument pattern, made on first use."""
        found = self.stencils.get(pattern)
        if found is None:
            found = specialise(self.fragment, self.outputs, pattern, context.coefficients)
            self.stencils[pattern] = found
        return found


def template(
    gadget: Callable[Concatenate[Builder, Parameters], Result],
) -> Callable[Concatenate[Builder, Parameters], Result]:
    """Make a gadget a template.

    Positional arguments are wires (or ints, and nested lists, tuples and dataclasses of them);
    keyword arguments are static and hashable. The gadget runs once for each combination of
    argument shape and statics, in a builder of its own where every argument is a fresh wire, so
    constants passed by position are opaque inside: nothing is folded for them. Constraints are
    scoped under the gadget's name.
    """

    @wraps(gadget)
    def stamped(b: Builder, *arguments: Any, **statics: Any) -> Any:
        leaves, shape = flatten(arguments)
        traced = _traced(gadget, b.context, shape, len(leaves), statics)
        pattern, wires = _argument_pattern(b, leaves)
        stencil = traced.stencil(pattern, b.context)
        base = b.stamp(stencil, wires)
        outputs = _placed_outputs(b, stencil, wires, base)
        return unflatten(traced.output_shape, iter(outputs))

    return cast(Callable[Concatenate[Builder, Parameters], Result], stamped)


def _traced(
    gadget: Callable[..., Any],
    context: CompileContext,
    shape: Shape,
    n_leaves: int,
    statics: dict[str, Any],
) -> Template:
    key: Hashable = (gadget, shape, tuple(sorted(statics.items())))
    try:
        found = context.templates.get(key)
    except TypeError as error:
        raise CircuitError(f"{gadget.__name__}: keyword arguments must be hashable") from error
    if found is None:
        found = context.templates[key] = _trace(gadget, context, shape, n_leaves, statics)
    return found


def _trace(
    gadget: Callable[..., Any],
    context: CompileContext,
    shape: Shape,
    n_leaves: int,
    statics: dict[str, Any],
) -> Template:
    inner = Builder(context, name=gadget.__name__.lstrip("_"), n_formals=n_leaves)
    formals = [Wire(inner, {number: 1}) for number in range(1, n_leaves + 1)]
    result = gadget(inner, *unflatten(shape, iter(formals)), **statics)
    leaves, output_shape = flatten(result)
    outputs = RowsDraft(context.coefficients)
    for leaf in leaves:
        outputs.append(inner.wire(leaf).terms)
    return Template(inner.finish(), outputs.take(), output_shape)


def _argument_pattern(b: Builder, leaves: Sequence[Leaf]) -> tuple[Pattern, list[int]]:
    """The pattern of the arguments, and the caller's wires at its places 1, 2, …"""
    places = {ONE_WIRE: 0}

    def placed(wire: Wire) -> tuple[tuple[int, int], ...]:
        terms = wire.terms.items()
        return tuple((places.setdefault(number, len(places)), coef) for number, coef in terms)

    pattern = tuple(placed(b.wire(leaf)) for leaf in leaves)
    return pattern, list(places)[1:]


def _placed_outputs(b: Builder, stencil: Stencil, wires: list[int], base: int) -> list[Wire]:
    """The returned combinations in the caller's wires."""
    values = b.context.coefficients.values
    placed, start = [], 0
    local_wires, coefs = stencil.outputs.wires.tolist(), stencil.outputs.coefs.tolist()
    shift = base - 1 - stencil.n_places
    for length in stencil.outputs.lengths.tolist():
        terms: dict[int, int] = {}
        for position in range(start, start + length):
            local = local_wires[position]
            if local > stencil.n_places:
                wire = local + shift
            else:
                wire = wires[local - 1] if local else ONE_WIRE
            terms[wire] = values[coefs[position]]
        placed.append(Wire(b, terms))
        start += length
    return placed
