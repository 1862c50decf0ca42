"""Row 11: points off the curve, outside the subgroup or not canonical are refused on chain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from native.constants import FP_MODULUS
from tests.verifier.refusals import reverts
from tests.verifier.test_groth16_verifier_contract import outside_subgroup
from tests.verifier.world import make_world


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"a": (1, 3)}, "PrecompileFailed"),
        ({"b": ((1, 2), (3, 4))}, "PrecompileFailed"),
        ({"b": outside_subgroup()}, "PrecompileFailed"),
        ({"c": (5, 5)}, "PrecompileFailed"),
        ({"a": (FP_MODULUS + 1, 2)}, "CoordinateNotCanonical"),
        ({"c": (1, FP_MODULUS + 2)}, "CoordinateNotCanonical"),
        ({"b": ((2**256 - 1, 0), (0, 0))}, "CoordinateNotCanonical"),
    ],
)
def test_bad_points_move_no_state(change: dict[str, Any], error: str) -> None:
    world = make_world()
    world.commit(world.batch())
    with reverts(error):
        world.client.prove_batch(1, replace(world.proof(1), **change))
    assert world.client.proven_batches() == 0
