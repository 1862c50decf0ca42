"""The files that provers share: .zkey and .wtns of a circuit of ours, and our own key of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from circuits.system.r1cs import R1CS
from native import api
from prover.bench.compare import Judge
from prover.errors import MalformedFileError
from prover.groth16.conversion import key_from_zkey, zkey_from_key
from prover.groth16.keys import ProvingKey
from prover.groth16.setup import unsafe_dev_setup
from prover.snarkjs.container import U64
from prover.snarkjs.wtns import read_wtns, write_wtns
from prover.snarkjs.zkey import map_zkey, write_zkey

SEED = b"bench"
_ID_LETTERS = 12


@dataclass(frozen=True)
class CircuitFiles:
    """A circuit ready to be proved, by us and by others."""

    name: str
    n_constraints: int
    n_wires: int
    n_public: int
    zkey: Path
    wtns: Path
    key: Path
    judge: Judge


def make_files(
    name: str, r1cs: R1CS, witness: Callable[[], U64], folder: Path, threads: int = 0
) -> CircuitFiles:
    """Make what the folder lacks; names carry the circuit's id, so nothing in it goes stale."""
    base = folder / f"{name}-{r1cs.digest().hex()[:_ID_LETTERS]}"
    key = development_key(r1cs, Path(f"{base}.key"), threads)
    zkey, wtns = Path(f"{base}.zkey"), Path(f"{base}.wtns")
    if not zkey.exists():
        write_zkey(zkey, zkey_from_key(key))
    if not wtns.exists():
        write_wtns(wtns, witness())
    return _files(name, key, zkey, wtns)


def files_of_user(zkey: Path, wtns: Path, folder: Path) -> CircuitFiles:
    """The user's files, and our key made from them."""
    key = key_from_zkey(map_zkey(zkey), folder / f"{zkey.stem}.key")
    return _files(zkey.stem, key, zkey, wtns)


def development_key(r1cs: R1CS, path: Path, threads: int = 0) -> ProvingKey:
    """The circuit's key from a fixed seed, made unless the file holds it."""
    try:
        if path.exists() and (key := ProvingKey(path)).sizes.circuit_id == r1cs.digest():
            return key
    except MalformedFileError:
        pass  # of another version
    return unsafe_dev_setup(r1cs, path, seed=SEED, threads=threads)


def _files(name: str, key: ProvingKey, zkey: Path, wtns: Path) -> CircuitFiles:
    sizes = key.sizes
    public = api.fr_to_ints(read_wtns(wtns)[1 : sizes.n_public + 1])
    return CircuitFiles(
        name,
        sizes.n_constraints,
        sizes.n_wires,
        sizes.n_public,
        zkey,
        wtns,
        Path(key.source),
        Judge(key.verifying_key, public),
    )
