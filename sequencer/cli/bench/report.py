"""`tallystick bench report`: Markdown tables from the JSON of other kinds."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from native.errors import MalformedError
from sequencer.cli.arguments import command
from sequencer.cli.console import Console


def add_parser(kinds: Any) -> None:
    """Register the kind."""
    parser = command(
        kinds,
        "report",
        run,
        summary="make the README's tables from measured JSON files",
        example="tallystick bench report compare.json kernels.json --into README.md",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="F.json", help="what was measured")
    parser.add_argument(
        "--into", type=Path, metavar="README.md", help="replace the measured section of this file"
    )


def run(args: argparse.Namespace, console: Console) -> int:
    """Print the tables, or put them where the marks are."""
    from prover.bench.markdown import replace_section, report

    documents = [_read(path) for path in args.files]
    try:
        text = report(documents)
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedError(str(args.files[0]), "json", f"not a measurement: {error}") from error
    if args.into is None:
        console.line(text)
    else:
        try:
            whole = replace_section(args.into.read_text(encoding="utf-8"), text)
        except ValueError as error:
            raise MalformedError(str(args.into), "marks", str(error)) from error
        args.into.write_text(whole, encoding="utf-8")
        console.line(f"{args.into}: tables of {len(documents)} measurements")
    console.result({"markdown": text})
    return 0


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise MalformedError(str(path), "json", str(error)) from error
    if not isinstance(document, dict):
        raise MalformedError(str(path), "json", "not an object")
    return document
