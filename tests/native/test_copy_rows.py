"""Rows copied from any byte of a file, all or chosen ones."""

from __future__ import annotations

import random

import numpy as np
import pytest

from native import api


@pytest.mark.parametrize("width", [4, 8, 16])
@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("shift", [0, 1, 4, 7])
def test_copy__chosen_rows_from_any_byte(
    width: int, threads: int, shift: int, rng: random.Random
) -> None:
    file = np.frombuffer(rng.randbytes(3000 * 8 * width + shift), dtype=np.uint8)
    source = file[shift:].view(np.uint64).reshape(-1, width)
    chosen = np.array([rng.randrange(3000) for _ in range(2000)], dtype=np.uint32)
    chosen[:2] = 0, 2999
    out = np.empty((2000, width), dtype=np.uint64)
    api.copy_rows(out, source, chosen, threads=threads)
    assert np.array_equal(out, source[chosen])
    whole = np.empty((3000, width), dtype=np.uint64)
    api.copy_rows(whole, source, threads=threads)
    assert np.array_equal(whole, source)


@pytest.mark.parametrize("place", [0, 700, 1999])
def test_copy__a_row_that_does_not_exist_is_refused(place: int) -> None:
    chosen = np.zeros(2000, dtype=np.uint32)
    chosen[place] = 5
    out, source = np.empty((2000, 8), dtype=np.uint64), np.zeros((5, 8), dtype=np.uint64)
    with pytest.raises(ValueError, match="out of its range"):
        api.copy_rows(out, source, chosen)


def test_copy__shapes_must_fit() -> None:
    out = np.empty((5, 8), dtype=np.uint64)
    for shape, message in (((5, 16), "shape"), ((4, 8), "lengths 5 and 4 differ")):
        with pytest.raises(ValueError, match=message):
            api.copy_rows(out, np.zeros(shape, dtype=np.uint64))
