"""Sparse sums and Fourier transforms of points, for setups where no scalar is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circuits.system.r1cs import SparseMatrix
from native import api
from native.constants import FR_MODULUS, fr_root_of_unity
from prover.groth16.qap import transpose
from prover.snarkjs.container import U64
from prover.snarkjs.tables import row_lengths


@dataclass(frozen=True)
class Group:
    """The elementwise operations of G1 or G2."""

    words: int
    add: Callable[[U64, U64], U64]
    negate: Callable[[U64], U64]
    multiply: Callable[[U64, U64], U64]
    msm: Callable[[U64, U64], U64]

    def infinity(self, count: int) -> U64:
        """`count` points at infinity."""
        return np.zeros((count, self.words), dtype=np.uint64)


G1 = Group(8, api.g1_add, api.g1_neg, api.g1_mul, api.msm_g1)
G2 = Group(16, api.g2_add, api.g2_neg, api.g2_mul, api.msm_g2)


def column_sums(
    group: Group, n_wires: int, table: U64, parts: list[tuple[SparseMatrix, U64]]
) -> U64:
    """For each wire the sum over all parts of Σ_j M[j, wire]·P_j; `table` is Montgomery."""
    scalars = api.fr_from_montgomery(table)
    wires: list[NDArray[np.int64]] = []
    terms: list[U64] = []
    for matrix, points in parts:
        columns = transpose(matrix, n_wires)
        wires.append(np.repeat(np.arange(n_wires), row_lengths(columns)))
        terms.append(_multiples(group, points[columns.wires], scalars[columns.coefs]))
    all_wires = np.concatenate(wires)
    order = np.argsort(all_wires, kind="stable")
    counts = np.bincount(all_wires, minlength=n_wires)
    return segment_sums(group, np.concatenate(terms)[order], counts)


def segment_sums(group: Group, points: U64, counts: NDArray[np.int64]) -> U64:
    """Sums of consecutive runs of points, by adding neighbours until runs have length one."""
    while counts.max(initial=0) > 1:
        starts = np.cumsum(counts) - counts
        inside = np.arange(len(points)) - np.repeat(starts, counts)
        left = np.flatnonzero(inside % 2 == 0)
        paired = left[inside[left] + 1 < np.repeat(counts, counts)[left]]
        points = np.array(points)
        points[paired] = group.add(points[paired], points[paired + 1])
        points = points[left]
        counts = (counts + 1) // 2
    result = group.infinity(len(counts))
    result[counts == 1] = points
    return result


def lagrange_from_powers(group: Group, powers: U64) -> U64:
    """L_i(τ)·G from τ^j·G: the inverse Fourier transform in the group, natural order."""
    n = len(powers)
    log_n = n.bit_length() - 1
    positions = np.arange(n)
    reversed_bits = np.zeros(n, dtype=np.int64)
    for k in range(log_n):
        reversed_bits |= ((positions >> k) & 1) << (log_n - 1 - k)
    points = np.array(powers)[reversed_bits]
    for level in range(1, log_n + 1):
        points = _butterflies(group, points, level)
    inverse_n = api.canonical_from_ints([pow(n, -1, FR_MODULUS)])
    return group.multiply(points, np.repeat(inverse_n, n, axis=0))


def _butterflies(group: Group, points: U64, level: int) -> U64:
    half = 1 << (level - 1)
    blocks = points.reshape(-1, 2, half, group.words)
    even = np.ascontiguousarray(blocks[:, 0]).reshape(-1, group.words)
    odd = np.ascontiguousarray(blocks[:, 1]).reshape(-1, group.words)
    root = pow(fr_root_of_unity(level), -1, FR_MODULUS)
    twiddles = api.fr_from_montgomery(api.fr_powers(api.fr_from_ints([root])[0], half))
    odd = _multiples(group, odd, np.tile(twiddles, (len(blocks), 1)))
    result = np.empty_like(blocks)
    result[:, 0] = group.add(even, odd).reshape(-1, half, group.words)
    result[:, 1] = group.add(even, group.negate(odd)).reshape(-1, half, group.words)
    return result.reshape(-1, group.words)


def _multiples(group: Group, points: U64, scalars: U64) -> U64:
    """scalarᵢ·Pᵢ; ones and minus ones, which are most of a circuit, cost nothing."""
    one, minus_one = api.canonical_from_ints([1, FR_MODULUS - 1])
    result = np.array(points)
    negative = (scalars == minus_one).all(axis=1)
    general = ~negative & (scalars != one).any(axis=1)
    if negative.any():
        result[negative] = group.negate(result[negative])
    if general.any():
        result[general] = group.multiply(result[general], np.ascontiguousarray(scalars[general]))
    return result
