"""Baby Jubjub against circomlibjs: the definition and the fast kernels."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

from native import api
from native.constants import FR_MODULUS
from native.errors import MalformedError
from native.reference import babyjubjub as reference

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "iden3.json").read_text())["babyjub"]
BASE8 = reference.BABYJUB_BASE8
ORDER_TWO = (0, FR_MODULUS - 1)

both = pytest.mark.parametrize("curve", [reference, api], ids=["reference", "native"])


def point(strings: list[str]) -> tuple[int, int]:
    x, y = strings
    return int(x), int(y)


def test_constants__equal_the_published_ones() -> None:
    assert (str(reference.A), str(reference.D)) == (VECTORS["a"], VECTORS["d"])
    assert str(reference.BABYJUB_SUBORDER) == VECTORS["sub_order"]
    assert str(reference.BABYJUB_SUBORDER * reference.BABYJUB_COFACTOR) == VECTORS["order"]
    assert point(VECTORS["base8"]) == BASE8


@both
def test_add__equals_every_published_row(curve: ModuleType) -> None:
    for row in VECTORS["add"]:
        assert curve.babyjub_add(point(row["p"]), point(row["q"])) == point(row["sum"]), row


@both
def test_mul__equals_every_published_row(curve: ModuleType) -> None:
    for row in VECTORS["mul"]:
        assert curve.babyjub_mul(point(row["p"]), int(row["k"])) == point(row["r"]), row


@both
def test_pack__equals_every_published_row_both_ways(curve: ModuleType) -> None:
    for row in VECTORS["pack"]:
        packed = bytes.fromhex(row["packed_hex"])
        assert curve.babyjub_pack(point(row["p"])) == packed
        assert curve.babyjub_unpack(packed) == point(row["p"])


@both
def test_membership__equals_every_published_row(curve: ModuleType) -> None:
    for row in VECTORS["in_curve"]:
        assert curve.babyjub_is_on_curve(point(row["p"])) is row["in_curve"], row
        assert curve.babyjub_in_subgroup(point(row["p"])) is row["in_subgroup"], row


@both
def test_membership__a_torsion_component_is_outside_the_subgroup(curve: ModuleType) -> None:
    shifted = curve.babyjub_add(BASE8, ORDER_TWO)
    assert curve.babyjub_is_on_curve(shifted)
    assert not curve.babyjub_in_subgroup(shifted)


@both
def test_membership__unreduced_coordinates_are_not_points(curve: ModuleType) -> None:
    x, y = BASE8
    assert not curve.babyjub_is_on_curve((x + FR_MODULUS, y))
    assert not curve.babyjub_is_on_curve((x, y + FR_MODULUS))
    assert not curve.babyjub_is_on_curve((x - FR_MODULUS, y))


@both
@pytest.mark.parametrize(
    ("packed", "reason"),
    [
        (bytes(31), "31 bytes"),
        (bytes(33), "33 bytes"),
        (FR_MODULUS.to_bytes(32, "little"), "modulus"),
        ((FR_MODULUS + 1).to_bytes(32, "little"), "modulus"),
        ((1 | 1 << 255).to_bytes(32, "little"), "sign bit"),
        ((2).to_bytes(32, "little"), "no point"),
    ],
)
def test_unpack__refuses_what_no_point_packs_to(
    curve: ModuleType, packed: bytes, reason: str
) -> None:
    with pytest.raises(MalformedError, match=reason):
        curve.babyjub_unpack(packed)


@both
def test_mul__scalars_beyond_the_group_order_wrap_around(curve: ModuleType) -> None:
    order = 8 * reference.BABYJUB_SUBORDER
    p = point(VECTORS["generator"])
    assert curve.babyjub_mul(p, order + 5) == curve.babyjub_mul(p, 5)
    assert curve.babyjub_mul(p, order) == reference.IDENTITY
    assert curve.babyjub_mul(p, 1 << 300) == reference.babyjub_mul(p, (1 << 300) % order)
    with pytest.raises(ValueError, match="negative"):
        curve.babyjub_mul(p, -1)
