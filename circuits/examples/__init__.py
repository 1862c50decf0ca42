"""Circuits for benchmarks and demonstrations."""
