"""Vectors and seeded inputs that the tests of native/ share."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from native.reference.curve import G1Point, G2Point

VECTORS = Path(__file__).resolve().parents[1] / "vectors"


@pytest.fixture(scope="session")
def bn254() -> dict[str, Any]:
    """tests/vectors/bn254.json."""
    data: dict[str, Any] = json.loads((VECTORS / "bn254.json").read_text(encoding="utf-8"))
    return data


@pytest.fixture
def rng() -> random.Random:
    """The same stream in every run; its seed is 254."""
    return random.Random(254)


class Decode:
    """Points of the vector file: lists of decimal strings, null for infinity."""

    @staticmethod
    def g1(point: Sequence[str] | None) -> G1Point:
        return None if point is None else (int(point[0]), int(point[1]))

    @staticmethod
    def g2(point: Sequence[Sequence[str]] | None) -> G2Point:
        if point is None:
            return None
        (x0, x1), (y0, y1) = point
        return (int(x0), int(x1)), (int(y0), int(y1))


@pytest.fixture(scope="session")
def decode() -> type[Decode]:
    """Readers of the points of the vector file."""
    return Decode
