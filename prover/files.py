"""Proving and key making from files: the functions behind `tallystick setup` and `prove`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from prover.backends.protocol import Backend
from prover.errors import MalformedFileError
from prover.groth16.conversion import key_from_zkey
from prover.groth16.key_layout import MAGIC
from prover.groth16.keys import ProvingKey
from prover.groth16.memory import memory_estimate
from prover.groth16.prove import prove, public_inputs
from prover.groth16.zkey_key import ZkeyProvingKey
from prover.phases import Phases
from prover.snarkjs.container import U64
from prover.snarkjs.r1cs import read_r1cs
from prover.snarkjs.wtns import read_wtns
from prover.snarkjs.zkey import read_zkey
from verifier.proof import Proof


def prove_zkey(
    zkey_path: str | Path,
    wtns_path: str | Path,
    *,
    r1cs_path: str | Path | None = None,
    backend: Backend | None = None,
    threads: int = 0,
    phases: Phases | None = None,
    announce: Callable[[str], None] | None = None,
) -> tuple[Proof, list[int]]:
    """Prove from snarkjs files, as rapidsnark does: (verified proof, public inputs).

    `zkey_path` may also be a proving key of ours. With `r1cs_path` a false witness is reported
    with its first violated constraint; without it only the proof's self-verification fails.
    `announce` is told the memory need before the work starts.
    """
    phases = phases or Phases()
    with tempfile.TemporaryDirectory(prefix="tallystick-") as folder:
        key, witness = _read(zkey_path, Path(folder) / "key", r1cs_path, wtns_path, phases)
        if len(witness) != key.sizes.n_wires:
            reason = f"{len(witness)} values, the circuit has {key.sizes.n_wires} wires"
            raise MalformedFileError(str(wtns_path), "values", reason)
        if announce is not None:
            announce(f"proving needs at most {memory_estimate(key) / 2**20:.0f} MiB of memory")
        proof = prove(key, witness, backend=backend, threads=threads, phases=phases)
        return proof, public_inputs(key, witness)


def _read(
    zkey_path: str | Path,
    converted: Path,
    r1cs_path: str | Path | None,
    wtns_path: str | Path,
    phases: Phases,
) -> tuple[ProvingKey, U64]:
    """Key and witness; the witness is read beside the key."""

    def witness() -> U64:
        with phases.measure("read witness"):
            return read_wtns(wtns_path)

    with ThreadPoolExecutor(1) as beside:
        reading = beside.submit(witness)
        with phases.measure("open key"):
            key = open_key(zkey_path, converted, r1cs_path)
        return key, reading.result()


def open_key(
    path: str | Path, converted: str | Path, r1cs_path: str | Path | None = None
) -> ProvingKey:
    """Open a proving key of ours or a .zkey.

    With the circuit a .zkey is checked whole and converted to the file `converted`: then the key
    holds matrix C too.
    """
    with open(path, "rb") as file:
        ours = file.read(len(MAGIC)) == MAGIC
    if ours:
        return ProvingKey(path)
    if r1cs_path is None:
        return ZkeyProvingKey(path)
    return key_from_zkey(read_zkey(path), converted, read_r1cs(r1cs_path).r1cs)
