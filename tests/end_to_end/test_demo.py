"""The demo, as a newcomer runs it, on the embedded chain and on a real node."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.verifier.anvil import running_anvil

LIMIT_S = 240
REFUSALS = (
    "alice's overdraft",
    "one byte of public data changed",
    "a tampered proof",
    "a batch posted again",
    "a proof sent again",
    "a forged message",
    "a message delivered twice",
)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def run_demo(cache: Path, *arguments: str) -> tuple[str, dict[str, Any]]:
    """Standard output and the figures of one run; fails unless it exits 0."""
    figures = cache / "figures.json"
    command = [sys.executable, "-m", "sequencer.cli.main", "demo", "--preset", "tiny"]
    finished = subprocess.run(
        [*command, "--json", str(figures), *arguments],
        env=os.environ | {"TALLYSTICK_CACHE": str(cache), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout, json.loads(figures.read_text())


def test_demo__runs_every_act_and_every_refusal_on_the_embedded_chain(cache: Path) -> None:
    output, figures = run_demo(cache)
    for what in REFUSALS:
        assert f"refused: {what}" in output or f"refused: a batch with {what}" in output
    assert "carol receives 500.00" in output
    assert "the application ran: 'hello from the rollup'" in output
    assert "roots equal" in output
    assert len(figures["batches"]) >= 2
    assert figures["constraints"] > 10_000
    assert all(gas < 280_000 for gas in prove_gas_without_messages(figures))


@pytest.mark.node
def test_demo__runs_on_anvil(cache: Path) -> None:
    with running_anvil(timestamp_s=int(time.time())) as node:
        output, figures = run_demo(cache, "--rpc", node.url)
    assert "roots equal" in output
    assert all(gas < 280_000 for gas in prove_gas_without_messages(figures))


def prove_gas_without_messages(figures: dict[str, Any]) -> list[int]:
    """proveBatch of every batch but the last, which carries the message."""
    last = f"prove, batch {len(figures['batches'])}"
    found = [v for k, v in figures["gas"].items() if k.startswith("prove, ") and k != last]
    assert found
    return found
