"""A file of transactions signed by circomlibjs goes through admission, batch and execution."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from circuits.spec.refusal import RefusalCode, Refused
from native.api import eddsa_public_key
from sequencer.sequencer import Sequencer
from tests.node import circomlibjs
from tests.sequencer.doubles import LATER_S, NOW_S, FileChain, config

pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[tuple[int, int]], list[Any]]:
    circomlibjs.require_circomlibjs()
    rollup_id = config(tmp_path_factory.mktemp("config")).domain.rollup_id()
    unsigned = circomlibjs.unsigned_transactions(LATER_S, 0xBEEF, 1, b"hello")
    return circomlibjs.sign(rollup_id, unsigned)


def funded(folder: Path, keys: list[tuple[int, int]]) -> Sequencer:
    chain = FileChain(folder / "chain.json")
    for key in keys:
        chain.add_deposit(key, 1_000_000)
    sequencer = Sequencer.open(config(folder), chain, clock=lambda: NOW_S)
    sequencer.ingest_deposits()
    sequencer.seal()
    return sequencer


def test_keys_are_derived_alike(signed: tuple[list[tuple[int, int]], list[Any]]) -> None:
    assert signed[0] == [eddsa_public_key(key) for key in circomlibjs.PRIVATE_KEYS]


def test_admission_batch_and_execution(
    tmp_path: Path, signed: tuple[list[tuple[int, int]], list[Any]]
) -> None:
    keys, transactions = signed
    with funded(tmp_path, keys) as sequencer:
        for transaction in transactions:
            sequencer.submit(json.dumps(transaction))
        sequencer.seal()
        tree = sequencer._state.tree
        balances = [tree.account(i).collateral_e6 for i in range(3)]
        assert balances == [1_000_000 - 250_000 - 1, 850_000, 1_000_001]
        assert [tree.account(i).nonce for i in range(3)] == [2, 1, 1]
        assert sequencer.status().messages == 2  # the withdrawal is one


def test_every_change_to_a_signed_field_is_refused(
    tmp_path: Path, signed: tuple[list[tuple[int, int]], list[Any]]
) -> None:
    keys, transactions = signed
    with funded(tmp_path, keys) as sequencer:
        for transaction in transactions[:3]:
            for name in set(transaction) - {
                "type",
                "signature",
                "nonce",
                "sender_index",
                "payload",
            }:
                altered = transaction | {name: str(int(transaction[name]) + 1)}
                with pytest.raises(Refused) as caught:
                    sequencer.submit(altered)
                assert caught.value.code in (
                    RefusalCode.BAD_SIGNATURE,
                    RefusalCode.UNKNOWN_OPERATOR,
                ), name
        with pytest.raises(Refused, match="bad_signature"):
            sequencer.submit(transactions[2] | {"payload": "0x00"})
