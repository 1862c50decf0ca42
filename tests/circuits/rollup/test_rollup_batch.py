"""The rollup circuit and its specification agree: on batches, on refusals, on public data."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuits.frontend import engine
from circuits.rollup.inputs import BatchInputs
from circuits.spec.batch import BatchBuilder
from circuits.spec.params import TINY
from circuits.spec.refusal import RefusalCode, Refused
from circuits.spec.transactions import Deposit, Noop, Transaction
from tests.circuits.rollup.forgery import ForgingBuilder, circuit_public_data, violation
from tests.circuits.rollup.world import (
    ALICE,
    BOB,
    CAROL,
    EMPTY,
    FUNDS_E6,
    OPERATOR,
    START_S,
    World,
    circuit,
    deposit,
    message,
    public_key,
    transfer,
    withdraw,
)

SAMPLES = {
    "noop": lambda nonce: Noop(),
    "deposit": lambda nonce: deposit(BOB),
    "transfer": lambda nonce: transfer(nonce=nonce),
    "withdraw": lambda nonce: withdraw(nonce=nonce),
    "message": lambda nonce: message(nonce=nonce),
}
STRICTER_THAN_CIRCUIT = {RefusalCode.UNKNOWN_OPERATOR}
MAX_NONCE = (1 << 32) - 1
MAX_TIME_S = (1 << 64) - 1


def test_inputs_are_named_as_the_circuit_declares_them() -> None:
    inputs = World().batch().named_inputs()
    declared = [(symbol.name, len(symbol.wires)) for symbol in circuit().symbols]
    assert [(name, len(values)) for name, values in inputs.items()] == declared


@pytest.mark.parametrize("kinds", list(itertools.product(SAMPLES, SAMPLES)), ids="-".join)
def test_every_pair_of_types_is_satisfied(kinds: tuple[str, str]) -> None:
    world = World()
    builder = world.builder()
    for kind in kinds:
        builder.apply(SAMPLES[kind](world.nonce(ALICE)))
    batch = world.seal(builder)
    assert violation(batch) == ""
    assert list(batch.public_data) == circuit_public_data(batch.named_inputs())


def test_the_reference_machine_agrees() -> None:
    batch = World().batch(transfer(), message(nonce=1))
    witness = engine.run(circuit(), batch.named_inputs())
    engine.assert_satisfied(circuit(), witness)


def test_a_noop_batch_moves_nothing_but_the_globals() -> None:
    batch = World().batch()
    assert batch.account_root_before == batch.account_root_after
    assert batch.old_root != batch.new_root


def test_one_account_may_be_sender_receiver_and_operator() -> None:
    world = World()
    batch = world.batch(transfer(OPERATOR, ALICE), transfer(ALICE, OPERATOR))
    assert violation(batch) == ""


def test_noops_may_come_first() -> None:
    assert violation(World().batch(Noop(), transfer())) == ""


index = st.sampled_from([ALICE, BOB, CAROL, OPERATOR])
amount = st.one_of(st.integers(0, 1_200_000), st.sampled_from([0, 999_997, 1_000_000, 1 << 62]))
terms = st.fixed_dictionaries(
    {
        "fee_e6": st.sampled_from([0, 1, 3, 999_900, 1_000_001]),
        "nonce": st.sampled_from([0, 0, 0, 0, 0, 1, MAX_NONCE]),
        "expiry_s": st.sampled_from([START_S, START_S + 1, START_S - 1, MAX_TIME_S]),
    }
)
transactions: st.SearchStrategy[Transaction] = st.one_of(
    st.builds(deposit, index, amount),
    st.builds(
        lambda a, b, amount_e6, more: transfer(a, b, amount_e6=amount_e6, **more),
        index,
        st.one_of(index, st.just(EMPTY)),
        amount,
        terms,
    ),
    st.builds(
        lambda a, amount_e6, more: withdraw(a, amount_e6=amount_e6, **more), index, amount, terms
    ),
    st.builds(
        lambda a, payload, more: message(a, payload=payload, **more),
        index,
        st.binary(max_size=40),
        terms,
    ),
)


def agrees(*batch: Transaction) -> bool:
    """Whether circuit and specification judge alike; what the latter refuses is forced."""
    world = World()
    builder = world.builder(ForgingBuilder)
    refused = False
    for transaction in batch:
        try:
            BatchBuilder.check(builder, transaction)  # the rules, which a ForgingBuilder leaves out
        except Refused as refusal:
            if refusal.code in STRICTER_THAN_CIRCUIT:
                return True
            refused = True
        builder.apply(transaction)
    return bool(violation(world.seal(builder))) == refused


@settings(max_examples=200, derandomize=True)
@given(batch=st.lists(transactions, min_size=1, max_size=2))
def test_the_circuit_accepts_exactly_what_the_specification_accepts(
    batch: list[Transaction],
) -> None:
    assert agrees(*batch)


@pytest.mark.parametrize("sender", [ALICE, BOB, CAROL, OPERATOR])
def test_every_small_transfer_between_small_indices(sender: int) -> None:
    """All receivers, owned or not, and amounts around the balance."""
    amounts = (0, FUNDS_E6 - 3, FUNDS_E6 - 2)
    for receiver, amount_e6 in itertools.product(range(6), amounts):
        assert agrees(transfer(sender, receiver, amount_e6=amount_e6))


def test_every_deposit_of_one_key() -> None:
    for index in range(TINY.max_accounts):
        assert agrees(Deposit(index, public_key(ALICE), 1))


def test_json_round_trip_keeps_the_named_inputs() -> None:
    batch = World().batch(transfer(), message(nonce=1))
    again = BatchInputs.from_json(batch.to_json())
    assert again == batch
    assert again.named_inputs() == batch.named_inputs()
