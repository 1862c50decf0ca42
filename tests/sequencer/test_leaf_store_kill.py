"""A writer of the message tree killed at any moment, with readers at work."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from sequencer.messages import LeafStore, MessageTree, branch_root
from sequencer.messages.leaf_store import HEADER, NODE, nodes_of

KILLS = 12
LEAVES = 5000
WRITER = """
import random, sys
from pathlib import Path
from sequencer.messages import LeafStore
from tests.sequencer.test_leaf_store_kill import leaf
store = LeafStore(Path(sys.argv[1]), 1, 2)
dice = random.Random(int(sys.argv[2]))
print("ready", flush=True)
while store.count < int(sys.argv[3]):
    count = store.count
    store.extend(leaf(i) for i in range(count, count + dice.choice((1, 2, 7, 100))))
    if dice.random() < 0.1:
        store.truncate(store.count - min(store.count, 32))
"""


def leaf(index: int) -> bytes:
    return random.Random(index).randbytes(32)


def start(path: Path, seed: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), str(seed), str(LEAVES)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )


def check_as_a_reader(path: Path) -> None:
    """A proof read while the writer grows and retreats fits the leaf and its own root."""
    with LeafStore(path, 1, 2, writes=False) as reader:
        count = reader.count
        if count < 200:
            return
        count -= 150  # the writer retreats by 32 at most and goes on
        index = random.randrange(count)
        assert branch_root(leaf(index), reader.prove(index, count), index) == reader.root(count)


def test_killed_writer__leaves_a_prefix_that_the_next_one_continues(tmp_path: Path) -> None:
    path, dice = tmp_path / "tree", random.Random(7)
    for seed in range(KILLS):
        writer = start(path, seed)
        assert writer.stdout is not None and writer.stdout.readline() == "ready\n"
        deadline = time.monotonic() + dice.uniform(0.0, 0.05)
        while time.monotonic() < deadline:
            check_as_a_reader(path)
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        with LeafStore(path, 1, 2) as store:  # the lock went with the process
            held = store.count
            assert store.verify() == MessageTree(leaf(i) for i in range(held)).root()
            assert path.stat().st_size == HEADER + NODE * nodes_of(held)
