"""Many multiples of one point, from a table of its multiples.

Points are affine Montgomery, (n, 8) for G1 and (n, 16) for G2; scalars are canonical Fr, (n, 4).
"""

from __future__ import annotations

import numpy as np

from native.api_curve import POINT_WORDS, checked_scalars
from native.binding import Words, call, empty, one_row, scratch, worker_count

__all__ = ["FixedBase", "g1_fixed_base_mul", "g2_fixed_base_mul"]


class FixedBase:
    """A point of group 1 or 2 with a table made for about `count` multiples in all.

    The table of a large count takes 33 MiB in G1 and 67 MiB in G2.
    """

    def __init__(self, group: int, base: Words, count: int, threads: int = 0) -> None:
        self._group = group
        self._threads = worker_count(threads)
        point = one_row(base, POINT_WORDS[group], "base")
        plan = np.empty(3, dtype=np.uint64)
        call("fixed_base_plan", plan, group, count, self._threads)
        self._width, table_words, self._scratch_words = (int(word) for word in plan)
        self._table = scratch(table_words)
        room = scratch(self._scratch_words)
        call(f"g{group}_fixed_base_table", self._table, room, point, self._width, self._threads)

    def multiples(self, scalars: Words) -> Words:
        """scalars[i]·base."""
        k = checked_scalars(scalars)
        out = empty(len(k), POINT_WORDS[self._group])
        known = (scratch(self._scratch_words), self._table, self._width)
        call(f"g{self._group}_fixed_base_mul", out, *known, k, len(k), self._threads)
        return out


def g1_fixed_base_mul(base: Words, scalars: Words, threads: int = 0) -> Words:
    """scalars[i]·base for one base of shape (8,)."""
    return FixedBase(1, base, len(scalars), threads).multiples(scalars)


def g2_fixed_base_mul(base: Words, scalars: Words, threads: int = 0) -> Words:
    """scalars[i]·base for one base of shape (16,)."""
    return FixedBase(2, base, len(scalars), threads).multiples(scalars)
