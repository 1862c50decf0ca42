"""A template specialised to the shape of its arguments, ready to be stamped.

A template's constraints mention its formal inputs. At a call each formal stands for a linear
combination of the caller's wires. `specialise` substitutes those combinations once for each shape
(which wires coincide, with which coefficients); every further call of the same shape is one
gather: local wire number -> caller's wire number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from circuits.frontend.context import CoefficientTable
from circuits.frontend.fragment import Block, Fragment
from circuits.frontend.rows import I32, I64, U32, Rows
from circuits.frontend.scopes import ScopeArrays
from circuits.system.ragged import owners, ranges

Pattern = tuple[tuple[tuple[int, int], ...], ...]
"""For each formal its terms (place, coefficient); place 0 is the constant 1, place i the i-th
distinct wire among the arguments."""


@dataclass(frozen=True)
class Stencil:
    """Constraints over local wires: 0, the `n_places` argument wires, `n_internal` own ones."""

    n_places: int
    n_internal: int
    body: Block
    outputs: Rows
    scopes: ScopeArrays
    op_shift: I32
    pool_shift: I32

    def block(
        self,
        *,
        wires: Sequence[int],
        base: int,
        pool_base: int,
        scope_base: int,
        lane: tuple[int, int],
    ) -> Block:
        """The constraints with the argument places put on the caller's `wires`, internal wires
        from `base` on, pool rows from `pool_base` on and scopes from `scope_base` on."""
        body, lookup = self.body, self._lookup(wires, base)
        shift = np.array([scope_base, 0], dtype=np.uint32)
        return Block(
            a=_relocated(body.a, lookup),
            b=_relocated(body.b, lookup),
            c=_relocated(body.c, lookup),
            pool=_relocated(body.pool, lookup),
            ops=body.ops + self.op_shift * np.int32(base) + self.pool_shift * np.int32(pool_base),
            constraint_marks=body.constraint_marks + shift,
            op_marks=body.op_marks + shift,
            segments=body.segments,
            lane_group=lane[0],
            lane=lane[1],
        )

    def _lookup(self, wires: Sequence[int], base: int) -> U32:
        first_internal = 1 + self.n_places
        lookup = np.empty(first_internal + self.n_internal, dtype=np.uint32)
        lookup[0] = 0
        lookup[1:first_internal] = wires
        lookup[first_internal:] = np.arange(base, base + self.n_internal, dtype=np.uint32)
        return lookup


def _relocated(rows: Rows, lookup: U32) -> Rows:
    return Rows(rows.lengths, lookup[rows.wires], rows.coefs)


def identity_pattern(n_formals: int) -> Pattern:
    """The pattern of arguments that are distinct single wires."""
    return tuple(((place, 1),) for place in range(1, n_formals + 1))


def specialise(
    fragment: Fragment, outputs: Rows, pattern: Pattern, coefficients: CoefficientTable
) -> Stencil:
    """Substitute the argument pattern into a template."""
    body = fragment.body
    n_places = max((place for terms in pattern for place, _ in terms), default=0)
    if pattern != identity_pattern(fragment.n_formals):
        swap = _Substitution(fragment, pattern, n_places, coefficients)
        body = replace(body, a=swap(body.a), b=swap(body.b), c=swap(body.c), pool=swap(body.pool))
        outputs = swap(outputs)
    ops = body.ops.copy()
    ops[:, 1] -= 1 + fragment.n_formals
    op_shift = np.zeros_like(ops)
    op_shift[:, 1] = 1
    pool_shift = np.zeros_like(ops)
    pool_shift[:, 2:5] = ops[:, 2:5] >= 0
    return Stencil(
        n_places=n_places,
        n_internal=fragment.n_wires - 1 - fragment.n_formals,
        body=replace(body, ops=ops),
        outputs=outputs,
        scopes=fragment.scopes,
        op_shift=op_shift,
        pool_shift=pool_shift,
    )


class _Substitution:
    """Replaces formal inputs by their linear combinations, in whole arrays of rows."""

    def __init__(
        self, fragment: Fragment, pattern: Pattern, n_places: int, coefficients: CoefficientTable
    ) -> None:
        self._coefficients = coefficients
        n_internal = fragment.n_wires - 1 - fragment.n_formals
        terms = [term for formal in pattern for term in formal]
        one = coefficients.ONE
        counts = [1, *(len(formal) for formal in pattern)]
        internal = np.arange(1 + n_places, 1 + n_places + n_internal, dtype=np.int64)
        places = np.array([0, *(place for place, _ in terms)], dtype=np.int64)
        coefs = np.array([one, *(coefficients.id(coef) for _, coef in terms)], dtype=np.int64)
        self._counts = np.concatenate([np.array(counts), np.ones(n_internal, dtype=np.int64)])
        self._starts = np.concatenate([[0], np.cumsum(self._counts)[:-1]])
        self._wires = np.concatenate([places, internal])
        self._coefs = np.concatenate([coefs, np.full(n_internal, one, dtype=np.int64)])

    def __call__(self, rows: Rows) -> Rows:
        """The same rows over argument places and internal wires, without repeated wires."""
        counts = self._counts[rows.wires]
        term, position = owners(counts), ranges(self._starts[rows.wires], counts)
        coefs = self._products(rows.coefs[term].astype(np.int64), self._coefs[position])
        return self._merged(rows.row_of_term()[term], self._wires[position], coefs, len(rows))

    def _products(self, left: I64, right: I64) -> I64:
        one = self._coefficients.ONE
        result = np.where(left == one, right, left)
        hard = np.flatnonzero((left != one) & (right != one))
        if len(hard):
            keys, inverse = np.unique(left[hard] << 32 | right[hard], return_inverse=True)
            product = self._coefficients.product_id
            values = [product(key >> 32, key & 0xFFFFFFFF) for key in keys.tolist()]
            result[hard] = np.array(values, dtype=np.int64)[inverse]
        return result

    def _merged(self, row: I64, wire: I64, coef: I64, n_rows: int) -> Rows:
        """Sort each row by wire, add up repeated wires, drop coefficients that cancel."""
        key = row << 32 | wire
        order = np.argsort(key, kind="stable")
        key, coef = key[order], coef[order]
        starts = np.flatnonzero(np.diff(key, prepend=-1))
        sizes = np.diff(starts, append=len(key))
        merged = coef[starts]
        keep = np.ones(len(starts), dtype=bool)
        values, modulus = self._coefficients.values, self._coefficients.modulus
        for group in np.flatnonzero(sizes > 1).tolist():
            start = int(starts[group])
            ids = coef[start : start + int(sizes[group])].tolist()
            total = sum(values[i] for i in ids) % modulus
            keep[group] = total != 0
            merged[group] = self._coefficients.id(total) if total else 0
        kept = key[starts][keep]
        lengths = np.bincount(kept >> 32, minlength=n_rows).astype(np.uint32)
        wires = (kept & 0xFFFFFFFF).astype(np.uint32)
        return Rows(lengths, wires, merged[keep].astype(np.uint32))
