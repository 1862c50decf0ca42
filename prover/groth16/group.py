"""Sparse sums and Fourier transforms of points, for setups where no scalar is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from circuits.system.r1cs import SparseMatrix
from native import api
from native.constants import FR_MODULUS, fr_root_of_unity
from prover.groth16.qap import row_numbers
from prover.snarkjs.container import U32, U64


@dataclass(frozen=True)
class Group:
    """The operations on vectors of points of G1 or G2."""

    words: int
    add: Callable[[U64, U64], U64]
    negate: Callable[[U64], U64]
    scale: Callable[[U64, U64], U64]
    combine: Callable[[U32, U32, U32, U64, U64], U64]
    msm: Callable[[U64, U64], U64]

    def infinity(self, count: int) -> U64:
        """`count` points at infinity."""
        return np.zeros((count, self.words), dtype=np.uint64)

    def scale_all(self, points: U64, factor: int) -> U64:
        """factor·P for every point."""
        scalar = api.canonical_from_ints([factor % FR_MODULUS])
        return self.scale(np.array(points), np.repeat(scalar, len(points), axis=0))


G1 = Group(8, api.g1_add, api.g1_neg, api.g1_scale, api.g1_combine, api.msm_g1)
G2 = Group(16, api.g2_add, api.g2_neg, api.g2_scale, api.g2_combine, api.msm_g2)


def column_sums(
    group: Group, n_wires: int, table: U64, parts: list[tuple[SparseMatrix, U64]]
) -> U64:
    """For each wire the sum over all parts of Σ_j M[j, wire]·P_j; `table` is Montgomery."""
    matrices = [matrix for matrix, _ in parts]
    first_points = np.cumsum([0, *(len(points) for _, points in parts)])
    wires = np.concatenate([matrix.wires for matrix in matrices])
    rows = [
        row_numbers(matrix) + np.uint32(first)
        for matrix, first in zip(matrices, first_points[:-1], strict=True)
    ]
    order = np.argsort(wires, kind="stable")
    starts = np.zeros(n_wires + 1, dtype=np.uint32)
    np.cumsum(np.bincount(wires, minlength=n_wires), out=starts[1:])
    return group.combine(
        starts,
        np.concatenate(rows)[order],
        np.concatenate([matrix.coefs for matrix in matrices])[order],
        api.fr_from_montgomery(table),
        np.concatenate([points for _, points in parts]),
    )


def lagrange_from_powers(group: Group, powers: U64) -> U64:
    """L_i(τ)·G from τ^j·G: the inverse Fourier transform in the group, natural order."""
    n = len(powers)
    if n == 1:
        return np.array(powers)
    return _transform(group, np.array(powers), pow(n, -1, FR_MODULUS))


def odd_lagrange_from_powers(group: Group, powers: U64) -> U64:
    """The points of odd index, L_1, L_3, …, of as many Lagrange points as there are powers."""
    half = len(powers) // 2
    folded = group.add(np.array(powers[:half]), group.negate(np.array(powers[half:])))
    root = fr_root_of_unity(len(powers).bit_length() - 1)
    twists = api.fr_mul(
        _inverse_powers(root, half), api.fr_from_ints([pow(2 * half, -1, FR_MODULUS)])
    )
    return _transform(group, group.scale(folded, api.fr_from_montgomery(twists)), 1)


def _transform(group: Group, points: U64, factor: int) -> U64:
    """factor·Σ_j ω^(−ij)·P_j for all i, ω the root of unity of the number of points."""
    log_n = len(points).bit_length() - 1
    points = points[_reversed_bits(log_n)]
    for level in range(1, log_n + 1):
        points = _butterflies(group, points, level, factor if level == log_n else 1)
    return points


def _butterflies(group: Group, points: U64, level: int, factor: int) -> U64:
    """One level: (e, o) becomes factor·(e + ω^-i·o) and factor·(e − ω^-i·o)."""
    half = 1 << (level - 1)
    blocks = points.reshape(-1, 2, half, group.words)
    even, odd = (np.ascontiguousarray(blocks[:, i]).reshape(-1, group.words) for i in (0, 1))
    twiddles = _inverse_powers(fr_root_of_unity(level), half)
    if factor != 1:
        twiddles = api.fr_mul(twiddles, api.fr_from_ints([factor]))
        even = group.scale_all(even, factor)
    if half > 1 or factor != 1:
        scalars = np.tile(api.fr_from_montgomery(twiddles), (len(blocks), 1))
        odd = group.scale(odd, scalars)
    result = np.empty_like(blocks)
    result[:, 0] = group.add(even, odd).reshape(-1, half, group.words)
    result[:, 1] = group.add(even, group.negate(odd)).reshape(-1, half, group.words)
    return result.reshape(-1, group.words)


def _inverse_powers(root: int, count: int) -> U64:
    """1, 1/root, 1/root², …, Montgomery."""
    return api.fr_powers(api.fr_from_ints([pow(root, -1, FR_MODULUS)])[0], count)


def _reversed_bits(log_n: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The numbers below 2^log_n with their bits reversed."""
    result = np.zeros(1, dtype=np.int64)
    for _ in range(log_n):
        result = np.concatenate([2 * result, 2 * result + 1])
    return result
