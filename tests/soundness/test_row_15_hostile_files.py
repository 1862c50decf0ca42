"""Row 15: hostile files are refused with a clear error, without a crash and without memory."""

from __future__ import annotations

import re
import secrets
import subprocess
import sys
from pathlib import Path

import fuzz_readers
import pytest

from prover.errors import MalformedFileError
from prover.snarkjs.wtns import read_wtns

COUNT = 150
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("reader", list(fuzz_readers.READERS))
def test_damaged_files_are_read_or_refused_under_a_memory_limit(reader: str) -> None:
    seed = secrets.randbelow(2**32)
    command = [sys.executable, fuzz_readers.__file__, reader, str(seed), str(COUNT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=ROOT)
    assert done.returncode == 0, f"seed {seed}:\n{done.stderr[-2000:]}"
    counts = re.search(r"(\d+) read, (\d+) refused", done.stdout)
    assert counts is not None and int(counts[2]) > COUNT // 3, done.stdout


def test_a_header_that_promises_gigabytes_costs_nothing(tmp_path: Path) -> None:
    content = (ROOT / "tests/vectors/snarkjs/chain.wtns").read_bytes()
    lying = content[:60] + b"\xff\xff\xff\x7f" + content[64:]
    (tmp_path / "lying.wtns").write_bytes(lying)
    with pytest.raises(MalformedFileError, match=r"values: 68719476704 bytes are expected"):
        read_wtns(tmp_path / "lying.wtns")
