"""Where commands keep compiled keys: `$TALLYSTICK_CACHE`, else `~/.cache/tallystick`.

A development key takes seconds to make and is the same work every time, so it is made once for
each circuit digest. It is marked as unsafe; only development chains accept it.
"""

from __future__ import annotations

import os
from pathlib import Path

from circuits.frontend import CompiledCircuit
from prover.groth16.keys import ProvingKey
from prover.groth16.setup import unsafe_dev_setup


def cache_folder() -> Path:
    """The folder, made if it is missing."""
    given = os.environ.get("TALLYSTICK_CACHE")
    folder = Path(given) if given else Path.home() / ".cache" / "tallystick"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def development_key_path(compiled: CompiledCircuit) -> Path:
    """The file that holds, or will hold, the circuit's development key."""
    return cache_folder() / f"{compiled.name}-{compiled.r1cs.digest().hex()[:16]}.key"


def make_development_key(compiled: CompiledCircuit, *, threads: int = 0) -> ProvingKey:
    """Make the key anew; a half-written file never takes the final name."""
    path = development_key_path(compiled)
    unfinished = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        unsafe_dev_setup(compiled.r1cs, unfinished, threads=threads)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return ProvingKey(path)
