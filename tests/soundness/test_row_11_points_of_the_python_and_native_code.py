"""Row 11: points off the curve, outside the subgroup or not reduced are refused everywhere."""

from __future__ import annotations

import dataclasses

import chain_example
import numpy as np
import pytest

from native import api
from native.constants import FP_MODULUS
from prover.groth16.generator import fp2_sqrt
from verifier.errors import MalformedKeyError, MalformedProofError
from verifier.groth16 import verify
from verifier.points import TWIST_B, G2Point, fp2_mul, g2_multiply, g2_problem


def outside_subgroup() -> G2Point:
    """A point of the twist that is not of order r: all but one in 2q − r of them."""
    for c0 in range(1, 100):
        x = (c0, 1)
        cube = fp2_mul(fp2_mul(x, x), x)
        y = fp2_sqrt(((cube[0] + TWIST_B[0]) % FP_MODULUS, (cube[1] + TWIST_B[1]) % FP_MODULUS))
        if y is not None:
            return x, y
    raise AssertionError("no point found")


BAD_G1 = {
    "not on the curve": (1, 3),
    "not below the field modulus": (1 + FP_MODULUS, 2),
    "infinity": (0, 0),
}
BAD_G2 = {
    "not on the curve": ((1, 2), (3, 4)),
    "outside the subgroup": outside_subgroup(),
    "infinity": ((0, 0), (0, 0)),
}


@pytest.mark.parametrize("name", ["a", "c"])
@pytest.mark.parametrize("reason", list(BAD_G1))
def test_proof__bad_g1_point_is_refused(name: str, reason: str) -> None:
    changed = dataclasses.replace(chain_example.proof(), **{name: BAD_G1[reason]})
    with pytest.raises(MalformedProofError, match=f"pi_{name}: .*{reason}"):
        verify(chain_example.key(), chain_example.public(), changed)


@pytest.mark.parametrize("reason", list(BAD_G2))
def test_proof__bad_g2_point_is_refused(reason: str) -> None:
    changed = dataclasses.replace(chain_example.proof(), b=BAD_G2[reason])
    with pytest.raises(MalformedProofError, match=f"pi_b: .*{reason}"):
        verify(chain_example.key(), chain_example.public(), changed)


@pytest.mark.parametrize("name", ["beta", "gamma", "delta"])
@pytest.mark.parametrize("reason", list(BAD_G2))
def test_key__bad_g2_point_is_refused(name: str, reason: str) -> None:
    changed = dataclasses.replace(chain_example.key(), **{name: BAD_G2[reason]})
    with pytest.raises(MalformedKeyError, match=f"vk_{name}_2: .*{reason}"):
        verify(changed, chain_example.public(), chain_example.proof())


@pytest.mark.parametrize("reason", list(BAD_G1))
def test_key__bad_g1_point_is_refused(reason: str) -> None:
    key = chain_example.key()
    with pytest.raises(MalformedKeyError, match=f"vk_alpha_1: .*{reason}"):
        dataclasses.replace(key, alpha=BAD_G1[reason]).validate()
    with pytest.raises(MalformedKeyError, match=rf"IC\[1\]: .*{reason}"):
        ic = (key.ic[0], BAD_G1[reason], *key.ic[2:])
        dataclasses.replace(key, ic=ic).validate()


def test_native__checks_agree_with_plain_integers() -> None:
    good = chain_example.key().beta
    points = [good, outside_subgroup(), good]
    rows = np.stack([api.g2_from_ints(point) for point in points])
    assert api.g2_first_off_curve(rows) == -1
    assert api.g2_first_outside_subgroup(rows) == 1
    assert g2_problem(good) is None
    assert g2_multiply(outside_subgroup(), 1) == outside_subgroup()
    rows[2, 5] ^= np.uint64(1)
    assert api.g2_first_off_curve(rows) == 2
