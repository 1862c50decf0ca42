"""The two forms of the Poseidon parameters that the kernels of native/src/poseidon.c take.

A partial round r boxes word 0 to s[r] and mixes with M = [[m, v], [w, H]]: with y the words 0 and z
the d = t - 1 other words, y[r+1] = m s[r] + v z[r] and z[r+1] = w s[r] + H z[r]. This is a linear
filter from s to y, and by the theorem of Cayley and Hamilton it has the recurrence form

    y[r+1] = b0 s[r] + b1 s[r-1] + ... + bd s[r-d] - a1 y[r] - ... - ad y[r+1-d]

with 1, a1 .. ad the characteristic polynomial of H. So z need not be computed. The last full round
before is round -1; a past that leads to its z has s = 0 and y[-k] = v H^-k z[-1]. After the last
round z is a linear function of the last d words s and y. Constants of words 1.. commute with the
box of word 0 and move to words 0, and at the end into the first full round after.
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


def _determinant_polynomial(matrix: Matrix) -> Vector:
    """1, a1 .. ad with X^d + a1 X^(d-1) + ... + ad = det(X - matrix) (Faddeev and LeVerrier)."""
    coefficients = [1]
    product = _identity(len(matrix))
    for k in range(1, len(matrix) + 1):
        product = _product(matrix, product)
        trace = sum(row[i] for i, row in enumerate(product))
        coefficients.append(-trace * pow(k, -1, FR_MODULUS) % FR_MODULUS)
        for i, row in enumerate(product):
            row[i] += coefficients[-1]
    return coefficients


class _Filter:
    """The partial rounds of a width as a linear filter from boxed words to words 0."""

    def __init__(self, t: int) -> None:
        _, matrix, _, _ = parameters(t)
        self.d = t - 1
        self.corner, *self.row = matrix[0]
        self.column = [row[0] for row in matrix[1:]]
        self.block = [row[1:] for row in matrix[1:]]
        self.polynomial = _determinant_polynomial(self.block)
        self.columns = [self.column]  # H^k w, what s becomes in z after k + 1 rounds
        for _ in range(self.d - 1):
            self.columns.append(_times_vector(self.block, self.columns[-1]))
        # what s becomes in y, 1 + k rounds later
        self.response = [self.corner, *(_dot(self.row, column) for column in self.columns)]

    def past(self) -> Matrix:
        """Rows v H^-k, k = 1 .. d."""
        transposed = [list(column) for column in zip(*_inverse(self.block), strict=True)]
        rows = [_times_vector(transposed, self.row)]
        for _ in range(self.d - 1):
            rows.append(_times_vector(transposed, rows[-1]))
        return rows

    def recurrence(self) -> Vector:
        """b0 .. bd, -a1 .. -ad."""
        a, response = self.polynomial, self.response
        b = [_dot(a[: k + 1], response[k::-1]) for k in range(self.d + 1)]
        return [*b, *(-x % FR_MODULUS for x in a[1:])]

    def words_after(self) -> tuple[Matrix, Matrix]:
        """P and Q with z = P (last d words y) + Q (last d boxed words), newest first."""
        observed = [self.row]  # y after k + 1 rounds, of the z before them
        for _ in range(self.d - 1):
            before = [list(column) for column in zip(*self.block, strict=True)]
            observed.append(_times_vector(before, observed[-1]))
        newest_first = _product(_power(self.block, self.d), _inverse(observed[::-1]))
        # of the last d words y, newest first, the part that the last d boxed words have made
        made = [[0] * i + self.response[: self.d - i] for i in range(self.d)]
        undone = _product(newest_first, made)
        direct = [list(row) for row in zip(*self.columns, strict=True)]
        return newest_first, [
            [(x - y) % FR_MODULUS for x, y in zip(*pair, strict=True)]
            for pair in zip(direct, undone, strict=True)
        ]


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


def _recurrence_constants(full: Vector, partial: Vector, rounds: _Filter) -> tuple[Vector, Vector]:
    """The same for the recurrence form, whose words y are words 0 with their constants. The last
    one added to a word 0 is that of the first full round after."""
    d, half = rounds.d, len(full) // 2
    added = [*([0] * d), *partial, full[half]]  # to y[-d], y[1-d] ...
    last = range(d, len(added))
    moved = [_dot(rounds.polynomial, added[r - d : r + 1][::-1]) for r in last]
    words, _ = rounds.words_after()
    excess = _times_vector(words, added[: -d - 1 : -1])
    corrected = [(x - y) % FR_MODULUS for x, y in zip(full[half + 1 :], excess, strict=False)]
    return [*full[:half], 0, *corrected, *full[half + 1 + d :]], moved


@functools.cache
def kernel_parameters(t: int) -> KernelParameters:
    """Both forms for width t = 2..17, computed once."""
    published = parameters(t)
    rounds = _Filter(t)
    full, partial = _recurrence_constants(*_moved_constants(t), rounds)
    matrix = [x for row in published.M for x in row]
    past = [x for row in rounds.past() for x in row]
    after = [x for pair in zip(*rounds.words_after(), strict=True) for row in pair for x in row]
    return KernelParameters(
        published.rounds_partial,
        fast=fr_from_ints([*full, *partial, *matrix, *past, *rounds.recurrence(), *after]),
        constants=fr_from_ints(published.C),
        matrix=fr_from_ints(matrix),
    )
