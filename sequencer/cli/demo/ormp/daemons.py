"""The oracle and the relayer as processes of their own, as an operator runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from native.errors import TallystickError

_STOP_TIMEOUT_S = 20
_LINES_SHOWN = 8


class DaemonStoppedError(TallystickError):
    """A daemon ended before the demo did."""


@dataclass(frozen=True)
class Daemon:
    """A running `tallystick KIND run`."""

    kind: str
    process: subprocess.Popen[bytes]
    log: Path

    def require(self) -> None:
        """DaemonStoppedError with the end of its log unless it is running."""
        code = self.process.poll()
        if code is not None:
            raise DaemonStoppedError(f"the {self.kind} ended with exit code {code}:\n{self.tail()}")

    def tail(self) -> str:
        """The end of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-_LINES_SHOWN:])


@contextmanager
def running_daemon(kind: str, config: Path, *, key_variable: str, key: str) -> Iterator[Daemon]:
    """`tallystick KIND run` with a configuration, and its key in the environment; it is told to
    stop when the context ends, and killed if it does not.
    """
    log = config.with_suffix(".log")
    command = [sys.executable, "-m", "sequencer.cli.main", kind, "run", "--config", str(config)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=os.environ | {key_variable: key},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches us alone, and we stop it in order
        )
    try:
        yield Daemon(kind, process, log)
    finally:
        process.terminate()
        try:
            process.wait(timeout=_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
