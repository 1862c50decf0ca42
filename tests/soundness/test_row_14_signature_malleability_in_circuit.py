"""Row 14, in the circuit: no second encoding of a signature, no key or commitment of low order.

Most forgeries here satisfy the signature equation itself, so that only the strict check named in
the test stands in their way; it must be the one that fails.
"""

from __future__ import annotations

from functools import cache

import pytest

from circuits.frontend import Builder, CircuitError, CompiledCircuit, compile_circuit, engine
from circuits.gadgets.eddsa import assert_valid
from native.constants import FR_MODULUS
from native.reference.babyjubjub import (
    BABYJUB_BASE8,
    BABYJUB_SUBORDER,
    babyjub_add,
    babyjub_mul,
)
from native.reference.eddsa import eddsa_verify
from native.reference.poseidon import poseidon
from tests.dishonest_prover import hints_in, run_dishonestly, violations

Point = tuple[int, int]
Values = dict[str, int | Point]

SECRET = 0x1234567890ABCDEF  # A = SECRET · Base8; the signature equation then uses 8 · SECRET
KEY = babyjub_mul(BABYJUB_BASE8, SECRET)
GENERATOR: Point = (
    995203441582195749578291179787384436505546430278305826713579947235728471134,
    5472060717959818805561601436314318772137091100104008585924551046643952123905,
)
LOW_ORDER = [babyjub_mul(GENERATOR, k * BABYJUB_SUBORDER) for k in range(8)]
IDENTITY: Point = (0, 1)


@cache
def signature_circuit() -> CompiledCircuit:
    def define(b: Builder) -> None:
        message = b.public_input("message")
        ax, ay = b.private_inputs("key", 2)
        r8x, r8y = b.private_inputs("r8", 2)
        assert_valid(b, (ax, ay), message, (r8x, r8y), b.private_input("s"), b.constant(1))

    return compile_circuit(define, name="eddsa")


def sign(message: int, *, key: Point = KEY, nonce: int = 99, wraps: int = 0) -> Values:
    """A signature whose challenge is taken as the hash + wraps · r."""
    r8 = babyjub_mul(BABYJUB_BASE8, nonce)
    challenge = poseidon(*r8, *key, message) + wraps * FR_MODULUS
    s = (nonce + challenge * 8 * SECRET) % BABYJUB_SUBORDER
    return {"message": message, "key": key, "r8": r8, "s": s}


def native_verdict(values: Values) -> bool:
    return eddsa_verify(values["key"], values["message"], (*values["r8"], values["s"]))


def is_accepted(values: Values) -> bool:
    compiled = signature_circuit()
    accepted = engine.is_satisfied(compiled, engine.run(compiled, values))
    assert accepted == native_verdict(values)
    return accepted


def broken_scopes(values: Values, lies: dict[int, int] | None = None) -> set[str]:
    compiled = signature_circuit()
    return set(violations(compiled, run_dishonestly(compiled, values, lies or {})))


def bit_lies(scope: str, number: int) -> dict[int, int]:
    """The hinted bits of `scope` claimed to be those of `number`."""
    wires = [w for w in hints_in(signature_circuit(), scope) if "is_zero" not in place_of(w)]
    return {wire: number >> i & 1 for i, wire in enumerate(wires)}


def place_of(wire: int) -> str:
    compiled = signature_circuit()
    return next(
        compiled.op_place(number)[0]
        for number, op in enumerate(compiled.ops.tolist())
        if op[1] <= wire < op[1] + max(1, op[5])
    )


def test_an_honest_signature_is_accepted() -> None:
    assert is_accepted(sign(1))


@pytest.mark.parametrize("factor", [1, 2, 7])
def test_s_plus_a_multiple_of_l_is_refused(factor: int) -> None:
    values = sign(1)
    assert not is_accepted({**values, "s": values["s"] + factor * BABYJUB_SUBORDER})


def test_s_plus_l_is_refused_by_the_comparison_alone() -> None:
    """s + l in 251 bits satisfies the equation: only the bound of the decomposition refuses it."""
    nonce = next(n for n in range(1, 99) if s_of(n) + BABYJUB_SUBORDER < 1 << 251)
    values = sign(1, nonce=nonce)
    assert is_accepted(values)
    larger = {**values, "s": values["s"] + BABYJUB_SUBORDER}
    assert {scope.rpartition("/")[2] for scope in broken_scopes(larger)} == {"to_bits_below"}


def s_of(nonce: int) -> int:
    s = sign(1, nonce=nonce)["s"]
    assert isinstance(s, int)
    return s


@pytest.mark.parametrize("key", LOW_ORDER, ids=range(8))
def test_a_key_of_low_order_is_refused(key: Point) -> None:
    """8 A = 0 makes R8 = S Base8 a signature of every message, without any secret."""
    values: Values = {"message": 5, "key": key, "r8": babyjub_mul(BABYJUB_BASE8, 3), "s": 3}
    assert not is_accepted(values)
    assert any("key" in scope for scope in broken_scopes(values))


@pytest.mark.parametrize("lie", [0, 1, FR_MODULUS - 1, 12345])
def test_a_key_of_low_order_is_refused_whatever_its_inverse_is_claimed_to_be(lie: int) -> None:
    values: Values = {"message": 5, "key": IDENTITY, "r8": babyjub_mul(BABYJUB_BASE8, 3), "s": 3}
    for wire in hints_in(signature_circuit(), "key"):
        assert any("key" in scope for scope in broken_scopes(values, {wire: lie}))


def test_the_identity_as_commitment_is_refused_although_the_equation_holds() -> None:
    values: Values = {"message": 5, "key": KEY, "r8": IDENTITY}
    challenge = poseidon(*IDENTITY, *KEY, 5)
    values["s"] = challenge * 8 * SECRET % BABYJUB_SUBORDER
    assert not is_accepted(values)
    assert [scope.rpartition("/")[2] for scope in broken_scopes(values)] == ["equation"]


@pytest.mark.parametrize("r8", LOW_ORDER[1:], ids=range(1, 8))
def test_a_commitment_of_low_order_is_refused(r8: Point) -> None:
    challenge = poseidon(*r8, *KEY, 5)
    s = challenge * 8 * SECRET % BABYJUB_SUBORDER
    assert not is_accepted({"message": 5, "key": KEY, "r8": r8, "s": s})


@pytest.mark.parametrize("torsion", LOW_ORDER[1:], ids=range(1, 8))
def test_a_commitment_moved_by_torsion_is_refused(torsion: Point) -> None:
    r8 = babyjub_add(babyjub_mul(BABYJUB_BASE8, 99), torsion)
    s = (99 + poseidon(*r8, *KEY, 1) * 8 * SECRET) % BABYJUB_SUBORDER
    assert not is_accepted({"message": 1, "key": KEY, "r8": r8, "s": s})


@pytest.mark.parametrize("torsion", LOW_ORDER[1:], ids=range(1, 8))
def test_a_key_of_mixed_order_is_judged_as_natively(torsion: Point) -> None:
    """8 A is in the subgroup, and only who knows its logarithm signs: accepted on both sides."""
    assert is_accepted(sign(1, key=babyjub_add(KEY, torsion)))


@pytest.mark.parametrize("mirror", ["x", "y"])
def test_a_mirrored_commitment_is_refused_by_one_coordinate_alone(mirror: str) -> None:
    """S is made for the challenge of the mirrored R8, so the equation gives R8 itself."""
    x, y = babyjub_mul(BABYJUB_BASE8, 99)
    r8 = (FR_MODULUS - x, y) if mirror == "x" else (x, FR_MODULUS - y)
    s = (99 + poseidon(*r8, *KEY, 1) * 8 * SECRET) % BABYJUB_SUBORDER
    values: Values = {"message": 1, "key": KEY, "r8": r8, "s": s}
    assert not is_accepted(values)
    compiled = signature_circuit()
    broken = violations(compiled, engine.run(compiled, values))
    assert [scope.rpartition("/")[2] for scope in broken] == ["equation"]


@pytest.mark.parametrize("move", [(1, 0), (0, 1)])
def test_a_key_off_the_curve_is_refused_before_the_equation(move: Point) -> None:
    """The addition formulas compute something for any pair of coordinates."""
    key = ((KEY[0] + move[0]) % FR_MODULUS, (KEY[1] + move[1]) % FR_MODULUS)
    assert "key" in {scope.rpartition("/")[2] for scope in broken_scopes({**sign(1), "key": key})}


@pytest.mark.parametrize("field", ["key", "r8"])
def test_points_off_the_curve_are_refused(field: str) -> None:
    values = sign(1)
    x, y = values[field]  # type: ignore[misc]
    assert not is_accepted({**values, field: (x, y + 1)})
    assert not is_accepted({**values, field: (0, 0)})


@pytest.mark.parametrize("field", ["key", "r8"])
def test_non_canonical_coordinates_cannot_even_be_assigned(field: str) -> None:
    values = sign(1)
    x, y = values[field]  # type: ignore[misc]
    with pytest.raises(CircuitError, match="is not in"):
        signature_circuit().assign_ints({**values, field: (x + FR_MODULUS, y)})


def test_the_challenge_plus_r_is_refused_by_the_comparison_alone() -> None:
    """hash + r in 254 bits gives another scalar modulo l, for which S was made to fit."""
    message = next(m for m in range(99) if challenge_of(m) + FR_MODULUS < 1 << 254)
    values = sign(message, wraps=1)
    assert not is_accepted(values)
    lies = bit_lies("challenge", challenge_of(message) + FR_MODULUS)
    assert {scope.rpartition("/")[2] for scope in broken_scopes(values, lies)} == {"to_bits_below"}


def challenge_of(message: int) -> int:
    return poseidon(*babyjub_mul(BABYJUB_BASE8, 99), *KEY, message)
