"""The announced memory against what a proof of 2^16 constraints takes, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from circuits.registry import named_circuit
from prover.groth16.conversion import zkey_from_key
from prover.groth16.keys import ProvingKey
from prover.groth16.memory import memory_estimate, work_space
from prover.groth16.setup import unsafe_dev_setup
from prover.snarkjs.zkey import write_zkey

CIRCUIT = "poseidon-chain-16"
SLACK = 3 << 20  # objects of Python, heads of arrays
MEASURE = """
import sys, threading
import numpy as np
from prover.files import open_key
from prover.groth16.memory import work_space
from prover.groth16.prove import prove

def anonymous():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("RssAnon"))

def watch():
    while not done.wait(0.0005):
        peaks.append(anonymous())

key, witness = open_key(sys.argv[1], ""), np.load(sys.argv[2])
small = open_key(sys.argv[3], "")
prove(small, np.load(sys.argv[4]))  # what is loaded once
_ = key.verifying_key, key.wire_lists, key.matrices
done, peaks = threading.Event(), [anonymous()]
watcher = threading.Thread(target=watch)
watcher.start()
prove(key, witness, threads=2)
done.set()
watcher.join()
print(max(peaks) - peaks[0], work_space(key, threads=2))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys, a .zkey and witnesses, of a small circuit and of the measured one."""
    folder = tmp_path_factory.mktemp("memory")
    for name in (CIRCUIT, "poseidon-chain-10"):
        circuit = named_circuit(name)
        compiled = circuit.compile()
        inputs = compiled.assign(circuit.example_inputs())
        np.save(folder / f"{name}.npy", compiled.witness(inputs))
        key = unsafe_dev_setup(compiled.r1cs, folder / f"{name}.key", seed=b"memory")
        write_zkey(folder / f"{name}.zkey", zkey_from_key(key))
    return folder


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize("kind", ["key", "zkey"])
def test_work_space__is_what_a_proof_takes(folder: Path, kind: str) -> None:
    files = [folder / f"{CIRCUIT}.{kind}", folder / f"{CIRCUIT}.npy"]
    files += [folder / "poseidon-chain-10.key", folder / "poseidon-chain-10.npy"]
    command = [sys.executable, "-c", MEASURE, *map(str, files)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    measured, announced = map(int, output.split())
    assert announced / 2 < measured <= announced + SLACK  # not all room for sums is touched


def test_memory_estimate__counts_key_and_witness(folder: Path) -> None:
    key = ProvingKey(folder / f"{CIRCUIT}.key")
    witness = 32 * key.sizes.n_wires
    assert memory_estimate(key, threads=2) == key.size_bytes + witness + work_space(key, threads=2)
