"""The one thread pool, used by several Python threads at once and after a fork."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from native import api


def transformed(seed: int) -> np.ndarray:
    """A transform that is cut into tasks for three workers."""
    return api.ntt(api.fr_powers(api.fr_from_ints([seed])[0], 4096), threads=3)


def test_callers_on_several_threads_do_not_disturb_each_other() -> None:
    seeds = list(range(2, 42))
    expected = [transformed(seed) for seed in seeds]
    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(transformed, seeds))
    assert all((a == b).all() for a, b in zip(got, expected, strict=True))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_starts_its_own_workers() -> None:
    expected = transformed(7)
    child = os.fork()
    if child == 0:
        os._exit(0 if (transformed(7) == expected).all() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_more_threads_than_tasks_or_cores() -> None:
    values = api.fr_from_ints(range(2048))
    assert (api.ntt(values, threads=64) == api.ntt(values, threads=1)).all()
