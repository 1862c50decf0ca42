"""Row 7, sequencer: the same transaction twice, in one batch, across batches, after a restart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from circuits.spec.refusal import RefusalCode, Refused
from circuits.spec.transactions import Message, Transfer, Withdraw
from native.constants import FR_MODULUS
from native.reference.babyjubjub import BABYJUB_SUBORDER
from sequencer.sequencer import Sequencer
from tests.sequencer.doubles import NOW_S, PUBLIC_KEYS, FileChain, World, config

Signed = Transfer | Withdraw | Message


def opened(folder: Path) -> Sequencer:
    chain = FileChain(folder / "chain.json")
    return Sequencer.open(config(folder), chain, clock=lambda: NOW_S)


def funded(folder: Path) -> tuple[Sequencer, World]:
    chain = FileChain(folder / "chain.json")
    for key in PUBLIC_KEYS[:2]:
        chain.add_deposit(key, 1000)
    sequencer = opened(folder)
    sequencer.ingest_deposits()
    sequencer.seal()
    return sequencer, World(config(folder).domain.rollup_id())


def make(world: World, kind: str) -> Signed:
    if kind == "transfer":
        return world.transfer(0, 1, 10)
    return world.withdraw(0, 10) if kind == "withdraw" else world.message(0, b"x")


def refuse_again(sequencer: Sequencer, transaction: Signed) -> None:
    before = sequencer.status()
    with pytest.raises(Refused) as caught:
        sequencer.submit(transaction)
    assert caught.value.code is RefusalCode.WRONG_NONCE
    assert replace(sequencer.status()) == before


@pytest.mark.parametrize("kind", ["transfer", "withdraw", "message"])
def test_twice_in_one_batch(tmp_path: Path, kind: str) -> None:
    sequencer, world = funded(tmp_path)
    transaction = make(world, kind)
    sequencer.submit(transaction)
    refuse_again(sequencer, transaction)
    assert sequencer.status().open_transactions == 1


@pytest.mark.parametrize("kind", ["transfer", "withdraw", "message"])
def test_twice_across_batches(tmp_path: Path, kind: str) -> None:
    sequencer, world = funded(tmp_path)
    transaction = make(world, kind)
    sequencer.submit(transaction)
    sequencer.seal()
    refuse_again(sequencer, transaction)
    assert sequencer.status().open_transactions == 0


def test_twice_around_a_restart(tmp_path: Path) -> None:
    sequencer, world = funded(tmp_path)
    transaction = make(world, "transfer")
    sequencer.submit(transaction)
    sequencer.close()
    refuse_again(opened(tmp_path), transaction)


def test_twice_in_one_group(tmp_path: Path) -> None:
    sequencer, world = funded(tmp_path)
    transaction = make(world, "transfer")
    first, second = sequencer.submit_many([transaction, transaction])
    assert not isinstance(first, Refused)
    assert isinstance(second, Refused)


@pytest.mark.parametrize("order", [BABYJUB_SUBORDER, FR_MODULUS])
def test_again_with_another_encoding_of_the_signature(tmp_path: Path, order: int) -> None:
    sequencer, world = funded(tmp_path)
    transaction = make(world, "transfer")
    signature = transaction.signature
    altered = replace(transaction, signature=signature._replace(s=signature.s + order))
    with pytest.raises(Refused):
        sequencer.submit(altered)
    sequencer.submit(transaction)


def test_a_deposit_is_not_taken_twice(tmp_path: Path) -> None:
    sequencer, _ = funded(tmp_path)
    before = sequencer._state.tree.root
    assert sequencer.ingest_deposits() == 0
    sequencer.close()
    sequencer = opened(tmp_path)
    assert sequencer.ingest_deposits() == 0
    assert sequencer._state.tree.root == before
