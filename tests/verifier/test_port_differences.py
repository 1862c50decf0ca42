"""PORTS.md: every row names tests that exist."""

from __future__ import annotations

import re

from verifier.contracts.build import CONTRACTS, ROOT

TEXT = (CONTRACTS / "messaging/PORTS.md").read_text(encoding="utf-8")
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and "`test_" in line]


def test_every_row_names_tests_that_exist() -> None:
    files = (ROOT / "tests/verifier").glob("test_*.py")
    sources = "\n".join(path.read_text(encoding="utf-8") for path in files)
    defined = set(re.findall(r"^def (test_\w+)", sources, re.MULTILINE))
    assert len(ROWS) == 9
    assert set(re.findall(r"`(test_\w+)`", "\n".join(ROWS))) <= defined


def test_every_error_and_event_that_a_row_shows_is_in_a_contract() -> None:
    names = ("Port", "OrderedPort")
    folder = CONTRACTS / "artifacts"
    abi = "".join((folder / f"{name}.json").read_text(encoding="utf-8") for name in names)
    shown = set(re.findall(r"`([A-Z]\w+)`", "\n".join(ROWS))) - set(names)
    assert {name for name in shown if f'"name":"{name}"' not in abi} == set()
