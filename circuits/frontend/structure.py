"""Flatten what gadgets take and return (nested lists, tuples, dataclasses of wires) and back."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from circuits.frontend.errors import CircuitError
from circuits.frontend.wire import Wire

Leaf = Wire | int
Shape = tuple[Hashable, ...]

_LEAF: Shape = ("wire",)
_NONE: Shape = ("none",)


def flatten(value: object) -> tuple[list[Leaf], Shape]:
    """The wires inside `value`, in order, and a hashable shape to rebuild it with."""
    leaves: list[Leaf] = []
    return leaves, _shape(value, leaves)


def unflatten(shape: Shape, leaves: Iterator[Wire]) -> Any:
    """The inverse of `flatten`."""
    kind = shape[0]
    if kind == "wire":
        return next(leaves)
    if kind == "none":
        return None
    children = [unflatten(child, leaves) for child in shape[2:]]  # type: ignore[arg-type]
    if kind == "list":
        return children
    if kind == "tuple":
        return tuple(children)
    record: Any = shape[1]
    return record(*children)


def _shape(value: object, leaves: list[Leaf]) -> Shape:
    if isinstance(value, Wire) or (isinstance(value, int) and not isinstance(value, bool)):
        leaves.append(value)
        return _LEAF
    if value is None:
        return _NONE
    if isinstance(value, list):
        return ("list", None, *(_shape(item, leaves) for item in value))
    if isinstance(value, tuple):
        kind = type(value) if hasattr(value, "_fields") else None
        children = tuple(_shape(item, leaves) for item in value)
        return ("record", kind, *children) if kind else ("tuple", None, *children)
    if is_dataclass(value) and not isinstance(value, type):
        parts = (getattr(value, field.name) for field in fields(value) if field.init)
        return ("record", type(value), *(_shape(part, leaves) for part in parts))
    raise CircuitError(
        f"a template takes and returns wires, ints, lists, tuples and dataclasses of them, not "
        f"{type(value).__name__}; pass static parameters by keyword"
    )
