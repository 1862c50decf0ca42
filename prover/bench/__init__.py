"""Measurements of the prover: alone, beside other provers, over sizes, kernel by kernel."""

from __future__ import annotations

from prover.bench.groth16 import BenchResult, bench_groth16

__all__ = ["BenchResult", "bench_groth16"]
