""".sym: one line a signal, `label,wire,component,name`; wire is -1 where it was optimised away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from prover.errors import MalformedFileError
from prover.snarkjs.container import map_file

_LINE = re.compile(r"(\d{1,18}),(-1|\d{1,18}),(\d{1,18}),([^,\s]{1,4096})", re.ASCII)


@dataclass(frozen=True)
class Symbol:
    """One named signal of a circuit."""

    label: int
    wire: int
    component: int
    name: str


def read_sym(path: str | Path) -> list[Symbol]:
    """All symbols in file order."""
    try:
        text = map_file(path).tobytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedFileError(str(path), "file", f"not UTF-8: {error}") from error
    return [_parse(str(path), i, line) for i, line in enumerate(text.splitlines(), 1)]


def write_sym(path: str | Path, symbols: Iterable[Symbol]) -> None:
    """Write symbols, one a line."""
    lines = (f"{s.label},{s.wire},{s.component},{s.name}\n" for s in symbols)
    Path(path).write_text("".join(lines), encoding="utf-8")


def _parse(source: str, number: int, line: str) -> Symbol:
    match = _LINE.fullmatch(line)
    if match is None:
        raise MalformedFileError(
            source, f"line {number}", f"label,wire,component,name: {line!r:.80}"
        )
    return Symbol(int(match[1]), int(match[2]), int(match[3]), match[4])
