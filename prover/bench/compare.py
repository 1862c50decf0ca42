"""Provers side by side: the same .zkey and .wtns, in turns, every proof verified.

A first round is not timed: it fills the page cache and measures memory. Then each round runs every
contestant once, ours first and the others in turn, so that a machine that slows down slows all of
them. A contestant whose run or proof is bad in any round is reported as failed and has no times.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from native.errors import TallystickError
from prover.bench.contestants import Contestant, Files
from prover.bench.process import Memory, Run
from verifier.groth16 import verify
from verifier.keys import VerifyingKey
from verifier.proof import Proof, read_public


@dataclass(frozen=True)
class Judge:
    """Decides whether the two files that a run left are a proof of the statement."""

    key: VerifyingKey
    public: list[int]

    def objection(self, files: Files) -> str | None:
        """What is wrong with the files, or None."""
        try:
            proof, public = Proof.read(files.proof), read_public(files.public)
            if public != self.public:
                return "wrote public inputs that are not those of the witness"
            if not verify(self.key, public, proof):
                return "wrote a proof that does not verify"
        except (TallystickError, OSError) as error:
            return f"wrote no readable proof: {error}"
        return None


@dataclass
class Outcome:
    """The runs of one contestant; `failure` names the first bad one."""

    name: str
    ours: bool
    command: list[str]
    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    memory: Memory | None = None
    failure: str | None = None

    @property
    def median_s(self) -> float | None:
        """The median of the wall times; None for a failed contestant."""
        return statistics.median(self.wall_s) if self.wall_s and self.failure is None else None

    def as_json(self, reference_s: float | None) -> dict[str, Any]:
        """The outcome with `ratio`, its median over `reference_s`."""
        median = self.median_s
        timed = median is not None
        known = self.memory is not None and self.failure is None
        return {
            "name": self.name,
            "ours": self.ours,
            "command": self.command,
            "failure": self.failure,
            "wall_s": self.wall_s if timed else [],
            "cpu_s": self.cpu_s if timed else [],
            "median_s": median,
            "min_s": min(self.wall_s) if timed else None,
            "max_s": max(self.wall_s) if timed else None,
            "median_cpu_s": statistics.median(self.cpu_s) if timed else None,
            "peak_resident_bytes": self.memory.resident if known and self.memory else None,
            "peak_anonymous_bytes": self.memory.anonymous if known and self.memory else None,
            "ratio": median / reference_s if median is not None and reference_s else None,
        }


def compare(
    contestants: Sequence[Contestant],
    zkey: Path,
    wtns: Path,
    judge: Judge,
    folder: Path,
    *,
    repeat: int,
    limit_s: float,
    announce: Callable[[str], None] = lambda text: None,
) -> list[Outcome]:
    """Run every contestant `repeat` times in turns, after a round that measures memory."""
    files = Files(zkey, wtns, folder / "proof.json", folder / "public.json")
    outcomes = [Outcome(c.name, c.ours, c.command(files)) for c in contestants]
    try:
        for number in range(repeat + 1):
            for contestant, outcome in zip(contestants, outcomes, strict=True):
                if outcome.failure is None:
                    run = _one_run(contestant, files, judge, limit_s, sampled=number == 0)
                    _enter(outcome, run)
                    announce(_line(number, repeat, outcome, run))
    finally:
        for contestant in contestants:
            contestant.close()
    return outcomes


def _one_run(
    contestant: Contestant, files: Files, judge: Judge, limit_s: float, *, sampled: bool
) -> Run:
    """A run whose proof, if it made one, was verified."""
    for path in (files.proof, files.public):
        path.unlink(missing_ok=True)
    run = contestant.run(files, limit_s=limit_s, sampled=sampled)
    failure = run.failure or judge.objection(files)
    return Run(run.wall_s, run.cpu_s, failure, run.memory)


def _enter(outcome: Outcome, run: Run) -> None:
    if run.failure is not None:
        outcome.failure = run.failure
    elif run.memory is not None:
        outcome.memory = run.memory
    else:
        outcome.wall_s.append(run.wall_s)
        outcome.cpu_s.append(run.cpu_s)


def _line(number: int, repeat: int, outcome: Outcome, run: Run) -> str:
    which = f"round {number} of {repeat}" if number else "first round, not timed"
    return f"{which}: {outcome.name}: {run.failure or f'{run.wall_s:.3f} s'}"
