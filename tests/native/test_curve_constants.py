"""The constants that stand in native/src for Baby Jubjub and its scalar field, derived again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from native.constants import FR_MODULUS
from native.reference.babyjubjub import BABYJUB_BASE8, BABYJUB_SUBORDER, A, D
from native.reference.square_root import square_root

SOURCES = Path(__file__).parents[2] / "native" / "src"


def limbs(file: str, name: str) -> int:
    """The integer that `name = {{…}}` or `name = …` of a C file spells in 64-bit words."""
    text = (SOURCES / file).read_text(encoding="utf-8")
    match = re.search(rf"\b{name} =([^;]*);", text)
    assert match, f"{file} has no constant {name}"
    words = re.findall(r"0x([0-9a-fA-F]+)ULL", match.group(1))
    return sum(int(word, 16) << (64 * i) for i, word in enumerate(words))


def curve_constants() -> dict[str, int]:
    """The isomorphism to -x² + y² = 1 + d x² y²: x is multiplied by sqrt(-A)."""
    scale = square_root(-A)
    assert scale is not None
    d = -D * pow(A, -1, FR_MODULUS) % FR_MODULUS
    assert square_root(d) is None  # with -1 a square: the addition law has no exceptions
    x, y = BABYJUB_BASE8
    return {
        "bjj_scale": scale,
        "bjj_scale_inverse": pow(scale, -1, FR_MODULUS),
        "bjj_d": d,
        "bjj_twice_d": 2 * d,
        "bjj_base8_x": x * scale,
        "bjj_base8_y": y,
    }


@pytest.mark.parametrize(("name", "value"), curve_constants().items())
def test_curve_constant__is_the_montgomery_form_of_its_definition(name: str, value: int) -> None:
    assert limbs("babyjubjub.c", name) == (value << 256) % FR_MODULUS


@pytest.mark.parametrize(
    ("name", "value"),
    {
        "fl_modulus": BABYJUB_SUBORDER,
        "fl_one": (1 << 256) % BABYJUB_SUBORDER,
        "fl_r2": (1 << 512) % BABYJUB_SUBORDER,
        "fl_minus_inverse": -pow(BABYJUB_SUBORDER, -1, 1 << 64) % (1 << 64),
        "fl_chunk": (1 << (248 + 256)) % BABYJUB_SUBORDER,
    }.items(),
)
def test_scalar_field_constant__is_derived_from_the_group_order(name: str, value: int) -> None:
    assert limbs("eddsa.c", name) == value


def test_chunks_of_31_bytes_are_reduced() -> None:
    assert BABYJUB_SUBORDER > 1 << 248
