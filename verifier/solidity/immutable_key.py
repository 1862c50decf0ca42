"""The parts of the verifier contract that only the version with an immutable key has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from string import Template

_FOLDER = Path(__file__).parent


def errors() -> str:
    """The constructor's errors."""
    return _read("immutable_key_errors.sol.template")


def declarations(names: Sequence[str], n_public: int) -> str:
    """One immutable for each word of the key, and the constructor that checks and sets them."""
    immutables = "".join(f"    uint256 private immutable {name};\n" for name in names)
    assignments = "\n".join(f"        {name} = {_argument(name)};" for name in names)
    constructor = Template(_read("immutable_key.sol.template"))
    return immutables + constructor.substitute(n_ic=n_public + 1, assignments=assignments)


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _argument(name: str) -> str:
    """`BETA_X1` is `key.beta[0][0]`, `IC2_Y` is `key.ic[2][1]`."""
    point, coordinate = name.split("_")
    axis = "XY".index(coordinate[0])
    if point.startswith("IC"):
        return f"key.ic[{point[2:]}][{axis}]"
    half = "" if len(coordinate) == 1 else f"[{1 - int(coordinate[1])}]"
    return f"key.{point.lower()}[{axis}]{half}"
