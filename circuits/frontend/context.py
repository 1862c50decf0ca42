"""What one compilation shares: interned coefficients, names and source locations, templates."""

from __future__ import annotations

import sys
from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from circuits.frontend.template import Template

Item = TypeVar("Item", bound=Hashable)
_FRONTEND_FOLDER = str(Path(__file__).resolve().parent)
_PROJECT_FOLDER = Path(__file__).resolve().parents[2]


class Interner(Generic[Item]):
    """Gives equal items equal small numbers."""

    def __init__(self) -> None:
        self.values: list[Item] = []
        self._ids: dict[Item, int] = {}

    def id(self, value: Item) -> int:
        """The number of `value`, assigned on first sight."""
        found = self._ids.get(value)
        if found is None:
            found = self._ids[value] = len(self.values)
            self.values.append(value)
        return found


class CoefficientTable(Interner[int]):
    """Deduplicated field elements; id 0 is the coefficient 1."""

    ONE = 0

    def __init__(self, modulus: int) -> None:
        super().__init__()
        self.modulus = modulus
        self.id(1)
        self._products: dict[tuple[int, int], int] = {}

    def product_id(self, left: int, right: int) -> int:
        """The id of the product of two coefficients given by id."""
        key = (left, right)
        found = self._products.get(key)
        if found is None:
            value = self.values[left] * self.values[right] % self.modulus
            found = self._products[key] = self.id(value)
        return found


class Location(NamedTuple):
    """A source line."""

    file: str
    line: int

    def __str__(self) -> str:
        path = Path(self.file)
        if path.is_relative_to(_PROJECT_FOLDER):
            path = path.relative_to(_PROJECT_FOLDER)
        return f"{path}:{self.line}"


class CompileContext:
    """Shared by the builder of a circuit and those of all its templates."""

    def __init__(self, modulus: int) -> None:
        self.modulus = modulus
        self.coefficients = CoefficientTable(modulus)
        self.names: Interner[str] = Interner()
        self.locations: Interner[Location] = Interner()
        self.templates: dict[Hashable, Template] = {}

    def caller_location(self) -> int:
        """The id of the innermost source line outside the frontend itself."""
        frame = sys._getframe(1)
        while frame.f_back is not None and frame.f_code.co_filename.startswith(_FRONTEND_FOLDER):
            frame = frame.f_back
        return self.locations.id(Location(frame.f_code.co_filename, frame.f_lineno))
