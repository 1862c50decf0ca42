"""The sponge against a plain definition of it."""

from __future__ import annotations

import pytest

from circuits.frontend import Builder, CompiledCircuit, compile_circuit, engine
from circuits.gadgets.sponge import sponge_hash
from native.reference.poseidon import poseidon_permute

DOMAIN = 0x74616C6C79


def plain_sponge(elements: list[int], domain: int) -> int:
    state = [(domain << 32) + len(elements)] + [0] * 16
    padded = elements + [0] * (-len(elements) % 16)
    for start in range(0, len(padded), 16):
        rate = zip(state[1:], padded[start : start + 16], strict=True)
        state = poseidon_permute([[state[0], *(word + element for word, element in rate)]])[0]
    return state[0]


def sponge_circuit(length: int) -> CompiledCircuit:
    def define(b: Builder) -> None:
        digest = b.public_input("digest")
        elements = b.private_inputs("elements", length)
        b.assert_equal(sponge_hash(b, elements, domain=DOMAIN), digest)

    return compile_circuit(define)


@pytest.mark.parametrize(("length", "cost"), [(1, 609), (16, 609), (17, 1221), (33, 1833)], ids=str)
def test_sponge__matches_its_definition_at_its_cost(length: int, cost: int) -> None:
    compiled = sponge_circuit(length)
    assert compiled.n_constraints == cost + 1
    elements = list(range(100, 100 + length))
    digest = plain_sponge(elements, DOMAIN)
    values = {"digest": digest, "elements": elements}
    assert engine.is_satisfied(compiled, engine.run(compiled, values))
    for changed in (0, length - 1):
        elements[changed] += 1
        assert not engine.is_satisfied(compiled, engine.run(compiled, values))
        elements[changed] -= 1


def test_sponge__zero_padding_is_no_collision() -> None:
    assert plain_sponge([1], DOMAIN) != plain_sponge([1, 0], DOMAIN)
    compiled = sponge_circuit(2)
    forged = {"digest": plain_sponge([1], DOMAIN), "elements": [1, 0]}
    assert not engine.is_satisfied(compiled, engine.run(compiled, forged))


def test_sponge__nothing_to_hash_is_refused() -> None:
    with pytest.raises(ValueError, match="a sponge takes 1 to"):
        sponge_circuit(0)
