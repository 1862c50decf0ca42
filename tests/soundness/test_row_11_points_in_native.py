"""Row 11: points off the curve or outside the subgroup are refused by the C code.

tests/native/test_curve.py checks membership point by point; here bad points are put to the door
that a verifier uses, in every variant.
"""

from __future__ import annotations

import numpy as np
import pytest

from native import api, variants
from native.constants import FP_MODULUS, G1_GENERATOR, G2_GENERATOR

# On the twist (found by solving y² = x³ + 3/(9+u) for small x), but not of order r.
TWIST_POINT = (
    (1, 0),
    (
        18278151005453108793778860132295291098363647455926340152056652516292830556603,
        5912654199736721486680175016176231956195085055698687135131307249486702594212,
    ),
)


@pytest.fixture(params=variants.available(), autouse=True)
def variant(request: pytest.FixtureRequest) -> object:
    with variants.forced(request.param):
        yield request.param


def test_pairing_check__refuses_points_off_the_curve() -> None:
    g1, g2 = G1_GENERATOR.reshape(1, 8), G2_GENERATOR.reshape(1, 16)
    off1, off2 = g1.copy(), g2.copy()
    off1[0, 0] ^= np.uint64(1)
    off2[0, 0] ^= np.uint64(1)
    with pytest.raises(ValueError, match="g1 off the curve"):
        api.pairing_check(off1, g2)
    with pytest.raises(ValueError, match="g2 off the curve"):
        api.pairing_check(g1, off2)
    with pytest.raises(ValueError, match="off the curve"):
        api.pairing(off1[0], g2[0])


def test_coordinates_above_the_modulus__are_off_the_curve() -> None:
    """x + q names the same residue, so the equation alone would accept it."""
    x, y = (int.from_bytes(G1_GENERATOR[i : i + 4].tobytes(), "little") for i in (0, 4))
    aliased = api.canonical_from_ints([x + FP_MODULUS, y]).reshape(1, 8)
    assert api.g1_first_off_curve(aliased) == 0


def test_a_point_of_the_twist_outside_the_subgroup__is_found() -> None:
    rows = np.stack([G2_GENERATOR, api.g2_from_ints(TWIST_POINT)])
    assert api.g2_first_off_curve(rows) == -1
    assert api.g2_first_outside_subgroup(rows) == 1


def test_negative_zero_and_half_infinity__are_off_the_curve() -> None:
    """(0, y) and (x, 0) are no points of either curve unless both are zero."""
    half = np.zeros((2, 8), dtype=np.uint64)
    half[0, :4], half[1, 4:] = G1_GENERATOR[:4], G1_GENERATOR[4:]
    assert api.g1_first_off_curve(half[:1]) == 0
    assert api.g1_first_off_curve(half[1:]) == 0
