"""What the demo measures, and the table it ends with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sequencer.cli.console import Console
from sequencer.cli.report import mebibytes, peak_memory_bytes


@dataclass
class Figures:
    """Seconds, counts and gas, collected while the demo runs."""

    preset: str
    constraints: int = 0
    slots: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    batches: list[dict[str, float]] = field(default_factory=list)
    gas: dict[str, int] = field(default_factory=dict)

    def median(self, phase: str) -> float:
        """The median of a phase over the batches."""
        values = sorted(batch[phase] for batch in self.batches)
        return values[len(values) // 2]

    def to_json(self) -> dict[str, Any]:
        """The figures as one JSON object."""
        return {
            "preset": self.preset,
            "slots": self.slots,
            "constraints": self.constraints,
            "seconds": {name: round(value, 4) for name, value in self.seconds.items()},
            "batches": [{k: round(v, 4) for k, v in batch.items()} for batch in self.batches],
            "gas": self.gas,
            "peak_memory_bytes": peak_memory_bytes(),
        }

    def print(self, console: Console) -> None:
        """Print the closing tables."""
        rows = [
            ("constraints", f"{self.constraints:,} ({self.slots} slots)"),
            *((f"{name}, s", f"{value:.2f}") for name, value in self.seconds.items()),
            *((f"{name} a batch, s", f"{self.median(name):.3f}") for name in self.batches[0]),
            ("peak memory", mebibytes(peak_memory_bytes())),
        ]
        console.line()
        console.table(f"{len(self.batches)} batches, preset {self.preset}", ("", "value"), rows)
        console.table(
            "gas by step", ("step", "gas"), [(name, f"{gas:,}") for name, gas in self.gas.items()]
        )
