"""Multiples of Base8 by bits, and that no addition in it can be exceptional."""

from __future__ import annotations

import random
from functools import cache

import pytest

from circuits.frontend import Builder, CompiledCircuit, compile_circuit, engine
from circuits.gadgets.fixed_base import DIGIT_BITS, N_DIGITS, SCALAR_BITS, multiply_base8
from native.reference.babyjubjub import BABYJUB_BASE8, BABYJUB_SUBORDER, babyjub_mul

GENERATOR = random.Random(7)
SCALARS = [0, 1, 2, 7, 8, BABYJUB_SUBORDER - 1, BABYJUB_SUBORDER, (1 << SCALAR_BITS) - 1]
SCALARS += [GENERATOR.getrandbits(SCALAR_BITS) for _ in range(6)]


@cache
def fixed_base_circuit() -> CompiledCircuit:
    def define(b: Builder) -> None:
        x, y = b.public_inputs("result", 2)
        found = multiply_base8(b, b.private_inputs("bits", SCALAR_BITS))
        b.assert_equal(found.x, x)
        b.assert_equal(found.y, y)

    return compile_circuit(define)


@pytest.mark.parametrize("scalar", SCALARS)
def test_fixed_base__matches_the_reference(scalar: int) -> None:
    compiled = fixed_base_circuit()
    x, y = babyjub_mul(BABYJUB_BASE8, scalar)
    bits = [scalar >> i & 1 for i in range(SCALAR_BITS)]
    witness = engine.run(compiled, {"result": (x, y), "bits": bits})
    assert engine.is_satisfied(compiled, witness)
    bits[100] ^= 1
    witness = engine.run(compiled, {"result": (x, y), "bits": bits})
    assert not engine.is_satisfied(compiled, witness)


def test_fixed_base__sums_stay_apart_from_the_summands() -> None:
    """The bounds of the module's argument: an odd |K| < 8^i never meets m 8^i modulo l."""
    radix = 1 << DIGIT_BITS
    largest = 0
    for i in range(1, N_DIGITS):
        largest = largest + (radix - 1) * radix ** (i - 1)
        assert largest < radix**i
        assert largest + (radix - 1) * radix**i < BABYJUB_SUBORDER


def test_fixed_base__costs() -> None:
    assert fixed_base_circuit().n_constraints == 421 + 2
