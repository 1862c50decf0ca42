"""Row 6: x and x + r are one field element and must not be two accepted statements."""

from __future__ import annotations

import json

import chain_example
import pytest

from native.constants import FR_MODULUS
from verifier.errors import MalformedProofError
from verifier.groth16 import equation_holds, verify
from verifier.proof import public_from_json


@pytest.mark.parametrize("index", range(3))
@pytest.mark.parametrize("shift", [FR_MODULUS, 2 * FR_MODULUS, -FR_MODULUS])
def test_verify__input_shifted_by_the_modulus_is_refused(index: int, shift: int) -> None:
    public = chain_example.public()
    assert verify(chain_example.key(), public, chain_example.proof())
    public[index] += shift
    with pytest.raises(MalformedProofError, match=rf"\[{index}\]: -?\d+ is not in \[0, "):
        verify(chain_example.key(), public, chain_example.proof())


@pytest.mark.parametrize("index", range(3))
def test_public_json__value_at_or_above_the_modulus_is_refused(index: int) -> None:
    values = [str(value) for value in chain_example.public()]
    values[index] = str(int(values[index]) + FR_MODULUS)
    with pytest.raises(MalformedProofError, match=rf"\[{index}\]: .* is not below the modulus"):
        public_from_json(json.dumps(values))


def test_the_check_is_what_refuses() -> None:
    """Reduced modulo r the shifted input is the same statement: only the range check stops it."""
    shifted = [(value + FR_MODULUS) % FR_MODULUS for value in chain_example.public()]
    assert equation_holds(chain_example.key(), shifted, chain_example.proof())
