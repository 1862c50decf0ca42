"""Row 19: constants are taken from the witness.

What the rules are made of (rollup id, operator, empty commitments, sponge tag, tree depth) is a
constant of the circuit or stands in the public data, so a prover cannot choose it unseen.
"""

from __future__ import annotations

import pytest

from circuits.spec import public_data
from circuits.spec.account import EMPTY_ORDERS, EMPTY_POSITIONS
from circuits.spec.params import PRESETS
from native.constants import FR_MODULUS
from native.reference.poseidon import poseidon
from tests.circuits.rollup.forgery import bump, edited, rebind, violation
from tests.circuits.rollup.world import World, circuit, deposit, transfer


def test_the_constants_are_what_their_definition_gives() -> None:
    assert (poseidon(1), poseidon(2)) == (EMPTY_POSITIONS, EMPTY_ORDERS)
    assert int(b"tallystick.public-data.v1".hex(), 16) == public_data.SPONGE_TAG
    assert (public_data.SPONGE_TAG << 32) + (1 << 32) - 1 < FR_MODULUS


def test_another_rollup_id_shows_in_the_public_data_and_breaks_signatures() -> None:
    batch = World().batch(deposit(0))
    inputs = batch.named_inputs() | {"rollup_id": [batch.header.rollup_id + 1]}
    assert violation(inputs) == "public_data/commitment"
    assert violation(rebind(inputs)) == ""  # without signatures only the contract can see it …
    assert rebind(inputs)["commitment"] != [batch.commitment]  # … in d0, and it does
    assert "assert_valid" in edited(bump("rollup_id"), transfer())


@pytest.mark.parametrize("place", [4, 5], ids=["positions", "orders"])
@pytest.mark.parametrize("half", ["sender", "receiver"])
def test_the_commitments_of_an_account_stay(half: str, place: int) -> None:
    assert edited(bump(f"slot[0].{half}.account", place)).startswith("slot[0]/")


def test_three_public_inputs_bind_everything() -> None:
    public = [symbol.name for symbol in circuit().symbols if symbol.public]
    assert public == ["commitment", "challenge", "evaluation"]


def test_the_presets_are_different_circuits() -> None:
    digests = {circuit(preset).r1cs.digest() for preset in PRESETS.values() if preset.slots <= 8}
    assert len(digests) == 2
