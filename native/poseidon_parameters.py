"""The two forms of the Poseidon parameters that the kernels of native/src/poseidon.c take.

A partial round is x -> M·(x + c) with word 0 boxed. Two rewritings make it cheap:

* Constants of words 1.. commute with the box of word 0, so they move through M into the next
  round; the last ones end in the first full round after.
* With M = [[m, v], [w, H]] and x = diag(1, T_r) z, T_r = H^(r - R_P), a partial round is
  z0' = m·s + (v T_r) z,  z' = z + (T_{r+1}^-1 w) s,  s the boxed word 0. After the last one T = 1,
  and before the first one the change of coordinates is folded into the matrix of the full round.
"""

from __future__ import annotations

import functools
from operator import mul
from typing import NamedTuple

from native.api_field import fr_from_ints
from native.binding import Words
from native.constants import FR_MODULUS
from native.reference.poseidon import parameters

Vector = list[int]
Matrix = list[list[int]]


class KernelParameters(NamedTuple):
    """What the kernels of one width take; arrays are Fr elements in the order of poseidon.c."""

    rounds_partial: int
    fast: Words
    constants: Words
    matrix: Words


def _dot(left: Vector, right: Vector) -> int:
    total: int = sum(map(mul, left, right))
    return total % FR_MODULUS


def _times_vector(matrix: Matrix, vector: Vector) -> Vector:
    return [_dot(row, vector) for row in matrix]


def _product(left: Matrix, right: Matrix) -> Matrix:
    columns = [list(column) for column in zip(*right, strict=True)]
    return [[_dot(row, column) for column in columns] for row in left]


def _identity(n: int) -> Matrix:
    return [[int(i == j) for j in range(n)] for i in range(n)]


def _power(matrix: Matrix, exponent: int) -> Matrix:
    result = _identity(len(matrix))
    for bit in f"{exponent:b}":
        result = _product(result, result)
        if bit == "1":
            result = _product(result, matrix)
    return result


def _inverse(matrix: Matrix) -> Matrix:
    """Gauss and Jordan on [matrix | 1]; the blocks of a Cauchy matrix are invertible."""
    n = len(matrix)
    rows = [row + unit for row, unit in zip(matrix, _identity(n), strict=True)]
    for i in range(n):
        pivot = next(k for k in range(i, n) if rows[k][i])
        rows[i], rows[pivot] = rows[pivot], rows[i]
        scale = pow(rows[i][i], -1, FR_MODULUS)
        rows[i] = [x * scale % FR_MODULUS for x in rows[i]]
        for k in range(n):
            factor = rows[k][i]
            if k != i and factor:
                pairs = zip(rows[k], rows[i], strict=True)
                rows[k] = [(x - factor * y) % FR_MODULUS for x, y in pairs]
    return [row[n:] for row in rows]


def _moved_constants(t: int) -> tuple[Vector, Vector]:
    """Constants of the full rounds, flat, and of word 0 in the partial rounds."""
    constants, matrix, rounds_full, rounds_partial = parameters(t)
    half = rounds_full // 2 * t
    rows = [constants[i : i + t] for i in range(half, half + rounds_partial * t, t)]
    partial: Vector = []
    carried = [0] * t
    for row in rows:
        first, *rest = ((x + y) % FR_MODULUS for x, y in zip(row, carried, strict=True))
        partial.append(first)
        carried = _times_vector(matrix, [0, *rest])
    tail = constants[half + rounds_partial * t :]
    tail[:t] = [(x + y) % FR_MODULUS for x, y in zip(tail, carried, strict=False)]
    return constants[:half] + tail, partial


def _sparse_rounds(t: int) -> tuple[Matrix, Vector]:
    """The matrix of the last full round before the partial ones, and the sparse rounds, flat."""
    _, matrix, _, rounds_partial = parameters(t)
    corner, *top = matrix[0]
    side = [row[0] for row in matrix[1:]]
    block = [row[1:] for row in matrix[1:]]
    transposed_inverse = [list(column) for column in zip(*_inverse(block), strict=True)]
    first_rows: Matrix = []
    first_columns: Matrix = []
    for _ in range(rounds_partial):  # from the last round to the first
        top = _times_vector(transposed_inverse, top)
        first_rows.append([corner, *top])
        first_columns.append(side)
        side = _times_vector(block, side)
    rounds = zip(reversed(first_rows), reversed(first_columns), strict=True)
    entry = [matrix[0], *_product(_power(block, rounds_partial), matrix[1:])]
    return entry, [x for row, column in rounds for x in (*row, *column)]


@functools.cache
def kernel_parameters(t: int) -> KernelParameters:
    """Both forms for width t = 2..17, computed once."""
    published = parameters(t)
    full, partial = _moved_constants(t)
    entry, sparse = _sparse_rounds(t)
    matrix = [x for row in published.M for x in row]
    entry_flat = [x for row in entry for x in row]
    return KernelParameters(
        published.rounds_partial,
        fast=fr_from_ints([*full, *partial, *matrix, *entry_flat, *sparse]),
        constants=fr_from_ints(published.C),
        matrix=fr_from_ints(matrix),
    )
