"""Fr and Fp vectors against Python integers, python-flint and (logic only) a small field."""

from __future__ import annotations

import random
from collections.abc import Callable

import flint
import galois
import numpy as np
import pytest

from native import api
from native.constants import FP_MODULUS, FR_MODULUS
from native.reference import field

EDGES = [0, 1, 2, FR_MODULUS - 1, FR_MODULUS - 2, (FR_MODULUS + 1) // 2, (1 << 253) - 1, 1 << 253]


def operands(rng: random.Random) -> list[int]:
    """All edge values and as many random ones."""
    return EDGES + [rng.randrange(FR_MODULUS) for _ in range(100)]


@pytest.mark.parametrize(
    ("native", "reference"),
    [(api.fr_add, field.fr_add), (api.fr_sub, field.fr_sub), (api.fr_mul, field.fr_mul)],
)
def test_elementwise__every_pair_of_edges(
    native: Callable[..., object], reference: Callable[..., list[int]]
) -> None:
    left = [a for a in EDGES for _ in EDGES]
    right = EDGES * len(EDGES)
    got = native(api.fr_from_ints(left), api.fr_from_ints(right))
    assert api.fr_to_ints(got) == reference(left, right)


def test_product_and_inverse__agree_with_flint(rng: random.Random) -> None:
    field_r = flint.fmpz_mod_ctx(FR_MODULUS)
    a, b = operands(rng), operands(rng)[::-1]
    products = api.fr_to_ints(api.fr_mul(api.fr_from_ints(a), api.fr_from_ints(b)))
    assert products == [int(field_r(x) * field_r(y)) for x, y in zip(a, b, strict=True)]
    inverses = api.fr_to_ints(api.fr_inverse(api.fr_from_ints(a)))
    assert inverses == [int(1 / field_r(x)) if x else 0 for x in a]


def test_sum__broadcasts_a_single_row() -> None:
    column, one = api.fr_from_ints([1, 2, 3]), api.fr_from_ints([10])
    assert api.fr_to_ints(api.fr_add(column, one)) == [11, 12, 13]
    assert api.fr_to_ints(api.fr_sub(one, column)) == [9, 8, 7]
    assert len(api.fr_mul(one, column[:0])) == 0


def test_negation_powers_and_dot(rng: random.Random) -> None:
    a, b = operands(rng), operands(rng)[::-1]
    x, y = api.fr_from_ints(a), api.fr_from_ints(b)
    assert api.fr_to_ints(api.fr_neg(x)) == field.fr_neg(a)
    assert api.fr_to_ints(api.fr_dot(x, y).reshape(1, 4)) == [field.fr_dot(a, b)]
    assert api.fr_to_ints(api.fr_powers(y[-1], 20)) == field.fr_powers(b[-1], 20)
    assert api.fr_powers(y[-1], 0).shape == (0, 4)


@pytest.mark.parametrize("n", [*range(1, 26), 100])
def test_every_length__products_conversions_and_powers(n: int, rng: random.Random) -> None:
    """Lengths around the multiples of eight, where vectors of lanes end."""
    a = [*(operands(rng) * 2)[-n:][:-1], FR_MODULUS - 1]
    b = [*EDGES, *operands(rng)][:n]
    x, y = api.fr_from_ints(a), api.fr_from_ints(b)
    assert api.canonical_to_ints(x) == [field.to_montgomery(v, FR_MODULUS) for v in a]
    assert api.fr_to_ints(x) == a
    for i, single in enumerate((y[:1], y[-1:], x[-1:])):
        value = (b[0], b[-1], a[-1])[i]
        expected = [v * value % FR_MODULUS for v in a]
        assert api.fr_to_ints(api.fr_mul(x, single)) == expected
        assert api.fr_to_ints(api.fr_mul(single, x)) == expected
    assert api.fr_to_ints(api.fr_mul(x, y)) == field.fr_mul(a, b)
    assert api.fr_to_ints(api.fr_powers(x[0], n)) == field.fr_powers(a[0], n)
    q = [v % FP_MODULUS for v in [FP_MODULUS - 1, 0, *a]]
    assert api.fp_to_ints(api.fp_from_ints(q)) == q


@pytest.mark.parametrize("modulus", [FR_MODULUS, FP_MODULUS])
def test_montgomery_form_is_the_definition(modulus: int, rng: random.Random) -> None:
    fr = modulus == FR_MODULUS
    values = [0, 1, modulus - 1] + [rng.randrange(modulus) for _ in range(50)]
    to, back = (
        (api.fr_to_montgomery, api.fr_from_montgomery)
        if fr
        else (api.fp_to_montgomery, api.fp_from_montgomery)
    )
    raw = to(api.canonical_from_ints(values))
    assert api.canonical_to_ints(raw) == [field.to_montgomery(v, modulus) for v in values]
    assert api.canonical_to_ints(back(raw)) == values


def test_conversion_reduces_any_integer() -> None:
    assert api.fr_to_ints(api.fr_from_ints([-1, FR_MODULUS, 5 * FR_MODULUS + 7])) == [
        FR_MODULUS - 1,
        0,
        7,
    ]
    assert api.fp_to_ints(api.fp_from_ints([-1, FP_MODULUS])) == [FP_MODULUS - 1, 0]


def test_first_noncanonical__finds_the_modulus_and_above() -> None:
    for modulus, find in (
        (FR_MODULUS, api.fr_first_noncanonical),
        (FP_MODULUS, api.fp_first_noncanonical),
    ):
        assert find(api.canonical_from_ints([0, 1, modulus - 1])) == -1
        assert find(api.canonical_from_ints([0, modulus])) == 1
        assert find(api.canonical_from_ints([0, 1, (1 << 256) - 1, modulus])) == 2
        assert find(api.canonical_from_ints([])) == -1


def test_wrong_shapes_and_kinds_are_refused() -> None:
    good = api.fr_from_ints([1, 2])
    for bad in (good.astype(np.int64), good.reshape(-1), good[:, :3], good.tolist()):
        with pytest.raises(ValueError, match="expected"):
            api.fr_neg(bad)
    with pytest.raises(ValueError, match="lengths 2 and 3"):
        api.fr_add(good, api.fr_from_ints([1, 2, 3]))
    with pytest.raises(ValueError, match="differ"):
        api.fr_dot(good, good[:1])
    with pytest.raises(ValueError, match="not in"):
        api.canonical_from_ints([1 << 256])
    with pytest.raises(ValueError, match="negative"):
        api.fr_powers(good[0], -1)


def test_a_view_that_is_not_contiguous_is_accepted() -> None:
    wide = api.fr_from_ints(range(10))
    assert api.fr_to_ints(api.fr_neg(api.fr_neg(wide[::3]))) == [0, 3, 6, 9]


def test_reference_batch_inversion__on_every_element_of_a_small_field() -> None:
    small = galois.GF(97)
    values = [*range(97), 0, 5]
    inverses = field.inverse_batch(values, 97)
    assert inverses[1:97] == [int(v) for v in small(1) / small(values[1:97])]
    assert inverses[0] == inverses[97] == 0
    assert field.inverse_batch([0, 0], 97) == [0, 0]
    rng = random.Random(1)
    big = [rng.randrange(FR_MODULUS) for _ in range(9)] + [0]
    assert field.inverse_batch(big, FR_MODULUS) == field.fr_inverse(big)
