"""The plots of the measurements, drawn from their JSON."""

from __future__ import annotations

from typing import Any

from prover.bench.machine import one_line
from prover.bench.svg import Bar, Series, bar_chart, line_chart

Document = dict[str, Any]


def comparison_plot(document: Document) -> str:
    """Bars for one circuit; for several a line a prover, over the constraints."""
    circuits = document["circuits"]
    if len(circuits) == 1:
        return _bars(circuits[0], document)
    lines: dict[str, list[tuple[float, float]]] = {}
    ours = set()
    for circuit in circuits:
        for prover in circuit["provers"]:
            if prover["median_s"] is not None:
                place = (circuit["constraints"], prover["median_s"])
                lines.setdefault(prover["name"], []).append(place)
                ours |= {prover["name"]} if prover["ours"] else set()
    series = [Series(name, sorted(points), name in ours) for name, points in lines.items()]
    return line_chart(
        f"Groth16 proofs, medians of {_runs(document)}",
        one_line(document["machine"]),
        "constraints",
        "seconds a proof",
        series,
    )


def _bars(circuit: Document, document: Document) -> str:
    bars = [
        Bar(
            prover["name"],
            prover["median_s"],
            prover["min_s"],
            prover["max_s"],
            f"{prover['median_s']:.3g} s" + _times(prover),
            prover["ours"],
        )
        for prover in circuit["provers"]
        if prover["median_s"] is not None
    ]
    title = f"{circuit['name']}: {circuit['constraints']:,} constraints"
    subtitle = one_line(document["machine"])
    axis = f"seconds a proof, median and range of {_runs(document)}"
    return bar_chart(title, subtitle, axis, bars or [Bar("no prover", 0, 0, 0, "")])


def _runs(document: Document) -> str:
    return "1 run" if document["repeat"] == 1 else f"{document['repeat']} runs"


def _times(prover: Document) -> str:
    return "" if prover["ours"] or prover["ratio"] is None else f" ({prover['ratio']:.1f}×)"


def scale_plot(document: Document) -> str:
    """Proofs over sizes, a line for each number of threads, and the floor of each."""
    lines: dict[int, list[Document]] = {}
    for point in document["points"]:
        lines.setdefault(point["threads"], []).append(point)
    series = []
    for threads, points in lines.items():
        label = "1 thread" if threads == 1 else f"{threads} threads"
        for name, member, ours in (
            (label, "median_s", True),
            (f"floor, {label}", "floor_s", False),
        ):
            places = [(point["constraints"], point[member]) for point in points]
            series.append(Series(name, places, ours, dashed=not ours))
    return line_chart(
        "Groth16 proofs of a Poseidon chain, witness in memory to verified proof",
        f"{one_line(document['machine'])}; floor: multiplications alone,"
        f" {document['ns_a_multiplication']:.1f} ns each",
        "constraints",
        "seconds a proof",
        series,
    )
