"""What a prover does with every wire and constraint."""

from __future__ import annotations

from collections.abc import Sequence

from native.constants import FR_MODULUS


def gather_canonical(values: Sequence[int], wires: Sequence[int], factor: int) -> list[int]:
    """values[wires[i]]·factor."""
    return [values[wire] * factor % FR_MODULUS for wire in wires]


def first_noncanonical(values: Sequence[int]) -> int:
    """Index of the first value that is not below r, -1 if all are."""
    return next((i for i, value in enumerate(values) if value >= FR_MODULUS), -1)


def violations(a: Sequence[int], b: Sequence[int], c: Sequence[int]) -> tuple[int, int]:
    """The first row with a·b != c, -1 if there is none, and how many such rows there are."""
    wrong = [i for i, (x, y, z) in enumerate(zip(a, b, c, strict=True)) if (x * y - z) % FR_MODULUS]
    return (wrong[0] if wrong else -1), len(wrong)
