"""Row 9: the challenge misses part of the statement.

Whatever is altered (an element of d, C, the chain id, the contract, the circuit id), the challenge
changes; and a proof's public inputs derived from altered data do not satisfy the circuit.
"""

from __future__ import annotations

import functools
from dataclasses import replace

import pytest

from circuits.rollup.inputs import BatchInputs
from circuits.spec import public_data
from circuits.spec.params import TINY
from native.constants import FR_MODULUS
from tests.circuits.rollup.forgery import Inputs, violation
from tests.circuits.rollup.world import CIRCUIT_ID, DOMAIN, World, message, transfer

ELEMENTS = range(TINY.public_data_words)


@functools.cache
def batch() -> BatchInputs:
    """A batch with two kinds of slots."""
    return World().batch(transfer(), message(nonce=1))


def altered(index: int) -> list[int]:
    """The public data with one element one higher."""
    data = list(batch().public_data)
    data[index] = (data[index] + 1) % FR_MODULUS
    return data


def with_public(commitment: int, challenge: int, evaluation: int) -> Inputs:
    """The batch's inputs with other public inputs."""
    public = {
        "commitment": [commitment],
        "challenge": [challenge],
        "evaluation": [evaluation],
    }
    return batch().named_inputs() | public


@pytest.mark.parametrize("index", ELEMENTS)
def test_altered_data_change_commitment_and_challenge(index: int) -> None:
    data, honest = altered(index), batch()
    assert public_data.commitment(data) != honest.commitment
    z = public_data.challenge(DOMAIN, CIRCUIT_ID, honest.commitment, data)
    assert z != honest.challenge
    assert public_data.evaluate(data, honest.challenge) != honest.evaluation


@pytest.mark.parametrize("index", ELEMENTS)
def test_a_verifier_with_altered_data_refuses_the_proof(index: int) -> None:
    """The operator posts other data than were proved, with the commitment of the proved data."""
    data, c = altered(index), batch().commitment
    z = public_data.challenge(DOMAIN, CIRCUIT_ID, c, data)
    assert violation(with_public(c, z, public_data.evaluate(data, z))) == "public_data"


@pytest.mark.parametrize("index", ELEMENTS)
def test_a_commitment_to_altered_data_is_refused(index: int) -> None:
    data = altered(index)
    c = public_data.commitment(data)
    z = public_data.challenge(DOMAIN, CIRCUIT_ID, c, data)
    scope = violation(with_public(c, z, public_data.evaluate(data, z)))
    assert scope == "public_data/commitment"


@pytest.mark.parametrize("shift", [1, FR_MODULUS - 1])
def test_each_public_input_is_constrained(shift: int) -> None:
    c, z, y = batch().public_inputs
    assert violation(with_public(c, z, y)) == ""
    assert violation(with_public((c + shift) % FR_MODULUS, z, y)) == "public_data/commitment"
    assert violation(with_public(c, (z + shift) % FR_MODULUS, y)) == "public_data"
    assert violation(with_public(c, z, (y + shift) % FR_MODULUS)) == "public_data"


def test_the_challenge_covers_commitment_chain_contract_and_circuit() -> None:
    honest, data = batch(), batch().public_data
    challenges = {
        honest.challenge,
        public_data.challenge(DOMAIN, CIRCUIT_ID, honest.commitment + 1, data),
        public_data.challenge(replace(DOMAIN, l1_chain_id=1), CIRCUIT_ID, honest.commitment, data),
        public_data.challenge(replace(DOMAIN, contract=1), CIRCUIT_ID, honest.commitment, data),
        public_data.challenge(DOMAIN, bytes(32), honest.commitment, data),
        public_data.challenge(DOMAIN, CIRCUIT_ID, honest.commitment, [*data, 0]),
    }
    assert len(challenges) == 6


def test_the_commitment_covers_the_length() -> None:
    data = batch().public_data
    assert public_data.commitment([*data, 0]) != public_data.commitment(data)
