"""Compiles Solidity with the npm compiler, the same bytes on every machine.

The settings leave nothing to chance: one compiler version (package-lock.json), one EVM version, no
metadata hash in the code. Node is needed here and nowhere else.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from native.errors import TallystickError
from verifier.contracts.artifact import Artifact

_SCRIPT = Path(__file__).with_name("compile.mjs")
_SETTINGS: dict[str, Any] = {
    "optimizer": {"enabled": True, "runs": 10_000},
    "viaIR": True,
    "evmVersion": "cancun",
    "metadata": {"appendCBOR": False, "bytecodeHash": "none"},
    "outputSelection": {"*": {"*": ["abi", "evm.bytecode.object"]}},
}


class CompilerError(TallystickError):
    """Solidity that does not compile without errors and warnings."""


class CompilerMissingError(CompilerError):
    """Node or its packages are not installed."""


def compile_solidity(sources: Mapping[str, str]) -> dict[str, Artifact]:
    """Artifacts of the contracts in `sources` (path to text), by path: one contract a file.

    Raises `CompilerError` on any error or warning, `CompilerMissingError` without node or solc.
    """
    node = shutil.which("node")
    if node is None:
        raise CompilerMissingError(
            "node not found: install Node.js 20 or later, then run `make node`"
        )
    request = {
        "language": "Solidity",
        "sources": {path: {"content": text} for path, text in sorted(sources.items())},
        "settings": _SETTINGS,
    }
    run = subprocess.run(
        [node, str(_SCRIPT)], input=json.dumps(request), capture_output=True, text=True, check=False
    )
    if run.returncode != 0:
        raise CompilerMissingError(f"solc did not run (is `make node` done?): {run.stderr[-500:]}")
    output = json.loads(run.stdout)
    _refuse_messages(output.get("errors", ()))
    return dict(_artifacts(output["contracts"]))


def _refuse_messages(messages: Iterable[Mapping[str, Any]]) -> None:
    texts = [message["formattedMessage"] for message in messages]
    if texts:
        raise CompilerError("\n".join(texts))


def _artifacts(
    contracts: Mapping[str, Mapping[str, Any]],
) -> Iterator[tuple[str, Artifact]]:
    for path, by_name in contracts.items():
        for name, compiled in by_name.items():
            bytecode = bytes.fromhex(compiled["evm"]["bytecode"]["object"])
            if bytecode:
                yield path, Artifact(name, compiled["abi"], bytecode)
