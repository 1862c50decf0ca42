"""kill -9 while the real prover works: that batch is proved again, no other one is."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from circuits.registry import compile_named
from circuits.rollup.inputs import BatchInputs
from circuits.system.encoding import write_circuit
from prover.groth16.keys import ProvingKey
from prover.groth16.setup import unsafe_dev_setup
from sequencer.sequencer import Sequencer, Status
from sequencer.store import Stage
from tests.end_to_end import killed_prover
from tests.end_to_end.killed_prover import short_script
from tests.sequencer.doubles import NOW_S, FileChain, config
from tests.sequencer.killed_child import live, prepare
from verifier.groth16 import verify
from verifier.proof import Proof

pytestmark = pytest.mark.slow

KILLS = 3
SEED = 41
DEADLINE_S = 120
LONGEST_WORK_S = 1.0


def start_life(folder: Path, circuit: Path, key: Path) -> subprocess.Popen[bytes]:
    root = str(Path(__file__).parents[2])
    command = [sys.executable, killed_prover.__file__, str(folder), str(circuit), str(key)]
    return subprocess.Popen(command, env=os.environ | {"PYTHONPATH": root})


def begun(folder: Path) -> int:
    """How many times a prover began."""
    log = folder / "proving"
    return len(log.read_text().splitlines()) if log.exists() else 0


def outcome(folder: Path) -> tuple[Status, bytes, list[list[int]]]:
    with Sequencer.open(config(folder), clock=lambda: NOW_S) as sequencer:
        status = sequencer.status()
    journal = (folder / "data" / "journal").read_bytes()
    return status, journal, FileChain(folder / "chain.json").public_data


def new_folder(path: Path, like: Path | None = None) -> Path:
    path.mkdir()
    if like is not None:
        shutil.copy(like / "receipt.key", path)
    prepare(path)
    return path


def test_killed_while_proving(tmp_path: Path) -> None:
    compiled = compile_named("rollup-tiny")
    circuit, key = tmp_path / "tiny.circuit", tmp_path / "tiny.key"
    write_circuit(circuit, compiled.r1cs, compiled.program)
    unsafe_dev_setup(compiled.r1cs, key)
    twin = new_folder(tmp_path / "twin")
    live(twin, short_script(twin))
    folder = new_folder(tmp_path / "run", like=twin)
    chance = random.Random(SEED)
    deadline = time.monotonic() + DEADLINE_S
    for _ in range(KILLS):
        life, before = start_life(folder, circuit, key), begun(folder)
        while begun(folder) == before and life.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        time.sleep(chance.uniform(0, LONGEST_WORK_S))
        life.kill()
        life.wait()
    assert start_life(folder, circuit, key).wait(DEADLINE_S) == 0
    assert outcome(folder) == outcome(twin)
    assert set(outcome(folder)[0].stages.values()) == {Stage.SETTLED}
    check_proofs(folder, key)


def check_proofs(folder: Path, key: Path) -> None:
    """Every batch has one stored proof, and it is one of that batch."""
    verifying_key = ProvingKey(key).verifying_key
    with sqlite3.connect(folder / "data" / "sequencer.sqlite") as connection:
        query = "SELECT inputs, proof, proving_attempts FROM batches JOIN proofs ON number = batch"
        rows = connection.execute(query).fetchall()
    assert len(rows) == 4
    for inputs, proof, _ in rows:
        public_inputs = BatchInputs.from_json(json.loads(inputs)).public_inputs
        assert verify(verifying_key, public_inputs, Proof.from_json(proof))
    assert sum(attempts for *_, attempts in rows) == begun(folder) >= 4
