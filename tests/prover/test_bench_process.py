"""A command as a whole process: how it ended, what it took."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pytest

from prover.bench.process import Memory, family, memory_of, run_process

MIB = 1 << 20


def python(code: str, *arguments: object) -> list[str]:
    return [sys.executable, "-c", code, *map(str, arguments)]


def test_run__times_a_command_and_measures_no_memory_unless_asked() -> None:
    run = run_process(python("import time; time.sleep(0.2)"), limit_s=30)
    assert run.failure is None and run.memory is None
    assert run.wall_s >= 0.2 > run.cpu_s > 0


def test_run__processor_time_includes_children() -> None:
    busy = "import time\nwhile time.process_time() < 0.3: pass"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"
    assert run_process(python(code), limit_s=30).cpu_s >= 0.3


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        ("raise SystemExit(7)", "exit code 7"),
        ("print('a'); print('last words'); raise SystemExit(1)", "exit code 1: last words"),
        ("import os; os.abort()", "killed by signal 6"),
    ],
)
def test_run__a_bad_end_is_named_with_the_last_line(code: str, failure: str) -> None:
    assert run_process(python(code), limit_s=30).failure == failure


def test_run__a_command_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    failure = run_process([str(tmp_path / "absent")], limit_s=30).failure
    assert failure is not None and "could not be started" in failure


def test_run__the_limit_ends_the_command_and_its_children(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys\n"
        "child = subprocess.Popen(['sleep', '60'])\n"
        "open(sys.argv[1], 'w').write(str(child.pid))\n"
        "child.wait()"
    )
    start = time.perf_counter()
    run = run_process(python(code, tmp_path / "pid"), limit_s=1.5)
    assert run.failure == "killed after the limit of 1.5 s"
    assert time.perf_counter() - start < 30
    child = int((tmp_path / "pid").read_text())
    for _ in range(100):
        if memory_of(child) == Memory():  # gone, or a zombie without memory
            return
        time.sleep(0.05)
    raise AssertionError("the child still runs")


def test_memory__mapped_files_count_as_resident_but_not_as_anonymous(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(64 * MIB))
    code = (
        "import mmap, sys, time\n"
        "file = open(sys.argv[1], 'rb')\n"
        "mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)\n"
        "heap = bytearray(b'x') * (32 << 20)\n"
        "total = sum(mapped[i] for i in range(0, len(mapped), 4096))\n"
        "time.sleep(0.1)"
    )
    run = run_process(python(code, tmp_path / "file"), limit_s=60, sampled=True)
    assert run.failure is None and run.memory is not None
    assert run.memory.resident >= 96 * MIB
    assert 32 * MIB <= run.memory.anonymous < 64 * MIB


def test_memory__of_the_starting_process_is_not_counted() -> None:
    ours = np.ones(200 * MIB, dtype=np.uint8)
    run = run_process(python("import time; time.sleep(0.1)"), limit_s=30, sampled=True)
    assert run.memory is not None and 0 < run.memory.resident < 100 * MIB
    assert ours[-1] == 1


def test_memory__of_children_is_counted() -> None:
    code = (
        "import subprocess, sys\n"
        "grow = \"import time; heap = bytearray(b'x') * (48 << 20); time.sleep(0.2)\"\n"
        "subprocess.run([sys.executable, '-c', grow])"
    )
    run = run_process(python(code), limit_s=30, sampled=True)
    if run.memory is not None and len(family(1)) > 1:  # the kernel lists children
        assert run.memory.anonymous >= 48 * MIB
