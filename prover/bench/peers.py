"""Other Groth16 provers that may be on the machine, and how each is called."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PLACEHOLDERS = ("zkey", "wtns", "proof", "public")
CHECKOUT = Path(__file__).resolve().parents[2]
_NPM_PACKAGE = Path("node_modules") / "snarkjs"


@dataclass(frozen=True)
class Template:
    """A command whose words name the files as {zkey}, {wtns}, {proof} and {public}."""

    name: str
    words: tuple[str, ...]
    version: str = ""

    def command(self, **files: Path) -> list[str]:
        """The command for these files."""
        return [_filled(word, files) for word in self.words]


def _filled(word: str, files: dict[str, Path]) -> str:
    for name, path in files.items():
        word = word.replace(f"{{{name}}}", str(path))
    return word


def parse_peer(text: str) -> Template:
    """NAME='command {zkey} {wtns} {proof} {public}'; ValueError says what is missing."""
    name, separator, command = text.partition("=")
    if not separator or not name.strip():
        raise ValueError(
            f"{text!r}: expected NAME='command {{zkey}} {{wtns}} {{proof}} {{public}}'"
        )
    words = tuple(shlex.split(command))
    missing = [p for p in PLACEHOLDERS if not any(f"{{{p}}}" in word for word in words)]
    if missing:
        raise ValueError(f"{text!r}: the command does not name {{{missing[0]}}}")
    return Template(name.strip(), words)


def find_peers(folders: Sequence[Path] = (CHECKOUT,)) -> list[Template]:
    """snarkjs from node_modules of a folder or from PATH; rapidsnark from PATH."""
    return [peer for peer in (_snarkjs(folders), _rapidsnark()) if peer is not None]


def _snarkjs(folders: Sequence[Path]) -> Template | None:
    if shutil.which("node") is None:
        return None
    for folder in folders:
        program = folder / "node_modules" / ".bin" / "snarkjs"
        if program.exists():
            return _snarkjs_at(str(program), _npm_version(folder / _NPM_PACKAGE / "package.json"))
    found = shutil.which("snarkjs")
    return None if found is None else _snarkjs_at(found, "")


def _snarkjs_at(program: str, version: str) -> Template:
    words = (program, "groth16", "prove", "{zkey}", "{wtns}", "{proof}", "{public}")
    return Template("snarkjs", words, version)


def _npm_version(package: Path) -> str:
    try:
        return str(json.loads(package.read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError):
        return ""


def _rapidsnark() -> Template | None:
    found = shutil.which("rapidsnark") or shutil.which("prover")
    if found is None:
        return None
    return Template("rapidsnark", (found, "{zkey}", "{wtns}", "{proof}", "{public}"))
