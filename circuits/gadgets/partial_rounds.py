"""The middle rounds of Poseidon, rearranged so that tracing them is cheap.

A partial round of M = [[m, v], [w, N]] takes (x, s) to (m x^5 + v s + c0, N s + w x^5 + c). Only x
passes an S-box, so with s = N^k u + g after k rounds, N^k and g go into plain numbers:

    x' = m x^5 + (v N^k) u + (v g + c0)      u' = u + (N^-(k+1) w) x^5      g' = N g + c

One round then costs 2 (t - 1) scaled sums of wires instead of t². The values are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from operator import mul

from native.constants import FR_MODULUS
from native.reference.poseidon import Parameters, parameters

Vector = list[int]
Matrix = list[list[int]]


@dataclass(frozen=True)
class SparseRound:
    """x' = m x^5 + reads · u + constant, then u' = u + writes x^5."""

    reads: Vector
    writes: Vector
    constant: int


@dataclass(frozen=True)
class PartialRounds:
    """All partial rounds of a width; at the end s = mixing u + constants."""

    corner: int
    rounds: list[SparseRound]
    mixing: Matrix
    constants: Vector


@cache
def partial_rounds(t: int) -> PartialRounds:
    """The rearranged partial rounds; their constants are those added after each of them."""
    p = parameters(t)
    (corner, *reads), rest = p.M[0], p.M[1:]
    writes, inner = [row[0] for row in rest], [row[1:] for row in rest]
    backward = inverse(inner)
    constants = [0] * (t - 1)
    rounds = []
    for first, *others in _constants_after(p, t):
        writes = apply(backward, writes)
        here = dot(p.M[0][1:], constants) + first
        rounds.append(SparseRound(reads, writes, here % FR_MODULUS))
        reads = apply_transposed(inner, reads)
        moved = apply(inner, constants)
        constants = [(a + b) % FR_MODULUS for a, b in zip(moved, others, strict=True)]
    return PartialRounds(corner, rounds, power(inner, len(rounds)), constants)


def _constants_after(p: Parameters, t: int) -> list[Vector]:
    """What is added between each partial round and the round after it."""
    first = p.rounds_full // 2 + 1
    return [p.C[r * t : (r + 1) * t] for r in range(first, first + p.rounds_partial)]


def identity(n: int) -> Matrix:
    """The n by n identity."""
    return [[int(i == j) for j in range(n)] for i in range(n)]


def dot(left: Sequence[int], right: Sequence[int]) -> int:
    """Σ left[i] right[i]."""
    return int(sum(map(mul, left, right)) % FR_MODULUS)


def apply(matrix: Matrix, vector: Vector) -> Vector:
    """matrix · vector."""
    return [dot(row, vector) for row in matrix]


def apply_transposed(matrix: Matrix, vector: Vector) -> Vector:
    """vector · matrix."""
    return [dot(vector, column) for column in zip(*matrix, strict=True)]


def power(matrix: Matrix, exponent: int) -> Matrix:
    """matrix^exponent, by squaring from the top bit down."""
    result = identity(len(matrix))
    for bit in f"{exponent:b}":
        result = [apply_transposed(result, row) for row in result]
        if bit == "1":
            result = [apply_transposed(matrix, row) for row in result]
    return result


def inverse(matrix: Matrix) -> Matrix:
    """The inverse, by Gauss-Jordan elimination; every minor of a Cauchy matrix is invertible."""
    n = len(matrix)
    rows = [[*row, *unit] for row, unit in zip(matrix, identity(n), strict=True)]
    for i in range(n):
        scale = pow(rows[i][i], -1, FR_MODULUS)
        rows[i] = [value * scale % FR_MODULUS for value in rows[i]]
        for j in range(n):
            if j != i:
                factor = rows[j][i]
                pairs = zip(rows[j], rows[i], strict=True)
                rows[j] = [(value - factor * pivot) % FR_MODULUS for value, pivot in pairs]
    return [row[n:] for row in rows]
