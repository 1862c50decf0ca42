"""Row 10: a proof of zeros or with points at infinity proves nothing, even if the equation held."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from native.constants import FR_MODULUS as R
from tests.verifier.refusals import reverts
from tests.verifier.simulator import g1
from tests.verifier.world import SIMULATOR, make_world
from verifier.errors import MalformedProofError
from verifier.groth16 import verify
from verifier.proof import Proof

ZERO1: tuple[int, int] = (0, 0)
ZERO2 = ((0, 0), (0, 0))


@pytest.mark.parametrize(
    "change", [{"a": ZERO1, "b": ZERO2, "c": ZERO1}, {"a": ZERO1}, {"b": ZERO2}, {"c": ZERO1}]
)
def test_points_at_infinity_are_refused(change: dict[str, Any]) -> None:
    world = make_world()
    world.commit(world.batch())
    zero = replace(world.proof(1), **change)
    with reverts("PointAtInfinity"):
        world.client.prove_batch(1, zero)
    with pytest.raises(MalformedProofError):
        verify(SIMULATOR.key, world.client.committed(1)[0].public_inputs, zero)
    assert world.client.proven_batches() == 0


def test_infinity_is_refused_although_the_equation_holds() -> None:
    """The trapdoor gives C for A = infinity: then e(α, β) · e(inputs, γ) · e(C, δ) = 1."""
    world = make_world()
    world.commit(world.batch())
    inputs = world.client.committed(1)[0].public_inputs
    s = SIMULATOR
    total = sum(x * y for x, y in zip((1, *inputs), s.ic, strict=True))
    c = g1(-(s.alpha * s.beta + total * s.gamma) * pow(s.delta, -1, R) % R)
    with reverts("PointAtInfinity"):
        world.client.prove_batch(1, Proof(ZERO1, world.proof(1).b, c))
