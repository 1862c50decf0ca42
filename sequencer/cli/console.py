"""What a person sees: plain lines, progress bars on a terminal, tables, and JSON on request."""

from __future__ import annotations

import json
import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console as RichConsole
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

WIDTH_IN_FILES = 200  # columns of a table that no terminal limits


def visible(text: str) -> str:
    """The text with every character that a terminal would obey instead of showing written out.

    What nodes and contracts say in their errors is printed, too, and may be made to deceive.
    """
    return "".join(
        character if _is_shown(character) else ascii(character)[1:-1] for character in text
    )


def _is_shown(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs")


class Console:
    """Standard output for people; `json_target` is None, "-" (standard output) or a file name.

    With JSON on standard output the human text moves to standard error, so that pipes stay clean.
    """

    def __init__(self, json_target: str | None = None) -> None:
        self.json_target = json_target
        stream = sys.stderr if json_target == "-" else sys.stdout
        width = None if stream.isatty() else WIDTH_IN_FILES
        self._rich = RichConsole(file=stream, highlight=False, soft_wrap=True, width=width)

    def line(self, text: str = "") -> None:
        """Print one line, as it stands (square brackets are not markup)."""
        self._rich.print(visible(text), markup=False)

    def heading(self, text: str) -> None:
        """Print a title between the acts of a longer command."""
        self._rich.print(f"\n{text}", style="bold", markup=False)

    def error(self, text: str) -> None:
        """Print one error line to standard error."""
        print(f"tallystick: {visible(text)}", file=sys.stderr)

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print a table; the first column is left-aligned, the others right-aligned."""
        table = Table(title=title, title_justify="left", title_style="bold")
        for position, column in enumerate(columns):
            table.add_column(column, justify="left" if position == 0 else "right", no_wrap=True)
        for row in rows:
            table.add_row(*row)
        self._rich.print(table)

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        """Time a longer step: a moving bar on a terminal, then one plain line with seconds."""
        started = time.perf_counter()
        with self.busy(label):
            yield
        self.line(f"  {label}: {time.perf_counter() - started:.2f} s")

    @contextmanager
    def busy(self, label: str) -> Iterator[None]:
        """A moving bar while the body runs, on a terminal; elsewhere nothing."""
        if not self._rich.is_terminal:
            yield
            return
        columns = (TextColumn("  {task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._rich, transient=True) as progress:
            progress.add_task(label, total=None)
            yield

    def result(self, value: dict[str, Any]) -> None:
        """Write the command's result as JSON where `--json` asked for it; integers as given."""
        if self.json_target is None:
            return
        text = json.dumps(value, indent=2, sort_keys=True) + "\n"
        if self.json_target == "-":
            sys.stdout.write(text)
        else:
            Path(self.json_target).write_text(text, encoding="utf-8")
