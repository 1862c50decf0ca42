"""A prover that stays: key and witness are in memory, and each line on standard input asks for one
proof. Answers with wall and processor seconds, from the witness to the verified proof, as JSON.

    python -m prover.bench.worker KEY WITNESS THREADS PROOF PUBLIC
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from prover.files import open_key
from prover.groth16.prove import prove, public_inputs
from prover.snarkjs.wtns import read_wtns
from verifier.proof import public_to_json


def main(key_path: str, wtns_path: str, threads: str, proof_path: str, public_path: str) -> None:
    """Answer until standard input ends."""
    key, witness = open_key(key_path, Path(f"{proof_path}.key")), read_wtns(wtns_path)
    for _ in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        proof = prove(key, witness, threads=int(threads))
        seconds = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
        Path(proof_path).write_text(proof.to_json(), encoding="utf-8")
        Path(public_path).write_text(public_to_json(public_inputs(key, witness)), encoding="utf-8")
        print(json.dumps(seconds), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
