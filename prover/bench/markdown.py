"""The README's tables, made from the JSON of the measurements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prover.bench.machine import is_busy, one_line

Document = dict[str, Any]
BEGIN = "<!-- measured: written by `tallystick bench report`, not by hand -->"
END = "<!-- end of measured -->"


def report(documents: Sequence[Document]) -> str:
    """One section a document, in the order given; ValueError for one of another kind."""
    return "\n\n".join(_section(document) for document in documents) + "\n"


def replace_section(text: str, section: str) -> str:
    """The text with everything between the two marks replaced; ValueError without them."""
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the marks {BEGIN} and {END} are not there")
    return f"{head}{BEGIN}\n\n{section.strip()}\n\n{END}{tail}"


def duration(seconds: float) -> str:
    """Three digits with a unit."""
    for unit, factor in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= factor:
            return f"{_three_digits(seconds / factor)} {unit}"
    return f"{_three_digits(seconds * 1e9)} ns"


def _three_digits(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _section(document: Document) -> str:
    makers = {"compare": _compare, "scale": _scale, "kernels": _kernels}
    kind = document.get("kind")
    if kind not in makers or document.get("schema") != 1:
        raise ValueError(f"no table for kind {kind!r}, schema {document.get('schema')!r}")
    return makers[kind](document)


def _intro(what: str, document: Document) -> str:
    machine = document["machine"]
    busy = f" The machine was busy (load {machine['load']})." if is_busy(machine) else ""
    return f"{what} {one_line(machine)}.{busy}"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---", *["---:"] * (len(columns) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (columns, rule, *rows))


def _compare(document: Document) -> str:
    rows = []
    for circuit in document["circuits"]:
        for prover in circuit["provers"]:
            head = (f"{circuit['name']} ({circuit['constraints']:,})", prover["name"])
            if prover["failure"]:
                rows.append((*head, "failed", *[""] * 5))
                continue
            low, high = duration(prover["min_s"]), duration(prover["max_s"])
            ratio = prover["ratio"]
            rows.append(
                (
                    *head,
                    duration(prover["median_s"]),
                    f"{low} to {high}",
                    duration(prover["median_cpu_s"]),
                    _mebibytes(prover["peak_resident_bytes"]),
                    _mebibytes(prover["peak_anonymous_bytes"]),
                    "" if ratio is None else f"{ratio:.2f}",
                )
            )
    threads = f"{document['threads']} threads" if document["threads"] else "all cores"
    intro = _intro(
        f"Whole processes on the same .zkey and .wtns, in turns, {document['repeat']} runs each,"
        f" {threads}; every proof was verified. Anonymous memory leaves mapped files out.",
        document,
    )
    columns = ("circuit", "prover", "median", "range", "CPU", "peak", "anonymous", "ratio")
    return f"{intro}\n\n{_table(columns, rows)}"


def _scale(document: Document) -> str:
    rows = [
        (
            f"2^{point['log_size']}",
            str(point["threads"]),
            duration(point["median_s"]),
            f"{duration(point['min_s'])} to {duration(point['max_s'])}",
            duration(point["floor_s"]),
            f"{point['median_s'] / point['floor_s']:.1f}",
        )
        for point in document["points"]
    ]
    intro = _intro(
        "From the witness in memory to the verified proof, key mapped,"
        f" {document['repeat']} proofs each; floor: the field multiplications alone,"
        f" {document['ns_a_multiplication']:.1f} ns each.",
        document,
    )
    columns = ("constraints", "threads", "median", "range", "floor", "× floor")
    return f"{intro}\n\n{_table(columns, rows)}"


def _kernels(document: Document) -> str:
    """One row a name, one column for each number of threads."""
    threads = list(dict.fromkeys(row["threads"] for row in document["rows"]))
    named: dict[str, dict[int, str]] = {}
    peaks: dict[str, str] = {}
    for row in document["rows"]:
        name = f"{row['name']}, {row['part']}" if row["part"] else row["name"]
        named.setdefault(name, {})[row["threads"]] = duration(row["median_s"])
        peaks[name] = _mebibytes(row["peak_resident_bytes"])
    rows = [(name, *(by.get(t, "") for t in threads), peaks[name]) for name, by in named.items()]
    columns = ("what", *(f"{t} thread{'s' * (t > 1)}" for t in threads), "peak memory")
    intro = _intro(f"Medians of {document['repeat']}.", document)
    return f"{intro}\n\n{_table(columns, rows)}"


def _mebibytes(size: int | None) -> str:
    return "" if size is None else f"{size / 2**20:.0f} MiB"
