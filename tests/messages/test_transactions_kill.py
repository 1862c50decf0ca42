"""kill -9 at random moments: every intent is carried out once, whatever was being written."""

from __future__ import annotations

import multiprocessing
import random
import time
from pathlib import Path

import pytest

from sequencer.messages.transactions import SenderPolicy, State
from tests.messages.sending import GWEI, Bench, ScriptedNode, running_bench, transfer

pytestmark = pytest.mark.node
INTENTS = 40
KILLS = 15
POLICY = SenderPolicy(100 * GWEI, confirmations=1, max_pending=4)


def work(url: str, path: Path) -> None:
    """One life: submit everything again and go on until all of it is final."""
    bench = Bench(ScriptedNode(url), path, POLICY)
    while bench.sender.counts()[State.FINAL] < INTENTS:
        for i in range(INTENTS):
            bench.sender.submit(transfer(f"work {i}", value=1 << i))
        bench.sender.step()


def test_killed_at_random_every_intent_is_carried_out_once(tmp_path: Path) -> None:
    numbers = random.Random(7)
    fork = multiprocessing.get_context("fork")
    path = tmp_path / "transactions.sqlite"
    with running_bench(path, policy=POLICY) as bench:
        bench.rpc.ask("evm_setAutomine", True)
        url = bench.rpc.url
        for _ in range(KILLS):
            life = fork.Process(target=work, args=(url, path))
            life.start()
            time.sleep(numbers.uniform(0.02, 0.12))
            life.kill()
            life.join()
        survivor = fork.Process(target=work, args=(url, path))
        survivor.start()
        survivor.join(60)
        assert survivor.exitcode == 0
        balance = int(bench.rpc.ask("eth_getBalance", transfer().to, "latest"), 16)
        assert balance == (1 << INTENTS) - 1, "each power of two once"
        assert bench.count() == INTENTS
