"""Cost model, multiplication counts, plots and tables of the benchmarks."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import numpy as np
import pytest

from native import api
from native.constants import FR_MODULUS
from prover.bench import floor, markdown
from prover.bench.cost_model import fit
from prover.bench.plots import comparison_plot, scale_plot
from prover.bench.svg import Bar, Series, bar_chart, line_chart, linear_ticks, logarithmic_ticks
from prover.groth16.keys import ProvingKey
from prover.groth16.prove import prove
from prover.phases import Phases
from prover.snarkjs.container import U64

SIZES = [1 << k for k in range(10, 21, 2)]


@pytest.mark.parametrize("truth", [(0.01, 3e-6, 0.0), (0.0, 0.0, 2e-7), (0.002, 1e-6, 5e-8)])
def test_model__finds_the_coefficients_of_exact_times(truth: tuple[float, float, float]) -> None:
    a, b, c = truth
    model = fit(SIZES, [a + b * n + c * n * math.log2(n) for n in SIZES])
    found = (model.constant, model.linear, model.linearithmic)
    assert found == pytest.approx(truth, rel=1e-6, abs=1e-12)
    assert model.worst_error < 1e-6
    assert model.seconds(1 << 22) == pytest.approx(a + b * (1 << 22) + c * (22 << 22), rel=1e-6)


def test_model__has_no_negative_coefficient_and_takes_few_sizes() -> None:
    model = fit(SIZES, [0.5 / math.sqrt(n) for n in SIZES])  # falls: no such term
    assert min(model.constant, model.linear, model.linearithmic) >= 0
    assert fit([1000], [2.0]).seconds(1000) == pytest.approx(2.0)
    two = fit([1000, 2000], [1.0, 2.0])
    assert two.seconds(4000) == pytest.approx(4.0)


def test_bit_lengths__are_those_of_the_integers() -> None:
    values = [0, 1, 2, 3, 255, 256, 2**63, 2**64, 2**128 + 1, 2**191, FR_MODULUS - 1]
    assert floor.bit_lengths(api.canonical_from_ints(values)).tolist() == [
        value.bit_length() for value in values
    ]


def test_msm_count__follows_the_digits() -> None:
    assert floor.msm(np.zeros(100, dtype=np.int64), 6) == 0
    bits = np.ones(1000, dtype=np.int64)  # one digit of two bits each; two buckets
    assert floor.msm(bits, 6) == 6 * (1000 + 2)
    full = np.full(1 << 20, 254)
    assert floor.msm(full, 6) == 6 * (16 * (1 << 20) + (16 << 15))
    assert floor.msm(full, 15) * 6 == floor.msm(full, 6) * 15
    small = np.full(1 << 20, 31)
    assert 2 * 6 * (1 << 20) <= floor.msm(small, 6) < 2.2 * 6 * (1 << 20)


def test_work__of_a_key_adds_up(dev_key: ProvingKey, chain_witness: U64) -> None:
    work = floor.work_of(dev_key, chain_witness)
    parts = (work.sparse, work.quotient, work.scalars, work.sum_a, work.sum_b2, work.sum_c)
    assert work.total == sum(parts) == sum(work.by_phase().values())
    phases = Phases()
    prove(dev_key, chain_witness, phases=phases)
    assert set(work.by_phase()) < {name for name, _ in phases.table()}
    n = 1 << dev_key.sizes.log_domain
    assert work.quotient == 6 * (n // 2) * dev_key.sizes.log_domain + 9 * n
    one = api.fr_from_ints([1])[0].tolist()
    general = sum(
        dev_key.coefficients[c].tolist() != one
        for matrix in dev_key.matrices.values()
        for c in matrix.coefs
    )
    assert work.sparse == general > 0


def test_multiplication__takes_nanoseconds() -> None:
    assert 1e-10 < floor.seconds_a_multiplication() < 1e-5


@pytest.mark.parametrize(
    ("largest", "ticks"),
    [
        (4.3, [0, 1, 2, 3, 4, 5]),
        (1.0, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (90, [0, 20, 40, 60, 80, 100]),
    ],
)
def test_linear_ticks(largest: float, ticks: list[float]) -> None:
    assert linear_ticks(largest) == pytest.approx(ticks)


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.03, 0.9, [0.02, 0.05, 0.1, 0.2, 0.5, 1]),
        (1, 1, [1, 2]),
        (0.5, 20, [0.5, 1, 2, 5, 10, 20]),
    ],
)
def test_logarithmic_ticks(low: float, high: float, ticks: list[float]) -> None:
    assert logarithmic_ticks(low, high) == pytest.approx(ticks)


def texts(svg: str) -> list[str]:
    """Every text of a plot, which is thereby seen to be well-formed."""
    root = ElementTree.fromstring(svg)
    return ["".join(element.itertext()) for element in root.iter() if element.tag.endswith("text")]


def test_plots__are_well_formed_and_labelled() -> None:
    bars = [Bar("a & <b>", 1.0, 0.9, 1.3, "1 s", True), Bar("c", 3.0, 3.0, 3.0, "3 s (3×)")]
    found = texts(bar_chart("title", "machine", "seconds a proof", bars))
    assert {"title", "machine", "seconds a proof", "a & <b>", "c", "3 s (3×)"} <= set(found)
    series = [Series("ours", [(256, 0.1), (4096, 1.0)], True), Series("x", [(256, 2.0)])]
    found = texts(line_chart("t", "m", "constraints", "seconds", series))
    assert {"constraints", "seconds", "ours", "x", "28", "212"} <= set(found)


def prover(name: str, median: float | None, *, ours: bool = False) -> dict[str, object]:
    keys = ("median_s", "min_s", "max_s", "median_cpu_s")
    memory = None if median is None else 5 << 20
    return {
        **dict.fromkeys(keys, median),
        "name": name,
        "ours": ours,
        "failure": None if median else "exit code 1",
        "ratio": None if median is None else median / 0.5,
        "peak_resident_bytes": memory,
        "peak_anonymous_bytes": memory,
    }


MACHINE = {
    "cpu": "Some CPU",
    "cores": 2,
    "memory_bytes": 8 << 30,
    "kernels": "portable",
    "system": "Linux",
    "python": "3.11",
    "date": "2026-01-02T03:04:05+00:00",
    "load": 0.1,
}


def comparison(circuits: int) -> dict[str, object]:
    provers = [prover("tallystick, .zkey", 0.5, ours=True), prover("other", 2.0)]
    provers.append(prover("broken", None))
    return {
        "kind": "compare",
        "schema": 1,
        "machine": MACHINE,
        "threads": 2,
        "repeat": 5,
        "circuits": [
            {"name": f"circuit-{i}", "constraints": 1000 << i, "provers": provers}
            for i in range(circuits)
        ],
    }


@pytest.mark.parametrize("circuits", [1, 3])
def test_comparison_plot__leaves_out_who_failed(circuits: int) -> None:
    found = texts(comparison_plot(comparison(circuits)))
    assert "other" in found and "broken" not in found
    assert any("Some CPU, 2 cores, 8 GiB" in text for text in found)


def point(threads: int, median: float) -> dict[str, object]:
    seconds = dict.fromkeys(("median_s", "min_s", "max_s"), median)
    sizes = {"log_size": 10, "constraints": 1000, "threads": threads}
    return {**sizes, **seconds, "floor_s": median / 4}


SCALE = {
    "kind": "scale",
    "schema": 1,
    "machine": MACHINE,
    "repeat": 3,
    "ns_a_multiplication": 4.0,
    "points": [point(1, 0.5), point(2, 0.25)],
}


def test_scale_plot__has_a_line_and_a_floor_for_each_number_of_threads() -> None:
    found = texts(scale_plot(SCALE))
    assert {"1 thread", "2 threads", "floor, 1 thread", "floor, 2 threads"} <= set(found)


def test_report__gives_every_figure_and_the_machine() -> None:
    seconds = dict.fromkeys(("median_s", "min_s", "max_s", "median_cpu_s"), 0.0123)
    row = {"name": "MSM", "part": "", **seconds, "peak_resident_bytes": None}
    rows = [row | {"threads": 1}, row | {"threads": 2, "median_s": 4.5e-6}]
    kernels = {"kind": "kernels", "schema": 1, "machine": MACHINE, "repeat": 5, "rows": rows}
    text = markdown.report([comparison(1), SCALE, kernels])
    assert (
        "| circuit-0 (1,000) | other | 2.00 s | 2.00 s to 2.00 s | 2.00 s | 5 MiB | 5 MiB | 4.00 |"
        in text
    )
    assert "| circuit-0 (1,000) | broken | failed |" in text
    assert "| 2^10 | 2 | 250 ms | 250 ms to 250 ms | 62.5 ms | 4.0 |" in text
    assert "| MSM | 12.3 ms | 4.50 µs |  |" in text
    assert (
        text.count("Some CPU, 2 cores, 8 GiB, portable kernels, Linux, Python 3.11, 2026-01-02")
        == 3
    )
    assert "busy" not in text
    busy = SCALE | {"machine": MACHINE | {"load": 2.5}}
    assert "The machine was busy (load 2.5)." in markdown.report([busy])


def test_report__goes_between_the_marks_and_nowhere_else() -> None:
    text = f"before\n{markdown.BEGIN}\nold\n{markdown.END}\nafter\n"
    replaced = markdown.replace_section(text, "new\n")
    assert replaced == f"before\n{markdown.BEGIN}\n\nnew\n\n{markdown.END}\nafter\n"
    assert markdown.replace_section(replaced, "new\n") == replaced
    with pytest.raises(ValueError, match="marks"):
        markdown.replace_section("no marks", "new")


def test_report__an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="kind 'poem'"):
        markdown.report([{"kind": "poem", "schema": 1}])
    with pytest.raises(ValueError, match="schema 2"):
        markdown.report([SCALE | {"schema": 2}])


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(123.4, "123 s"), (2.6, "2.60 s"), (0.0999, "99.9 ms"), (2e-6, "2.00 µs"), (5e-9, "5.00 ns")],
)
def test_duration(seconds: float, text: str) -> None:
    assert markdown.duration(seconds) == text
