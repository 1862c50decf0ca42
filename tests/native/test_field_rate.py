"""Powers by repeated products, which the benchmarks measure a product with."""

from __future__ import annotations

import random

import pytest

from native import api, variants
from native.constants import FR_MODULUS

EDGES = [0, 1, 2, FR_MODULUS - 1, FR_MODULUS - 2, FR_MODULUS // 2]


@pytest.mark.parametrize("variant", variants.available())
@pytest.mark.parametrize("count", [0, 1, 3, 8, 31, 32, 33, 100])
@pytest.mark.parametrize("exponent", [1, 2, 3, 17])
def test_power__is_that_of_the_integers(
    count: int, exponent: int, variant: str, rng: random.Random
) -> None:
    values = [rng.choice([*EDGES, rng.randrange(FR_MODULUS)]) for _ in range(count)]
    with variants.forced(variant):
        powers = api.fr_to_ints(api.fr_power(api.fr_from_ints(values), exponent))
    assert powers == [pow(value, exponent, FR_MODULUS) for value in values]


@pytest.mark.parametrize("exponent", [0, -1])
def test_power__must_be_positive(exponent: int) -> None:
    with pytest.raises(ValueError, match="not positive"):
        api.fr_power(api.fr_from_ints([2]), exponent)
