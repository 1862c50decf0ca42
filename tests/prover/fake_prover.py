"""A prover for tests of the comparison: fake_prover.py MODE FOLDER ZKEY WTNS PROOF PUBLIC.

FOLDER holds a valid proof.json and public.json and the log of all calls.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path


def main(mode: str, folder: str, zkey: str, wtns: str, proof: str, public: str) -> None:
    """Behave as the mode says."""
    home = Path(folder)
    with (home / "calls").open("a") as calls:
        calls.write(f"{mode} {Path(zkey).name} {Path(wtns).name}\n")
    count = (home / "calls").read_text().splitlines().count(f"{mode} chain.zkey chain.wtns")
    if mode == "crash":
        print("working", "boom: out of cheese", sep="\n")
        raise SystemExit(3)
    if mode == "hang":
        subprocess.run(["sleep", "60"], check=False)
    if mode == "idle" or (mode == "once" and count > 1):
        return
    shutil.copy(home / "public.json", public)
    shutil.copy(home / "proof.json", proof)
    if mode == "wrong" or (mode == "later wrong" and count > 2):
        document = json.loads(Path(proof).read_text())
        document["pi_a"], document["pi_c"] = document["pi_c"], document["pi_a"]
        Path(proof).write_text(json.dumps(document))
    if mode == "other statement":
        Path(public).write_text(json.dumps(["1", "2", "3"]))
    if mode == "garbage":
        Path(proof).write_text("{")
    if mode == "slow":
        time.sleep(0.2)


if __name__ == "__main__":
    main(*sys.argv[1:])
