"""What takes part in a comparison: commands that are started anew, and one prover that stays."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from prover.bench.peers import Template
from prover.bench.process import MemorySampler, Run, last_line, run_process


@dataclass(frozen=True)
class Files:
    """The four files of a run; every contestant reads the first two and writes the others."""

    zkey: Path
    wtns: Path
    proof: Path
    public: Path


class Contestant(Protocol):
    """Makes one proof a call."""

    @property
    def name(self) -> str:
        """As tables name it."""

    @property
    def ours(self) -> bool:
        """Whether it is this prover."""

    def command(self, files: Files) -> list[str]:
        """What is run, for the record."""

    def run(self, files: Files, *, limit_s: float, sampled: bool) -> Run:
        """Make a proof; when sampled, memory is measured and time is not to be used."""

    def close(self) -> None:
        """End what is still running."""


@dataclass(frozen=True)
class WholeProcess:
    """A command, from its start to its end; `key` stands in for the .zkey where given."""

    template: Template
    ours: bool = False
    key: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As tables name it."""
        version = self.template.version
        return f"{self.template.name} {version}" if version else self.template.name

    def command(self, files: Files) -> list[str]:
        """The command for these files."""
        return self.template.command(
            zkey=self.key or files.zkey, wtns=files.wtns, proof=files.proof, public=files.public
        )

    def run(self, files: Files, *, limit_s: float, sampled: bool) -> Run:
        """Start it and wait."""
        command = self.command(files)
        return run_process(command, limit_s=limit_s, sampled=sampled, environment=self.environment)

    def close(self) -> None:
        """Nothing is left running."""


class Resident:
    """Our prover as a server runs it: the key stays mapped, the witness is in memory."""

    ours = True

    def __init__(self, name: str, key: Path, threads: int) -> None:
        self.name = name
        self._key = key
        self._threads = threads
        self._process: subprocess.Popen[str] | None = None
        self._complaints: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115  its standard error

    def command(self, files: Files) -> list[str]:
        """The worker's command."""
        words = ("-m", "prover.bench.worker", self._key, files.wtns, self._threads)
        return [sys.executable, *map(str, (*words, files.proof, files.public))]

    def run(self, files: Files, *, limit_s: float, sampled: bool) -> Run:
        """Ask the worker for a proof; the first call starts it."""
        if self._process is None:
            self._process = subprocess.Popen(
                self.command(files),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                text=True,
            )
        process = self._process
        sampler = MemorySampler(process.pid)
        with sampler if sampled else nullcontext():
            answer = self._answer(process, limit_s)
        if answer is None:
            self.close()
            why = last_line(self._complaints)
            return Run(0.0, 0.0, f"gave no answer within {limit_s:g} s, or ended{why}")
        return Run(answer["wall_s"], answer["cpu_s"], memory=sampler.peak if sampled else None)

    @staticmethod
    def _answer(process: subprocess.Popen[str], limit_s: float) -> dict[str, float] | None:
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write("\n")
            process.stdin.flush()
        except BrokenPipeError:
            return None
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            if not selector.select(limit_s):
                return None
        line = process.stdout.readline()
        return json.loads(line) if line else None

    def close(self) -> None:
        """End the worker."""
        if self._process is None:
            return
        self._process.kill()
        with suppress(BrokenPipeError):
            self._process.communicate()
        self._process = None


def process_environment(folder: Path) -> dict[str, str]:
    """For our own commands: byte code is kept, as an installation keeps it."""
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": os.fspath(folder)}
