"""Row 17, in the rollup circuit: every account that a batch opens hangs under the batch's roots.

Two worlds that differ in one balance are spliced: each half of a batch is valid in its own world,
all hashes and the public data fit, and only one comparison of roots (or one index bit) gives it
away.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from circuits.frontend import engine
from tests.circuits.rollup.forgery import Inputs, rebind
from tests.circuits.rollup.world import ALICE, EMPTY, World, circuit, transfer
from tests.dishonest_prover import violations


def rich_world() -> World:
    """The same history, but Alice has a billion that nobody deposited."""
    world = World()
    alice = world.tree.account(ALICE)
    world.tree.set_account(ALICE, replace(alice, collateral_e6=10**9))
    return world


@cache
def batch_of(kind: str, *, rich: bool) -> Inputs:
    world = rich_world() if rich else World()
    transactions = [transfer(amount_e6=100)] if kind == "transfer" else []
    return world.batch(*transactions).named_inputs()


def chronological(name: str) -> tuple[int, int]:
    """Declared order, but the root between the halves of a slot stands between them."""
    order = list(batch_of("noop", rich=False))
    if name.endswith(".middle_root"):
        return order.index(name.replace("middle_root", "receiver.index_bits")), 0
    return order.index(name), 1


def spliced(kind: str, switch: str) -> Inputs:
    """The honest world's inputs up to and including `switch`, the rich world's after it.

    Public inputs stand first and are rebound, so the switch splits only what a prover chooses.
    """
    honest, rich = batch_of(kind, rich=False), batch_of(kind, rich=True)
    names = sorted(honest, key=chronological)
    after = set(names[names.index(switch) + 1 :])
    return rebind({name: (rich if name in after else honest)[name] for name in names})


def broken(inputs: Inputs) -> list[str]:
    compiled = circuit()
    return violations(compiled, compiled.witness(compiled.assign(inputs)))


@pytest.mark.parametrize("kind", ["noop", "transfer"])
def test_each_world_alone_is_satisfied(kind: str) -> None:
    for rich in (False, True):
        assert broken(rebind(batch_of(kind, rich=rich))) == []


@pytest.mark.parametrize("kind", ["noop", "transfer"])
@pytest.mark.parametrize(
    ("switch", "scope"),
    [
        ("account_root_before", "slot[0]/sender"),
        ("slot[0].sender.siblings", "slot[0]/sender"),
        ("slot[0].middle_root", "slot[0]/receiver"),
        ("slot[0].receiver.siblings", "slot[0]/receiver"),
        ("slot[0].root_after", "slot[1]/sender"),
        ("slot[1].root_after", "operator"),
        ("operator.siblings", "operator"),
    ],
)
def test_a_switch_of_worlds_is_noticed_by_one_comparison(
    kind: str, switch: str, scope: str
) -> None:
    assert broken(spliced(kind, switch)) == [scope]


@pytest.mark.parametrize("bits", [[2, 0, 1, 0], [7, 0, 1, 0], [0, 0, 3, 0]], ids=str)
def test_an_operator_index_of_blended_bits_is_noticed(bits: list[int]) -> None:
    """Among equal neighbours a path fits any "bit", and would name any index as the operator."""
    inputs = World().batch(operator_index=EMPTY).named_inputs()
    assert inputs["operator.index_bits"] == [0, 0, 1, 0]
    assert broken(rebind(inputs)) == []
    found = broken(rebind(inputs | {"operator.index_bits": bits}))
    assert found
    assert set(found) == {"operator"}


def test_the_machine_and_the_engine_agree_on_an_honest_batch() -> None:
    assert engine.is_satisfied(circuit(), engine.run(circuit(), batch_of("transfer", rich=False)))
