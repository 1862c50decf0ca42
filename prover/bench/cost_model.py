"""seconds = a + b·n + c·n·log₂ n, fitted to measured sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np


@dataclass(frozen=True)
class CostModel:
    """Coefficients in seconds, none negative, and the largest relative error at a measured size."""

    constant: float
    linear: float
    linearithmic: float
    worst_error: float

    def seconds(self, n: float) -> float:
        """The modelled time."""
        return self.constant + (self.linear + self.linearithmic * float(np.log2(n))) * n

    def as_json(self) -> dict[str, Any]:
        """The four numbers by name."""
        return {
            "constant_s": self.constant,
            "linear_s": self.linear,
            "linearithmic_s": self.linearithmic,
            "worst_error": self.worst_error,
        }


def fit(sizes: Sequence[int], seconds: Sequence[float]) -> CostModel:
    """Least squares of the relative errors, so that small sizes count as much as large ones.

    A term whose coefficient would be negative is left out: of all choices of terms the best with
    none negative is taken. Fewer sizes than terms leave out more.
    """
    n, times = np.array(sizes, dtype=float), np.array(seconds, dtype=float)
    terms = np.stack([np.ones_like(n), n, n * np.log2(n)], axis=1) / times[:, None]
    best: tuple[float, np.ndarray] | None = None
    for count in range(1, min(3, len(n)) + 1):
        for chosen in combinations(range(3), count):
            found, *_ = np.linalg.lstsq(terms[:, chosen], np.ones_like(n), rcond=None)
            error = float(((terms[:, chosen] @ found - 1) ** 2).sum())
            if (found >= 0).all() and (best is None or error < best[0] - 1e-12):
                best = error, np.bincount(chosen, weights=found, minlength=3)
    assert best is not None, "times are positive, so one term alone fits with a positive factor"
    constant, linear, linearithmic = best[1].tolist()
    errors = np.abs(terms @ best[1] - 1)
    return CostModel(constant, linear, linearithmic, float(errors.max()))
