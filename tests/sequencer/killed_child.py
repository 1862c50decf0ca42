"""What test_kill.py kills: a sequencer that runs a fixed script from wherever its last life ended.

Run as a program this file forks a fresh process for each folder named on its standard input, so
that a life starts in milliseconds, with all imports done.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from circuits.rollup.inputs import BatchInputs
from circuits.spec.transactions import SignedTransaction
from sequencer.pipeline.protocols import BatchProver, QueuedDeposit
from sequencer.receipts import Receipt
from sequencer.sequencer import Sequencer
from tests.sequencer.doubles import (
    KEYS,
    NOW_S,
    PUBLIC_KEYS,
    CountingProver,
    FileChain,
    World,
    config,
)
from verifier.proof import Proof

Step = int | SignedTransaction
"""A number ingests the deposits below it; a transaction is submitted."""


class PacedChain(FileChain):
    """Shows only the deposits that the script has come to: every life sees the same order."""

    limit = 0

    def deposits_from(self, first: int, confirmations: int = 0) -> list[QueuedDeposit]:
        found = super().deposits_from(first, confirmations)
        return [d for d in found if d.queue_index < self.limit]


class WatchedProver:
    """Fails when asked for a batch whose proof is stored; notes each beginning in a file."""

    def __init__(self, folder: Path, inner: BatchProver) -> None:
        self._folder = folder
        self._inner = inner

    def prove(self, inputs: BatchInputs) -> Proof:
        with sqlite3.connect(self._folder / "data" / "sequencer.sqlite") as connection:
            query = "SELECT count(*) FROM proofs WHERE batch = ?"
            (stored,) = connection.execute(query, (inputs.batch_number,)).fetchone()
        assert stored == 0, f"batch {inputs.batch_number} is proved twice"
        with (self._folder / "proving").open("a") as file:
            file.write(f"{inputs.batch_number}\n")
        return self._inner.prove(inputs)

    def verify(self, public_inputs: Sequence[int], proof: Proof) -> bool:
        return self._inner.verify(public_inputs, proof)


class SlowProver(CountingProver):
    """A double that takes its time, so that kills meet it at work."""

    def prove(self, inputs: BatchInputs) -> Proof:
        time.sleep(0.005)
        return super().prove(inputs)


def script(rollup_id: int) -> list[Step]:
    """Deposits, transfers, messages and withdrawals of four accounts; the same in every life."""
    world = World(rollup_id)
    steps: list[Step] = [1, 2, 3]
    for i in range(18):
        sender = i % 3
        if i == 7:
            steps.append(4)
        if i % 5 == 3:
            steps.append(world.message(sender, b"payload %d" % i))
        elif i % 5 == 4:
            steps.append(world.withdraw(sender, 10 + i))
        else:
            steps.append(world.transfer(sender, (sender + 1) % 3, 100 + i, fee_e6=i % 2))
    return [*steps, 5]


def prepare(folder: Path) -> None:
    """The chain and its queue of five deposits."""
    config(folder)
    chain = FileChain(folder / "chain.json")
    for i in range(5):
        chain.add_deposit(PUBLIC_KEYS[i % len(KEYS)], 100_000 + i)


def live(folder: Path, steps: list[Step], prover: BatchProver | None = None) -> None:
    """Run the script from where the last life ended; acknowledgements go to a file."""
    chain = PacedChain(folder / "chain.json")
    watched = WatchedProver(folder, prover or SlowProver())
    acknowledged = folder / "acknowledged"
    with Sequencer.open(config(folder), chain, watched, lambda: NOW_S) as sequencer:
        _check_acknowledged(sequencer, acknowledged)
        descriptor = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        for position, step in enumerate(steps):
            _take(sequencer, chain, step, descriptor)
            if position % 3 == 2:
                list(sequencer.advance())
        sequencer.seal()
        list(sequencer.advance())
        (folder / "done").touch()


def _take(sequencer: Sequencer, chain: PacedChain, step: Step, descriptor: int) -> None:
    if isinstance(step, int):
        chain.limit = step
        sequencer.ingest_deposits()
        return
    rollup_id = sequencer._config.domain.rollup_id()
    if sequencer._find_receipt(step.signing_hash(rollup_id)) is None:
        receipt = sequencer.submit(step)
        os.write(descriptor, (_line(receipt) + "\n").encode())


def _check_acknowledged(sequencer: Sequencer, acknowledged: Path) -> None:
    """Every transaction that an earlier life acknowledged is there, at its place, with its root."""
    lines = acknowledged.read_text().split("\n")[:-1] if acknowledged.exists() else []
    for line in lines:
        receipt = sequencer._find_receipt(int(line.split()[1]))
        assert receipt is not None, f"acknowledged, but lost: {line}"
        assert _line(receipt) == line


def _line(receipt: Receipt) -> str:
    chain_hash = receipt.chain_hash.hex()
    return f"{receipt.journal_sequence} {receipt.tx_id} {receipt.account_root} {chain_hash}"


def _fork(folder: Path, steps: list[Step]) -> int:
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            live(folder, steps)
            status = 0
        except BaseException:
            traceback.print_exc()
        os._exit(status)
    return pid


def serve() -> None:
    """Live in the first folder uninterrupted; then fork a life for each folder that follows.

    The first life leaves its imports, caches and tables to the forks. Printed are the pid of each
    fork and, once it has ended, its status.
    """
    first = Path(sys.stdin.readline().rstrip("\n"))
    steps = script(config(first).domain.rollup_id())
    live(first, steps)
    print("ready", flush=True)
    for line in sys.stdin:
        pid = _fork(Path(line.rstrip("\n")), steps)
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


if __name__ == "__main__":
    serve()
