"""Implementations of the prover's heavy operations, one a file, all giving the same bytes."""
