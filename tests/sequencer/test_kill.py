"""kill -9 at random moments, 50 times: the roots of an uninterrupted twin, nothing lost, nothing
twice.
"""

from __future__ import annotations

import os
import random
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from sequencer.sequencer import Sequencer, Status
from sequencer.store import Stage
from tests.sequencer import killed_child
from tests.sequencer.doubles import NOW_S, FileChain, config
from tests.sequencer.killed_child import prepare

KILLS = 50
LONGEST_LIFE_S = 0.25
SEED = 20240607


def outcome(folder: Path) -> tuple[Status, int, bytes, list[list[int]]]:
    """Everything that a run leaves: roots, journal, what was posted on chain."""
    with Sequencer.open(config(folder), clock=lambda: NOW_S) as sequencer:
        status, root = sequencer.status(), sequencer._state.tree.root
    journal = (folder / "data" / "journal").read_bytes()
    return status, root, journal, FileChain(folder / "chain.json").public_data


def start(folder: Path, receipt_key: Path) -> None:
    folder.mkdir()
    shutil.copy(receipt_key, folder)
    prepare(folder)


class Lives:
    """Starts lives and ends them, through a server that forks (see killed_child).

    `twin` is the folder of a life that nobody interrupted.
    """

    def __init__(self, twin: Path) -> None:
        self.twin = twin
        root = str(Path(__file__).parents[2])
        self._server = subprocess.Popen(
            [sys.executable, killed_child.__file__],
            env=os.environ | {"PYTHONPATH": root},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._answer(twin) == "ready"

    def live(self, folder: Path, limit_s: float | None) -> int:
        """One life, killed after `limit_s` unless it ends before; its exit status."""
        assert self._server.stdout is not None
        pid = int(self._answer(folder))
        # The life may end by itself meanwhile, and its number be given to a stranger: a
        # descriptor of the process kills this one or none.
        with suppress(ProcessLookupError):
            process = os.pidfd_open(pid)
            try:
                if not select.select([self._server.stdout], [], [], limit_s)[0]:
                    signal.pidfd_send_signal(process, signal.SIGKILL)
            finally:
                os.close(process)
        return int(self._server.stdout.readline())

    def _answer(self, folder: Path) -> str:
        assert self._server.stdin is not None and self._server.stdout is not None
        self._server.stdin.write(f"{folder}\n")
        self._server.stdin.flush()
        return self._server.stdout.readline().rstrip()

    def close(self) -> None:
        """End the server."""
        self._server.communicate()


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lives]:
    twin = tmp_path_factory.mktemp("twin")
    prepare(twin)
    server = Lives(twin)
    yield server
    server.close()


def kill_until_done(lives: Lives, folder: Path, chance: random.Random, limit: int) -> list[int]:
    """Lives until the script is done, at most `limit` killed; the journal's size at each kill."""
    sizes: list[int] = []
    journal = folder / "data" / "journal"
    longest_s = LONGEST_LIFE_S
    while not (folder / "done").exists():
        life_s = chance.uniform(0, longest_s) if len(sizes) < limit else None
        status = lives.live(folder, life_s)
        assert status in (0, -signal.SIGKILL), f"a restart failed after {len(sizes)} kills"
        if status:
            size = journal.stat().st_size if journal.exists() else 0
            # On a busy machine lives must be longer, or none of them gets anywhere.
            longest_s *= 1.2 if size in (0, *sizes[-1:]) else 1
            sizes.append(size)
    return sizes


def test_fifty_kills(tmp_path: Path, lives: Lives) -> None:
    expected = outcome(lives.twin)
    chance = random.Random(SEED)
    sizes: list[int] = []
    run = 0
    while len(sizes) < KILLS:
        folder = tmp_path / f"run{run}"
        start(folder, lives.twin / "receipt.key")
        sizes += kill_until_done(lives, folder, chance, KILLS - len(sizes))
        assert outcome(folder) == expected, f"run {run}, seed {SEED}"
        run += 1
    print(f"{len(sizes)} kills over {run} runs, seed {SEED}, journal sizes {sizes}")
    assert len(set(sizes)) >= 10, "the kills did not meet the run in enough places"


def test_the_twin_settles_everything(lives: Lives) -> None:
    status, _, _, posted = outcome(lives.twin)
    assert set(status.stages.values()) == {Stage.SETTLED}
    assert len(posted) == status.sealed_batches == 12
    with sqlite3.connect(lives.twin / "data" / "sequencer.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM proofs").fetchone() == (12,)


def test_a_lost_acknowledgement_is_noticed(tmp_path: Path, lives: Lives) -> None:
    """The check that the lives make can fail: an acknowledgement of something unknown stops one."""
    folder = tmp_path / "run"
    start(folder, lives.twin / "receipt.key")
    (folder / "acknowledged").write_text("7 12345 1 00\n")
    assert lives.live(folder, None) == 1
    assert not (folder / "done").exists()
