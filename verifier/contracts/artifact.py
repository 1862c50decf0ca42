"""A compiled contract: ABI and creation code, kept as one JSON file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ARTIFACTS = Path(__file__).with_name("artifacts")


@dataclass(frozen=True)
class Artifact:
    """ABI entries as solc writes them, and the creation code without constructor arguments."""

    name: str
    abi: list[dict[str, Any]]
    bytecode: bytes

    def to_json(self) -> str:
        """The committed form: one ABI entry a line, so that differences read well."""
        entries = ",\n".join("  " + json.dumps(entry, separators=(",", ":")) for entry in self.abi)
        code = "0x" + self.bytecode.hex()
        return (
            f'{{\n "name": "{self.name}",\n "abi": [\n{entries}\n ],\n "bytecode": "{code}"\n}}\n'
        )

    @classmethod
    def from_json(cls, text: str) -> Artifact:
        """The inverse of `to_json`."""
        document = json.loads(text)
        bytecode = bytes.fromhex(document["bytecode"].removeprefix("0x"))
        return cls(document["name"], document["abi"], bytecode)


@cache
def load_artifact(name: str, folder: Path = ARTIFACTS) -> Artifact:
    """The committed artifact of contract `name`."""
    return Artifact.from_json((folder / f"{name}.json").read_text(encoding="utf-8"))


def artifact_names(folder: Path = ARTIFACTS) -> list[str]:
    """Names of all committed contracts in a folder."""
    return sorted(path.stem for path in folder.glob("*.json"))
