"""One run of a command as a whole process: wall time, processor time, and, when asked, memory.

Memory is asked for in a run of its own, which is not timed: it is read from /proc every two
milliseconds, and that costs time. VmHWM there is the kernel's own peak of resident memory. It
counts pages of mapped files, which the kernel can drop and share, so the peak of anonymous memory
(RssAnon: heap and stacks) is given beside it; of that the kernel keeps no peak, and a spike shorter
than the interval is missed. The `ru_maxrss` of wait4 is of no use: it starts from the memory that
the starting process had when it forked.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

INTERVAL_S = 0.002
_TAIL_BYTES = 2000


@dataclass(frozen=True)
class Memory:
    """Peaks in bytes."""

    resident: int = 0
    anonymous: int = 0


@dataclass(frozen=True)
class Run:
    """A finished run; `failure` says why it does not count, `memory` is None unless asked for."""

    wall_s: float
    cpu_s: float
    failure: str | None = None
    memory: Memory | None = None


class MemorySampler:
    """Follows a process and its children while the block runs."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._peak = Memory()

    def __enter__(self) -> MemorySampler:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def peak(self) -> Memory:
        """The largest values seen."""
        return self._peak

    def _follow(self) -> None:
        while True:
            found = [memory_of(pid) for pid in family(self._pid)]
            self._peak = Memory(
                max(self._peak.resident, sum(m.resident for m in found)),
                max(self._peak.anonymous, sum(m.anonymous for m in found)),
            )
            if self._stop.wait(INTERVAL_S):
                return


def memory_of(pid: int) -> Memory:
    """VmHWM and RssAnon of a process now; zeros once it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return Memory()
    kib = {
        name: int(rest.split()[0])
        for name, _, rest in (line.partition(":") for line in status.splitlines())
        if name in ("VmHWM", "RssAnon")
    }
    return Memory(kib.get("VmHWM", 0) << 10, kib.get("RssAnon", 0) << 10)


def family(pid: int) -> list[int]:
    """A process and those that it started."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return [pid]
    return [pid, *(member for child in text.split() for member in family(int(child)))]


def run_process(
    command: Sequence[str],
    *,
    limit_s: float,
    sampled: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Run:
    """Run a command to its end, or kill it and its children after `limit_s` seconds."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if environment is None else {**os.environ, **environment},
                start_new_session=True,
            )
        except OSError as error:
            return Run(0.0, 0.0, f"could not be started: {error}")
        timer = threading.Timer(limit_s, _kill, (process.pid,))
        timer.start()
        try:
            if sampled:
                with MemorySampler(process.pid) as sampler:
                    code, cpu_s = _wait(process)
                memory: Memory | None = sampler.peak
            else:
                code, cpu_s = _wait(process)
                memory = None
            wall_s = time.perf_counter() - start
        except BaseException:
            _kill(process.pid)
            raise
        finally:
            timer.cancel()
        return Run(wall_s, cpu_s, _failure(code, wall_s, limit_s, output), memory)


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, float]:
    """Exit code and processor seconds, those of children it waited for included."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_utime + usage.ru_stime


def _kill(pid: int) -> None:
    """End the session that the command was started in."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _failure(code: int, wall_s: float, limit_s: float, output: BinaryIO) -> str | None:
    if code == 0:
        return None
    if code == -signal.SIGKILL and wall_s >= limit_s:
        return f"killed after the limit of {limit_s:g} s"
    how = f"exit code {code}" if code > 0 else f"killed by signal {-code}"
    return f"{how}{last_line(output)}"


def last_line(output: BinaryIO) -> str:
    """ ": " and the last line of what was printed, or nothing."""
    output.seek(0, os.SEEK_END)
    output.seek(max(0, output.tell() - _TAIL_BYTES))
    lines = output.read().decode("utf-8", "replace").strip().splitlines()
    return f": {lines[-1].strip()}" if lines else ""
