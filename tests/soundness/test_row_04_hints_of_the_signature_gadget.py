"""Row 4, for the signature: a hint replaced by anything else breaks a constraint.

Two attacks on a valid signature's witness: a wrong hint beside an otherwise honest witness (every
hint), and a wrong hint with all later wires computed from it (a sample of each kind and scope).
"""

from __future__ import annotations

import random
from functools import cache

import pytest

from circuits.frontend import Builder, CompiledCircuit, compile_circuit, engine
from circuits.frontend.machine import evaluated, term_lists
from circuits.gadgets.eddsa import assert_valid
from native.constants import FR_MODULUS
from native.reference.eddsa import eddsa_public_key, eddsa_sign
from tests.dishonest_prover import hint_wires, run_dishonestly, violations

RANDOM = random.Random(4)
KEY = bytes(range(32, 64))
MESSAGE = 2024
R8X, R8Y, S = eddsa_sign(KEY, MESSAGE)
VALUES = {"message": MESSAGE, "key": eddsa_public_key(KEY), "r8": (R8X, R8Y), "s": S, "enabled": 1}


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


Rows = tuple[list[tuple[int, int]], ...]


def constraints_by_wire() -> dict[int, list[Rows]]:
    compiled = signature_circuit()
    systems = [term_lists(m, compiled.coefficients) for m in (compiled.a, compiled.b, compiled.c)]
    found: dict[int, list[Rows]] = {}
    for rows in zip(*systems, strict=True):
        for wire in {wire for row in rows for wire, _ in row}:
            found.setdefault(wire, []).append(rows)
    return found


def is_broken(rows: Rows, witness: list[int]) -> bool:
    a, b, c = (evaluated(row, witness.__getitem__, FR_MODULUS) for row in rows)
    return (a * b - c) % FR_MODULUS != 0


def test_a_wrong_hint_beside_an_honest_witness_is_noticed() -> None:
    compiled = signature_circuit()
    witness = engine.run(compiled, VALUES)
    assert engine.is_satisfied(compiled, witness)
    by_wire = constraints_by_wire()
    unnoticed = []
    for wire, scope in hint_wires(compiled):
        honest = witness[wire]
        for lie in {0, 1, -honest % FR_MODULUS, RANDOM.randrange(FR_MODULUS)} - {honest}:
            witness[wire] = lie
            if not any(is_broken(rows, witness) for rows in by_wire.get(wire, [])):
                unnoticed.append((wire, scope, lie))
        witness[wire] = honest
    assert unnoticed == []


def sampled_hints() -> list[tuple[int, str]]:
    hints = hint_wires(signature_circuit())
    scopes = sorted({scope for _, scope in hints})
    sample = []
    for scope in scopes:
        inside = [hint for hint in hints if hint[1] == scope]
        sample += RANDOM.sample(inside, min(2, len(inside)))
    return RANDOM.sample(sample, min(40, len(sample)))


@pytest.mark.parametrize(("wire", "scope"), sampled_hints())
def test_a_wrong_hint_that_later_wires_follow_is_noticed_at_once(wire: int, scope: str) -> None:
    """Noticed where the hint was taken, not only by the final equation."""
    compiled = signature_circuit()
    honest = engine.run(compiled, VALUES)[wire]
    for lie in {1 - honest if honest < 2 else 0, RANDOM.randrange(FR_MODULUS)}:
        witness = run_dishonestly(compiled, VALUES, {wire: lie})
        assert scope in violations(compiled, witness)
