"""Multiples of a chosen point, and the complete list of scalars on which the law could fail."""

from __future__ import annotations

import random
from functools import cache

import pytest

from circuits.frontend import Builder, CompiledCircuit, compile_circuit, engine
from circuits.gadgets.montgomery import montgomery_coordinates
from circuits.gadgets.variable_base import SCALAR_BITS, multiply_by_double_plus_one
from circuits.gadgets.weierstrass import Point
from native.constants import FR_MODULUS
from native.reference.babyjubjub import BABYJUB_BASE8, BABYJUB_SUBORDER, babyjub_add, babyjub_mul

N_DIGITS = SCALAR_BITS // 2
RANDOM = random.Random(9)
SCALARS = [0, 1, 2, 3, 4, (1 << 128) - 1, FR_MODULUS // 2, FR_MODULUS - 1]
SCALARS += [RANDOM.randrange(FR_MODULUS) for _ in range(4)]
ORDER_TWO = (0, FR_MODULUS - 1)
BASES = [babyjub_mul(BABYJUB_BASE8, 31337), babyjub_add(BABYJUB_BASE8, ORDER_TWO)]


@cache
def variable_base_circuit() -> CompiledCircuit:
    def define(b: Builder) -> None:
        u, v = b.public_inputs("result", 2)
        q = Point(*b.private_inputs("q", 2))
        found = multiply_by_double_plus_one(b, q, b.private_inputs("bits", SCALAR_BITS))
        b.assert_equal(found.x, u)
        b.assert_equal(found.y, v)

    return compile_circuit(define)


@pytest.mark.parametrize("base", BASES, ids=["order l", "order 2 l"])
@pytest.mark.parametrize("scalar", SCALARS)
def test_variable_base__matches_the_reference(scalar: int, base: tuple[int, int]) -> None:
    compiled = variable_base_circuit()
    result = montgomery_coordinates(babyjub_mul(base, 2 * scalar + 1))
    bits = [scalar >> i & 1 for i in range(SCALAR_BITS)]
    values = {"result": result, "q": montgomery_coordinates(base), "bits": bits}
    assert engine.is_satisfied(compiled, engine.run(compiled, values))
    bits[200] ^= 1
    assert not engine.is_satisfied(compiled, engine.run(compiled, values))


def exceptional_steps() -> list[tuple[int, int, int]]:
    """All (step, k, d) in which 4 k + d is exceptional modulo l, for k that a scalar reaches."""
    found = []
    for step in range(N_DIGITS):
        bound = 2 * (FR_MODULUS >> 2 * (N_DIGITS - step)) + 1  # of k, before the step
        for d in (-3, -1, 1, 3):
            for multiple in range(-1, 4 * bound // BABYJUB_SUBORDER + 2):
                m = multiple * BABYJUB_SUBORDER
                candidates = {m, (m + d) // 2, (m - d) // 2, (m - d) // 4}
                for k in candidates:
                    hits = k % BABYJUB_SUBORDER == 0 or (4 * k + d) % BABYJUB_SUBORDER == 0
                    hits = hits or (2 * k - d) % BABYJUB_SUBORDER == 0
                    hits = hits or (2 * k + d) % BABYJUB_SUBORDER == 0
                    if hits and k % 2 == 1 and 0 < k <= bound:
                        found.append((step, k, d))
    return sorted(set(found))


def exceptional_scalars() -> set[int]:
    """Every h below r whose multiplication passes through an exceptional step."""
    scalars = set()
    for step, k, d in exceptional_steps():
        prefix = 4 * (k // 2) + (d + 3) // 2
        free = 2 * (N_DIGITS - step - 1)
        scalars |= {(prefix << free) + rest for rest in range(1 << free)}
    return {h for h in scalars if h < FR_MODULUS}


def test_variable_base__exceptions_need_one_of_few_hash_values() -> None:
    steps = exceptional_steps()
    assert min(step for step, _, _ in steps) >= N_DIGITS - 3
    assert 0 < len(exceptional_scalars()) < 128


def test_variable_base__an_exceptional_scalar_has_no_honest_witness() -> None:
    """The list is not empty talk: (2 h + 1) = l would give the point at infinity."""
    scalar = (BABYJUB_SUBORDER - 1) // 2
    assert scalar in exceptional_scalars()
    compiled = variable_base_circuit()
    bits = [scalar >> i & 1 for i in range(SCALAR_BITS)]
    values = {"result": (0, 0), "q": montgomery_coordinates(BASES[0]), "bits": bits}
    assert not engine.is_satisfied(compiled, engine.run(compiled, values))


def test_variable_base__costs() -> None:
    assert variable_base_circuit().n_constraints == 1538 + 2
