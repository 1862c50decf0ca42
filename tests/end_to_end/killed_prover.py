"""A sequencer with the real prover, for test_kill_while_proving.py to kill.

python killed_prover.py FOLDER CIRCUIT KEY
"""

from __future__ import annotations

import sys
from pathlib import Path

from prover.client import LocalProver
from sequencer.pipeline.client_prover import ClientProver
from tests.sequencer.doubles import config
from tests.sequencer.killed_child import Step, live, script


def short_script(folder: Path) -> list[Step]:
    """Three deposits and four transactions: four batches."""
    return script(config(folder).domain.rollup_id())[1:7]


if __name__ == "__main__":
    folder, circuit, key = map(Path, sys.argv[1:])
    client = LocalProver(circuit, key, chain_id=31337)
    live(folder, short_script(folder), ClientProver(client))
