"""Between a .zkey and our proving key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from circuits.system.r1cs import R1CS, SparseMatrix
from native import api
from prover.errors import MalformedFileError
from prover.groth16.key_layout import KeySizes
from prover.groth16.keys import ProvingKey, verifying_key_from_points, write_key
from prover.groth16.qap import from_r1cs, row_numbers
from prover.snarkjs.checks import check_scalars
from prover.snarkjs.container import U32, U64
from prover.snarkjs.zkey import COEFFICIENT, HEADER_POINTS, SETUP_ORDER, Zkey
from verifier.keys import VerifyingKey

NO_CEREMONY = bytes(64)


def key_from_zkey(zkey: Zkey, path: str | Path, r1cs: R1CS | None = None) -> ProvingKey:
    """Write our proving key from a .zkey; with the circuit it also names violated constraints.

    Refuses a fresh key (δ = γ) and a circuit whose matrices differ from the key's. A key without
    contributions does not come from a ceremony and is marked as a development key.
    """
    verifying_key(zkey).validate(zkey.source)
    terms = read_terms(zkey)
    arrays = {**point_arrays(zkey), **matrix_arrays(A=terms.a, B=terms.b)}
    arrays["coefficients"] = terms.table
    circuit_id = bytes(32)
    if r1cs is not None:
        arrays |= _circuit_arrays(zkey, r1cs)
        circuit_id = r1cs.digest()
    return write_key(path, sizes_of(zkey, terms, circuit_id), arrays)


def zkey_from_key(key: ProvingKey) -> Zkey:
    """Our key as a .zkey without ceremony transcript (snarkjs proves from it)."""
    sizes = key.sizes
    wires = key.wire_lists
    private = sizes.n_wires - sizes.n_public - 1
    return Zkey(
        sizes.n_wires,
        sizes.n_public,
        1 << sizes.log_domain,
        **{name: key.points(name)[0] for name in HEADER_POINTS},
        ic=key.points("ic"),
        coefficients=coefficient_records(key.matrices["A"], key.matrices["B"], key.coefficients),
        a=_scatter(wires["a"], key.points("a"), sizes.n_wires),
        b1=_scatter(wires["b"], key.points("b1"), sizes.n_wires),
        b2=_scatter(wires["b"], key.points("b2"), sizes.n_wires),
        c=_scatter(wires["c"] - np.uint32(sizes.n_public + 1), key.points("c"), private),
        h=key.points("h"),
        circuit_hash=NO_CEREMONY,
        order=SETUP_ORDER,
        source=key.source,
    )


def verifying_key(zkey: Zkey) -> VerifyingKey:
    """The verification key inside a .zkey, not validated."""
    g1 = np.concatenate([zkey.alpha1[None, :], zkey.ic])
    return verifying_key_from_points(g1, np.stack([zkey.beta2, zkey.gamma2, zkey.delta2]))


def point_arrays(zkey: Zkey) -> dict[str, NDArray[np.generic]]:
    """The point sections of our key; points at infinity are dropped and their wires forgotten."""
    arrays: dict[str, NDArray[np.generic]] = {n: getattr(zkey, n)[None, :] for n in HEADER_POINTS}
    arrays |= {"ic": zkey.ic, "h": zkey.h}
    arrays["a_wires"], arrays["a"] = _gather(zkey.a, 0)
    present = np.flatnonzero(zkey.b1.any(axis=1) | zkey.b2.any(axis=1)).astype(np.uint32)
    arrays |= {"b_wires": present, "b1": zkey.b1[present], "b2": zkey.b2[present]}
    arrays["c_wires"], arrays["c"] = _gather(zkey.c, zkey.n_public + 1)
    return arrays


def _gather(points: U64, first_wire: int) -> tuple[U32, U64]:
    present = np.flatnonzero(points.any(axis=1)).astype(np.uint32)
    return present + np.uint32(first_wire), points[present]


def _scatter(wires: U32, points: U64, count: int) -> U64:
    result = np.zeros((count, points.shape[1]), dtype=np.uint64)
    result[wires] = points
    return result


@dataclass(frozen=True, eq=False)
class Terms:
    """Section 4 of a .zkey: matrices A and B, and the table of their coefficients, Montgomery."""

    n_rows: int
    a: SparseMatrix
    b: SparseMatrix
    table: U64


def read_terms(zkey: Zkey) -> Terms:
    """Sort the coefficient records by row; `MalformedFileError` for one that is out of bounds."""
    records = zkey.coefficients.view(np.uint8)
    terms = api.zkey_terms(records, zkey.domain_size, zkey.n_wires)
    if isinstance(terms, int):
        reason = f"record {terms} names a matrix, a row or a wire that is not there"
        raise MalformedFileError(zkey.source, "coefficients", reason)
    check_scalars(zkey.source, "coefficients, distinct", terms.table)
    n_rows = max(int(np.searchsorted(starts, starts[-1])) for starts in terms.indptr)
    if n_rows < zkey.n_public + 1:
        raise MalformedFileError(zkey.source, "coefficients", f"{n_rows} rows")
    a, b = (
        SparseMatrix(starts[: n_rows + 1], wires, coefs)
        for starts, wires, coefs in zip(terms.indptr, terms.wires, terms.coefs, strict=True)
    )
    # the file holds c·R²; taking one R away leaves Montgomery form
    return Terms(n_rows, a, b, api.fr_from_montgomery(terms.table))


def sizes_of(zkey: Zkey, terms: Terms, circuit_id: bytes = bytes(32)) -> KeySizes:
    """What our header says of a .zkey. One without contributions is a development key: it does
    not come from a ceremony."""
    return KeySizes(
        zkey.n_wires,
        zkey.n_public,
        terms.n_rows - zkey.n_public - 1,
        zkey.domain_size.bit_length() - 1,
        circuit_id,
        development=not zkey.contributions,
    )


def coefficient_records(a: SparseMatrix, b: SparseMatrix, table: U64) -> NDArray[np.void]:
    """Section 4: row by row, the terms of A, then those of B."""
    squared = api.fr_to_montgomery(table)
    count = len(a.wires) + len(b.wires)
    records = np.zeros(count, dtype=COEFFICIENT)
    records["matrix"][len(a.wires) :] = 1
    records["row"] = np.concatenate([row_numbers(a), row_numbers(b)])
    records["wire"] = np.concatenate([a.wires, b.wires])
    records["value"] = squared[np.concatenate([a.coefs, b.coefs])]
    return records[np.argsort(records["row"] * np.uint64(2) + records["matrix"], kind="stable")]


def _sorted(records: NDArray[np.void]) -> NDArray[np.void]:
    return records[np.lexsort((records["wire"], records["row"], records["matrix"]))]


def _circuit_arrays(zkey: Zkey, r1cs: R1CS) -> dict[str, NDArray[np.generic]]:
    """The circuit's own matrices and table, once they are seen to be those of the key."""
    qap = from_r1cs(r1cs)
    ours = _sorted(coefficient_records(qap.a, qap.b, qap.coefficients))
    sizes = (r1cs.n_wires, r1cs.n_public) == (zkey.n_wires, zkey.n_public)
    if not sizes or ours.tobytes() != _sorted(zkey.coefficients).tobytes():
        raise MalformedFileError(zkey.source, "coefficients", "key belongs to another circuit")
    return {**matrix_arrays(A=qap.a, B=qap.b, C=qap.c), "coefficients": qap.coefficients}


def matrix_arrays(**matrices: SparseMatrix) -> dict[str, NDArray[np.generic]]:
    """The matrix sections of our key, by the names of the matrices."""
    return {
        f"{name}.{part}": getattr(matrix, part)
        for name, matrix in matrices.items()
        for part in ("indptr", "wires", "coefs")
    }
