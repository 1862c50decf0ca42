"""The signature gadget against circomlibjs's signatures and the native verification."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from circuits.frontend import Builder, CompiledCircuit, compile_circuit, engine
from circuits.gadgets.eddsa import assert_valid
from native import api
from native.constants import FR_MODULUS
from native.reference.babyjubjub import (
    BABYJUB_BASE8,
    BABYJUB_SUBORDER,
    Point,
    babyjub_add,
    babyjub_mul,
)
from native.reference.eddsa import eddsa_public_key, eddsa_sign, eddsa_verify

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "iden3.json").read_text())
KEY = bytes(range(32))
GENERATOR: Point = (  # of the whole group, order 8 l
    995203441582195749578291179787384436505546430278305826713579947235728471134,
    5472060717959818805561601436314318772137091100104008585924551046643952123905,
)


@cache
def signature_circuit() -> CompiledCircuit:
    def define(b: Builder) -> None:
        message = b.public_input("message")
        ax, ay = b.private_inputs("key", 2)
        r8x, r8y = b.private_inputs("r8", 2)
        s, enabled = b.private_input("s"), b.private_input("enabled")
        b.assert_boolean(enabled)
        assert_valid(b, (ax, ay), message, (r8x, r8y), s, enabled)

    return compile_circuit(define, name="eddsa")


def values_of(row: dict[str, Any]) -> dict[str, int | list[int]]:
    return {
        "message": int(row["msg"]),
        "key": [int(c) for c in row["pub"]],
        "r8": [int(c) for c in row["R8"]],
        "s": int(row["S"]),
        "enabled": 1,
    }


def accepts(values: dict[str, int | list[int]]) -> bool:
    compiled = signature_circuit()
    return compiled.r1cs.check(compiled.witness(compiled.assign(values))) is None


@pytest.mark.parametrize("row", VECTORS["eddsa_poseidon"], ids=lambda row: row["prv_hex"][:6])
def test_eddsa__signatures_of_circomlibjs_are_accepted(row: dict[str, Any]) -> None:
    values = values_of(row)
    assert accepts(values)
    assert not accepts({**values, "message": (int(row["msg"]) + 1) % FR_MODULUS})


@pytest.mark.parametrize("row", VECTORS["eddsa_poseidon_negative"], ids=lambda row: row["why"])
def test_eddsa__what_circomlibjs_refuses_is_refused(row: dict[str, Any]) -> None:
    assert not row["valid"]
    assert not accepts(values_of(row))


@pytest.mark.parametrize("row", VECTORS["eddsa_poseidon"][:2], ids=lambda row: row["prv_hex"][:6])
def test_eddsa__the_reference_engine_judges_the_same_witness_alike(row: dict[str, Any]) -> None:
    compiled, values = signature_circuit(), values_of(row)
    witness = engine.run(compiled, values)
    engine.assert_satisfied(compiled, witness)
    assert witness == api.fr_to_ints(compiled.witness(compiled.assign(values)))
    refused = engine.run(compiled, {**values, "s": 1})
    assert not engine.is_satisfied(compiled, refused)


def test_eddsa__agrees_with_native_verification_on_changed_fields() -> None:
    message = 424242
    key, (r8x, r8y, s) = eddsa_public_key(KEY), eddsa_sign(KEY, message)
    cases = [
        (key, message, (r8x, r8y, s)),
        (key, message, (r8x, r8y, s ^ 1)),
        (key, message, (r8x, FR_MODULUS - r8y, s)),
        (key, message, (FR_MODULUS - r8x, r8y, s)),
        ((key[0], FR_MODULUS - key[1]), message, (r8x, r8y, s)),
        (key, message ^ 1, (r8x, r8y, s)),
    ]
    verdicts = []
    for case_key, case_message, signature in cases:
        values = {"message": case_message, "key": case_key, "r8": signature[:2], "s": signature[2]}
        verdicts.append(accepts({**values, "enabled": 1}))
        assert verdicts[-1] == eddsa_verify(case_key, case_message, signature)
    assert verdicts == [True, False, False, False, False, False]


def neighbours(seed: int) -> Iterator[tuple[Point, int, tuple[int, int, int]]]:
    """A random signature, the same one slightly off, and one of a key of mixed order."""
    chance = random.Random(seed)
    private_key, message = chance.randbytes(32), chance.randrange(FR_MODULUS - 1)
    key, signature = api.eddsa_public_key(private_key), api.eddsa_sign(private_key, message)
    r8, s = signature[:2], signature[2]
    torsion = babyjub_mul(GENERATOR, chance.randrange(1, 8) * BABYJUB_SUBORDER)
    yield key, message, signature
    yield key, message + 1, signature
    yield babyjub_add(key, torsion), message, signature
    yield key, message, (*babyjub_add(r8, torsion), s)
    yield key, message, (*r8, s ^ 1 << chance.randrange(250))
    secret, nonce = (chance.randrange(1, BABYJUB_SUBORDER) for _ in range(2))
    mixed = babyjub_add(babyjub_mul(BABYJUB_BASE8, secret), torsion)
    r8 = babyjub_mul(BABYJUB_BASE8, nonce)
    challenge = api.poseidon(*r8, *mixed, message)
    yield mixed, message, (*r8, (nonce + challenge * 8 * secret) % BABYJUB_SUBORDER)


@pytest.mark.parametrize("seed", range(12))
def test_eddsa__agrees_with_the_native_library_on_random_signatures(seed: int) -> None:
    verdicts = []
    for key, message, signature in neighbours(seed):
        values = {"message": message, "key": key, "r8": signature[:2], "s": signature[2]}
        verdicts.append(accepts({**values, "enabled": 1}))
        assert verdicts[-1] == api.eddsa_verify(key, message, signature)
    assert verdicts == [True, False, False, False, False, True]


@pytest.mark.parametrize("r8", [(0, 0), (0, 1), (5, 6)], ids=str)
@pytest.mark.parametrize("key", [(0, 0), (0, 1), (1, 1), eddsa_public_key(KEY)], ids=lambda k: k[0])
def test_eddsa__when_disabled_any_key_message_and_commitment_pass(
    key: tuple[int, int], r8: tuple[int, int]
) -> None:
    values = {"message": FR_MODULUS - 1, "key": key, "r8": r8, "s": 0}
    assert accepts({**values, "enabled": 0})
    assert not accepts({**values, "enabled": 1})


def test_eddsa__costs_what_its_docstring_says() -> None:
    assert signature_circuit().n_constraints == 3019 + 1
