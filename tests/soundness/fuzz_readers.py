"""A process that reads damaged files under a memory limit: `fuzz_readers.py READER SEED COUNT`.

Every damaged file must be read or refused with MalformedError; anything else (another exception, a
crash, memory beyond the limit) ends the process with a code that is not 0. It prints how many were
read and how many refused.
"""

from __future__ import annotations

import random
import resource
import struct
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import chain_example

from native.errors import MalformedError
from prover.groth16.conversion import key_from_zkey
from prover.groth16.key_layout import PAGE, with_digest
from prover.groth16.keys import ProvingKey
from prover.groth16.zkey_key import ZkeyProvingKey
from prover.snarkjs.ptau import read_ptau
from prover.snarkjs.r1cs import read_r1cs
from prover.snarkjs.sym import read_sym
from prover.snarkjs.wtns import read_wtns
from prover.snarkjs.zkey import read_zkey
from verifier.keys import VerifyingKey
from verifier.proof import Proof, read_public

EXTRA_MEMORY = 64 << 20
LARGE = (0xFFFFFFFF, 0x7FFFFFFF, 0x80000000, 0x10000000, 0xFFFF, 0)


def read_key(path: Path) -> None:
    """Everything that proving reads of a key."""
    key = ProvingKey(path)
    for name in "abc":
        key.wires(f"{name}_wires")
    _ = key.matrices, key.matrix_c, key.verifying_key
    key.verify_sections()


def read_zkey_to_prove(path: Path) -> None:
    """What proving reads of a .zkey, and the check of its points."""
    key = ZkeyProvingKey(path)
    for name in "abc":
        key.wires(f"{name}_wires")
    _ = (
        key.matrices,
        key.matrix_c,
        key.verifying_key,
        key.points("a"),
        key.points("b2"),
        key.span("c", "h"),
    )
    key.verify_sections()


READERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "r1cs": ("chain.r1cs", read_r1cs),
    "wtns": ("chain.wtns", read_wtns),
    "zkey": ("chain.zkey", read_zkey),
    "zkey to prove": ("chain.zkey", read_zkey_to_prove),
    "ptau": ("pot9.ptau", read_ptau),
    "sym": ("chain.sym", read_sym),
    "proof": ("proof.json", Proof.read),
    "public": ("public.json", read_public),
    "vk": ("verification_key.json", VerifyingKey.read),
    "key": ("", read_key),
}


def original(reader: str) -> bytes:
    """The undamaged file."""
    name, _ = READERS[reader]
    if name:
        return (chain_example.VECTORS / name).read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        key = key_from_zkey(chain_example.zkey(), Path(folder) / "key", chain_example.r1cs())
        return Path(key.source).read_bytes()


def damaged(content: bytes, rng: random.Random) -> bytes:
    """One to three random damages, most of them where sizes and counts stand."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 3)):
        position = rng.randrange(min(len(data), rng.choice((32, 800, len(data)))) or 1)
        match rng.randrange(6):
            case 0:
                del data[position:]
            case 1:
                data[position : position + 1] = rng.randbytes(1)
            case 2:
                data[position : position + 4] = struct.pack("<I", rng.choice(LARGE))
            case 3:
                data[position : position + 8] = struct.pack("<Q", rng.choice(LARGE) << 20)
            case 4:
                data[position:position] = rng.randbytes(rng.randrange(40))
            case 5:
                del data[position : position + rng.randrange(1, 70)]
    return bytes(data)


def main(reader: str, seed: int, count: int) -> None:
    """Damage, read, count."""
    rng = random.Random(seed)
    content = original(reader)
    read = READERS[reader][1]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "damaged"
        path.write_bytes(content)
        read(path)
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        limit = used + EXTRA_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        accepted = sum(_is_read(read, path, reader, damaged(content, rng)) for _ in range(count))
    print(f"{reader}: seed {seed}: {accepted} read, {count - accepted} refused")


def _is_read(read: Callable[[Path], object], path: Path, reader: str, data: bytes) -> bool:
    if reader == "key" and len(data) >= PAGE:
        data = with_digest(data[:PAGE]) + data[PAGE:]
    path.unlink()  # a mapped file must not change under its reader
    path.write_bytes(data)
    try:
        read(path)
    except MalformedError:
        return False
    return True


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
