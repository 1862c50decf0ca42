"""A .zkey as a proving key, proved from without a copy on disk.

Its points already are as the kernels take them, but two things differ from a key of ours: wires
that a matrix never mentions are there with points at infinity, and sections start at any byte. So
a section is gathered, aligned, when it is asked for, and nobody keeps it: memory holds one at a
time. The coefficients are sorted into matrices once.

Points of the header are checked as those of a verification key are; the others are not looked at,
as in a key of ours: a wrong one gives a proof that does not verify and is withheld.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from native import api
from native.binding import empty
from prover.groth16.conversion import read_terms, sizes_of, verifying_key
from prover.groth16.key_layout import LAYOUT
from prover.groth16.keys import ProvingKey
from prover.snarkjs.container import U32, U64
from prover.snarkjs.zkey import HEADER_POINTS, check_header_points, check_points, map_zkey


class ZkeyProvingKey(ProvingKey):
    """A mapped .zkey with the interface of a proving key; it does not hold matrix C."""

    def __init__(self, path: str | Path) -> None:
        self.source = str(path)
        self._zkey = zkey = map_zkey(path)
        check_header_points(zkey)
        verifying_key(zkey).validate(self.source)
        terms = read_terms(zkey)
        self.sizes = sizes_of(zkey, terms)
        self.digest = bytes(32)
        n = zkey.n_wires
        mentioned = {"a": _mentioned(terms.a.wires, n), "b": _mentioned(terms.b.wires, n)}
        private = np.arange(zkey.n_public + 1, zkey.n_wires, dtype=np.uint32)
        self._small: dict[str, NDArray[np.generic]] = {
            **{name: getattr(zkey, name)[None, :] for name in HEADER_POINTS},
            **{f"{name}_wires": wires for name, wires in mentioned.items()},
            "c_wires": private,
            "ic": np.array(zkey.ic),
            "coefficients": terms.table,
        }
        for name, matrix in (("A", terms.a), ("B", terms.b)):
            self._small |= {f"{name}.{p}": getattr(matrix, p) for p in ("indptr", "wires", "coefs")}
        # section -> where it lies, and which of its rows belong to the key
        self._gathered: dict[str, tuple[U64, U32 | None]] = {
            "a": (zkey.a, mentioned["a"]),
            "b2": (zkey.b2, mentioned["b"]),
            "c": (zkey.c, None),
            "b1": (zkey.b1, mentioned["b"]),
            "h": (zkey.h, None),
        }

    @property
    def size_bytes(self) -> int:
        """The length of the file."""
        return Path(self.source).stat().st_size

    @property
    def section_names(self) -> list[str]:
        """The sections that a key of ours made from this one would have."""
        return [name for name in LAYOUT if name in self._small or name in self._gathered]

    def array(self, name: str) -> NDArray[np.generic]:
        """A section as an array of its layout; points are copied anew by each call."""
        if name in self._small:
            return self._small[name]
        return self.span(name, name)

    @property
    def copied_bytes(self) -> int:
        """The larger of the two copies that a proof holds, one after the other."""
        rows = {name: self.span_rows(name, name)[0] for name in self._gathered}
        one, two = rows["a"] + 2 * rows["b2"], rows["c"] + rows["b1"] + rows["h"]
        return 64 * max(one, two)

    def span(self, first: str, last: str, *, threads: int = 0) -> U64:
        """Neighbouring sections of points as one new array."""
        total, starts = self.span_rows(first, last)
        points = empty(total, LAYOUT[first][1])
        for name, start in starts.items():
            source, rows = self._gathered[name]
            count = len(source) if rows is None else len(rows)
            api.copy_rows(points[start : start + count], source, rows, threads=threads)
        return points

    def span_rows(self, first: str, last: str) -> tuple[int, dict[str, int]]:
        """How many rows `span` has, and the row at which each of its sections starts."""
        names = list(self._gathered)
        starts, total = {}, 0
        for name in names[names.index(first) : names.index(last) + 1]:
            source, rows = self._gathered[name]
            starts[name] = total
            total += len(source) if rows is None else len(rows)
        return total, starts

    def verify_sections(self) -> None:
        """Check every point, which a proof does not need; `MalformedFileError` names a bad one."""
        check_points(self._zkey)


def _mentioned(wires: U32, n_wires: int) -> U32:
    """The wires that a matrix has a term for, ascending."""
    found = np.zeros(n_wires, dtype=np.bool_)
    found[wires] = True
    return np.flatnonzero(found).astype(np.uint32)
