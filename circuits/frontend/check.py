"""Is every wire tied down? Changes each wire of a valid witness, alone, and asks the constraints.

A constraint (a·w)(b·w) = c·w that holds for w still holds for w + δ·e_j exactly if
δ · (L + δ · Q) = 0, with L = a_j (b·w) + b_j (a·w) - c_j and Q = a_j b_j. So wire j is noticed
under the change δ if L + δ · Q ≠ 0 in some constraint that mentions j. L and Q do not depend on δ:
they are computed once for all pairs (constraint, wire), in whole arrays. A pair with L ≠ 0 and
Q = 0 settles its wire for every δ, and so does any wire that only stands in the column C of a row.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from circuits.frontend.compile import CompiledCircuit
from circuits.frontend.findings import Describer, Finding
from circuits.frontend.fragment import Op
from circuits.system.r1cs import R1CS, Fr, SparseMatrix
from circuits.system.ragged import Index, owners, ranges
from circuits.system.witness_program import output_counts
from native import api
from native.constants import FR_MODULUS

Mask = NDArray[np.bool_]

N_RANDOM_CHANGES = 3
_RESULTS = (Op.LINEAR, Op.MULADD, Op.FIFTH_POWER, Op.POSEIDON, Op.POSEIDON_WORD)
_WIRE_BITS = 32


def check(compiled: CompiledCircuit, witness: Fr | Sequence[int]) -> list[Finding]:
    """The wires of a valid witness for which some tried change goes unnoticed.

    Tried on each wire alone: +1, -1, 0 <-> 1, the other sign, and random changes.
    """
    values = witness if isinstance(witness, np.ndarray) else api.fr_from_ints(witness)
    violated = compiled.r1cs.check(values)
    if violated is not None:
        raise ValueError(f"the witness is not valid: it breaks constraint {violated}")
    slopes = _Slopes(compiled.r1cs, values)
    unnoticed: dict[int, str] = {}
    for name, change in _changes(values):
        moved = change.any(axis=1)
        for wire in np.flatnonzero(~slopes.noticed(change) & moved).tolist():
            unnoticed.setdefault(wire, name)
    describer = Describer(compiled)
    return [describer.finding(wire, name) for wire, name in sorted(unnoticed.items()) if wire]


def check_unused(compiled: CompiledCircuit) -> list[Finding]:
    """The results of products and sums that no constraint but their own mentions: at best a waste,
    at worst a verdict computed and forgotten. (The result of a gadget that stands alone is one.)
    """
    r1cs = compiled.r1cs
    pairs = np.unique(np.concatenate([_keys(matrix) for matrix in (r1cs.a, r1cs.b, r1cs.c)]))
    mentions = np.bincount(_wires(pairs), minlength=compiled.n_wires)
    ops = compiled.ops[np.isin(compiled.ops[:, 0], _RESULTS)]
    results = ranges(ops[:, 1], output_counts(ops))
    describer = Describer(compiled)
    return [
        describer.finding(wire, "no constraint but its own mentions it")
        for wire in results[mentions[results] <= 1].tolist()
    ]


def _changes(values: Fr) -> Iterator[tuple[str, Fr]]:
    """Named changes, one field element for each wire."""
    n_wires = len(values)
    double = api.fr_add(values, values)
    one = api.fr_from_ints([1])
    yield "+ 1", np.repeat(one, n_wires, axis=0)
    yield "- 1", np.repeat(api.fr_neg(one), n_wires, axis=0)
    yield "replaced by 1 - value", api.fr_sub(one, double)
    yield "sign changed", api.fr_neg(double)
    for _ in range(N_RANDOM_CHANGES):
        change = 1 + secrets.randbelow(FR_MODULUS - 1)
        yield f"+ {change}", np.repeat(api.fr_from_ints([change]), n_wires, axis=0)


class _Slopes:
    """L and Q of the pairs (constraint, wire) that matter, grouped by wire."""

    def __init__(self, r1cs: R1CS, witness: Fr) -> None:
        self._n_wires = r1cs.n_wires
        a_w, b_w, _ = r1cs.products(witness)
        a, b, c = (_keys(matrix) for matrix in (r1cs.a, r1cs.b, r1cs.c))
        only_in_c = c[~np.isin(c, np.concatenate([a, b]))]
        self._settled = self._mask(only_in_c)
        pairs = np.unique(np.concatenate([a, b]))
        pairs = pairs[~self._settled[_wires(pairs)]]
        rows = pairs >> _WIRE_BITS
        a_j, b_j, c_j = (
            _entries(matrix, keys, pairs, r1cs.coefficients)
            for matrix, keys in ((r1cs.a, a), (r1cs.b, b), (r1cs.c, c))
        )
        slope = api.fr_sub(api.fr_add(api.fr_mul(a_j, b_w[rows]), api.fr_mul(b_j, a_w[rows])), c_j)
        bend = api.fr_mul(a_j, b_j)
        straight = slope.any(axis=1) & ~bend.any(axis=1)
        self._settled |= self._mask(pairs[straight])
        open_ = ~self._settled[_wires(pairs)]
        self._pairs, self._slope, self._bend = pairs[open_], slope[open_], bend[open_]

    def noticed(self, change: Fr) -> Mask:
        """Which wires some constraint notices when each alone is changed by its `change`."""
        moved = api.fr_add(self._slope, api.fr_mul(self._bend, change[_wires(self._pairs)]))
        return self._settled | self._mask(self._pairs[moved.any(axis=1)])

    def _mask(self, pairs: Index) -> Mask:
        mask = np.zeros(self._n_wires, dtype=bool)
        mask[_wires(pairs)] = True
        return mask


def _keys(matrix: SparseMatrix) -> Index:
    """(row, wire) of every term, packed."""
    return owners(np.diff(matrix.indptr)) << _WIRE_BITS | matrix.wires.astype(np.int64)


def _wires(pairs: Index) -> Index:
    return pairs & ((1 << _WIRE_BITS) - 1)


def _entries(matrix: SparseMatrix, keys: Index, pairs: Index, coefficients: Fr) -> Fr:
    """The matrix entry at each pair, 0 where there is none."""
    entries = np.zeros((len(pairs), 4), dtype=np.uint64)
    if len(keys) and len(pairs):
        order = np.argsort(keys)
        place = np.minimum(np.searchsorted(keys, pairs, sorter=order), len(keys) - 1)
        term = order[place]
        found = keys[term] == pairs
        entries[found] = coefficients[matrix.coefs[term[found]]]
    return entries
