"""DIFFERENCES.md: every row names tests that exist, its gas figures are those pinned."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.verifier.measure_gas import PINS
from verifier.contracts.build import CONTRACTS, ROOT

TEXT = (CONTRACTS / "messaging/DIFFERENCES.md").read_text(encoding="utf-8")
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and "`test_" in line]


def test_every_row_names_tests_that_exist() -> None:
    folders = (ROOT / "tests/verifier", ROOT / "tests/soundness")
    sources = (path.read_text(encoding="utf-8") for f in folders for path in f.glob("test_*.py"))
    defined = set(re.findall(r"^def (test_\w+)", "\n".join(sources), re.MULTILINE))
    assert len(ROWS) > 15
    for row in ROWS:
        what, *_, tests = (cell.strip() for cell in row.strip("|").split("|"))
        named = set(re.findall(r"`(test_\w+)`", tests))
        assert named <= defined, what
    assert all(row.count("|") == 6 for row in ROWS)


def test_every_name_that_a_row_shows_is_in_a_contract() -> None:
    """Errors, events and functions of ours, so that a renaming does not go unnoticed."""
    abi = "".join(path.read_text(encoding="utf-8") for path in (CONTRACTS / "artifacts").glob("*"))
    for name in re.findall(r"`([A-Za-z]\w+)(?:\([^)`]*\))?`", "\n".join(ROWS)):
        if not name.startswith("test_"):
            assert f'"name":"{name}"' in abi, name


def test_the_gas_figures_are_the_pinned_ones() -> None:
    pinned = json.loads(Path(PINS).read_text(encoding="utf-8"))
    names = (
        "send, 68 bytes, message 65",
        "send, 68 bytes, message 2^20, the dearest up to there",
        "relay, recording application, 36 bytes",
        "relayBatch of 1, 36 bytes",
        "relayBatch of 16, a message's share",
    )
    for name in names:
        assert f"| {pinned[name]:,} |" in TEXT, name
