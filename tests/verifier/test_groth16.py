"""The Groth16 check with prepared keys, one proof at a time and in batches, on simulated proofs."""

from __future__ import annotations

import random

import pytest

from native.constants import FR_MODULUS as R
from tests.verifier.simulator import Simulator, g1, g2
from verifier import pairing
from verifier.errors import MalformedKeyError, MalformedProofError
from verifier.groth16 import equation_holds, verify, verify_batch
from verifier.keys import VerifyingKey
from verifier.points import g1_neg
from verifier.prepared import TABLES_UP_TO, prepared
from verifier.proof import Proof

COUNTS = [0, 1, 3, TABLES_UP_TO, TABLES_UP_TO + 1, 40]


def statement(simulator: Simulator, seed: int) -> tuple[list[int], Proof]:
    rng = random.Random(seed)
    public = [rng.choice([0, 1, R - 1, rng.randrange(R)]) for _ in simulator.ic[1:]]
    return public, simulator.prove(public, seed=seed)


def plain_equation(key: VerifyingKey, public: list[int], proof: Proof) -> bool:
    """The equation as the paper states it, with nothing prepared."""
    inputs = pairing.linear_combination(key.ic, [1, *public])
    pairs = [(g1_neg(proof.a), proof.b), (key.alpha, key.beta), (proof.c, key.delta)]
    return pairing.product_is_one(pairs + ([(inputs, key.gamma)] if inputs else []))


@pytest.mark.parametrize("n_public", COUNTS)
def test_every_number_of_public_inputs(n_public: int) -> None:
    simulator = Simulator.from_seed(n_public, n_public=n_public)
    assert (prepared(simulator.key).tables is None) == (n_public > TABLES_UP_TO)
    public, proof = statement(simulator, 7)
    assert verify(simulator.key, public, proof)
    for i in range(min(n_public, 3)):
        wrong = [*public]
        wrong[i] = (wrong[i] + 1) % R
        assert not verify(simulator.key, wrong, proof)
        assert plain_equation(simulator.key, wrong, proof) is False


def test_wrong_points__as_the_plain_equation() -> None:
    simulator = Simulator.from_seed(1)
    key, (public, proof) = simulator.key, statement(simulator, 2)
    assert plain_equation(key, public, proof)
    wrong = [
        Proof(g1(5), proof.b, proof.c),
        Proof(proof.a, g2(5), proof.c),
        Proof(proof.a, proof.b, g1(5)),
        Proof(g1_neg(proof.a), proof.b, proof.c),
        Proof(proof.c, proof.b, proof.a),
    ]
    for candidate in wrong:
        assert not verify(key, public, candidate)
        assert not plain_equation(key, public, candidate)


def test_inputs_that_add_up_to_infinity() -> None:
    """IC1 = -IC0 and the input 1: the pair with gamma contributes nothing."""
    simulator = Simulator(2, 3, 5, 7, (11, R - 11))
    proof = simulator.prove([1])
    assert verify(simulator.key, [1], proof)
    assert not verify(simulator.key, [2], proof)


def test_keys_are_not_confused() -> None:
    """Equal but for one point: each key has its own prepared form."""
    first = Simulator(2, 3, 5, 7, (11, 13))
    others = [
        Simulator(4, 3, 5, 7, (11, 13)),
        Simulator(2, 4, 5, 7, (11, 13)),
        Simulator(2, 3, 4, 7, (11, 13)),
        Simulator(2, 3, 5, 8, (11, 13)),
        Simulator(2, 3, 5, 7, (12, 13)),
        Simulator(2, 3, 5, 7, (11, 12)),
    ]
    proof = first.prove([6])
    assert verify(first.key, [6], proof)
    for other in others:
        assert not verify(other.key, [6], proof)


@pytest.mark.parametrize("n_public", [0, 3, 40])
@pytest.mark.parametrize("size", [0, 1, 2, 9])
def test_batch(size: int, n_public: int) -> None:
    simulator = Simulator.from_seed(3, n_public=n_public)
    batch = [statement(simulator, seed) for seed in range(size)]
    assert verify_batch(simulator.key, batch)
    for i, (public, proof) in enumerate(batch):
        false = Proof(proof.a, proof.b, g1(i + 1))
        assert not verify_batch(simulator.key, [*batch[:i], (public, false), *batch[i + 1 :]])


def test_batch__errors_that_cancel_in_a_plain_sum_are_found() -> None:
    """C + D in one proof, C - D in the other: without weights the sum of the equations holds."""
    simulator = Simulator.from_seed(4)
    (public, one), (other_public, two) = statement(simulator, 1), statement(simulator, 2)
    shifted = [
        pairing.linear_combination([proof.c, g1(5)], [1, sign % R])
        for proof, sign in ((one, 1), (two, -1))
    ]
    assert shifted[0] is not None
    assert shifted[1] is not None
    batch = [
        (public, Proof(one.a, one.b, shifted[0])),
        (other_public, Proof(two.a, two.b, shifted[1])),
    ]
    assert not verify_batch(simulator.key, batch)


def test_batch__refuses_what_verify_refuses() -> None:
    simulator = Simulator.from_seed(5)
    public, proof = statement(simulator, 1)
    with pytest.raises(MalformedProofError, match="expected"):
        verify_batch(simulator.key, [(public, proof), (public[:-1], proof)])
    with pytest.raises(MalformedProofError, match="not in"):
        verify_batch(simulator.key, [([R, *public[1:]], proof)])
    with pytest.raises(MalformedProofError, match="infinity"):
        verify_batch(simulator.key, [(public, Proof((0, 0), proof.b, proof.c))])
    weak = Simulator(2, 3, 5, 5, (1, 1))
    with pytest.raises(MalformedKeyError, match="vk_delta_2"):
        verify_batch(weak.key, [])


def test_equation_alone__nothing_is_validated() -> None:
    weak = Simulator(2, 3, 5, 5, (1, 1))
    assert equation_holds(weak.key, [4], weak.prove([4]))
