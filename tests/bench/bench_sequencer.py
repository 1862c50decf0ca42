"""How fast the sequencer is: transactions, the parts of their cost, restarts, message proofs.

python -m pytest tests/bench/bench_sequencer.py --benchmark-enable
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from circuits.spec.params import PRESETS
from circuits.spec.transactions import Transfer
from sequencer.config import SealingPolicy
from sequencer.journal import Journal
from sequencer.messages import MessageTree
from sequencer.sequencer import Sequencer
from tests.sequencer.doubles import KEYS, LATER_S, NOW_S, PUBLIC_KEYS, config

GROUP = 32


def opened(folder: Path, preset: str) -> Sequencer:
    slots = PRESETS[preset].slots
    sealing = SealingPolicy(max_transactions=slots, max_age_s=10**9)
    settings = replace(config(folder), preset=PRESETS[preset], sealing=sealing)
    return Sequencer.open(settings, clock=lambda: NOW_S)


def funded(folder: Path, preset: str) -> Sequencer:
    sequencer = opened(folder, preset)
    for key in PUBLIC_KEYS:
        sequencer._ledger.deposit(key, 10**12, NOW_S)
    sequencer._ledger.sync()
    return sequencer


def signer(sequencer: Sequencer) -> Callable[[], tuple[tuple[list[Transfer]], dict[str, object]]]:
    """Fresh signed groups; signing is the user's work and is not measured."""
    nonces, rollup_id = count(), sequencer._config.domain.rollup_id()

    def group() -> tuple[tuple[list[Transfer]], dict[str, object]]:
        numbers = (next(nonces) for _ in range(GROUP))
        made = (
            Transfer(0, 0, nonce, LATER_S, 1, 1).signed(KEYS[0], rollup_id) for nonce in numbers
        )
        return (list(made),), {}

    return group


@pytest.mark.parametrize("preset", ["small", "mainnet"])
def test_transactions(benchmark: BenchmarkFixture, tmp_path: Path, preset: str) -> None:
    """Groups of 32: admission, execution, journal with one fsync, sealing; receipts unsigned."""
    sequencer = funded(tmp_path, preset)

    def run(group: list[Transfer]) -> None:
        for transaction in group:
            sequencer._ledger.execute(transaction, NOW_S)
        sequencer._ledger.sync()

    benchmark.extra_info["transactions"] = GROUP
    benchmark.pedantic(run, setup=signer(sequencer), rounds=10, warmup_rounds=1)


def test_transactions_with_receipts(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """The same with a signed receipt for each transaction, preset small."""
    sequencer = funded(tmp_path, "small")
    benchmark.extra_info["transactions"] = GROUP
    benchmark.pedantic(sequencer.submit_many, setup=signer(sequencer), rounds=10, warmup_rounds=1)


def test_journal(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """1,000 records of 500 bytes and one fsync."""
    journal = Journal.open(tmp_path / "journal", bytes(32))

    def run() -> None:
        for _ in range(1000):
            journal.append(2, bytes(500))
        journal.sync()

    benchmark(run)


def test_restart(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """Opening a directory with 320 sealed transactions and an open batch."""
    sequencer = funded(tmp_path, "small")
    group = signer(sequencer)
    for _ in range(10):
        sequencer.submit_many(group()[0][0])
    sequencer.close()
    benchmark(lambda: opened(tmp_path, "small").close())


def test_message_tree_append(benchmark: BenchmarkFixture) -> None:
    """1,000 leaves."""
    leaves = [i.to_bytes(32) for i in range(1000)]
    benchmark(MessageTree, leaves)


def test_message_proof(benchmark: BenchmarkFixture) -> None:
    """One proof against a past root of a tree of 10,000 leaves."""
    tree = MessageTree(i.to_bytes(32) for i in range(10_000))
    benchmark(tree.prove, 4321, 9999)
