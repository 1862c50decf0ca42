"""`tallystick demo ormp`, as a newcomer runs it: two real chains, the daemons, a rollup."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sequencer.cli.demo.ormp.daemons import DaemonStoppedError, running_daemon
from sequencer.cli.main import main
from verifier.chain import anvil

LIMIT_S = 400
COMMAND = [sys.executable, "-m", "sequencer.cli.main", "demo", "ormp", "--preset", "tiny"]
MARK = "TALLYSTICK_TEST_MARK"
needs_anvil = pytest.mark.skipif(anvil.find_anvil() is None, reason="no anvil: run `make node`")
NAMES = ["greeting", "deposit 1", "deposit 2", "report", "notice", "withdrawal"]
NAMES += [f"ordered {number}" for number in (1, 2, 3)]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@contextmanager
def demo(folder: Path, cache: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The demo with a temporary folder of its own; nothing that it started may outlive it."""
    mark = uuid.uuid4().hex
    environment = {"TALLYSTICK_CACHE": str(cache), "TMPDIR": str(folder), "COLUMNS": "200"}
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        env=os.environ | environment | {MARK: mark, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
        assert marked(mark) == []
        assert list(folder.glob("tallystick-*")) == []
    finally:
        for pid in marked(mark):
            os.kill(pid, signal.SIGKILL)
        process.wait()


def marked(mark: str) -> list[int]:
    """The processes that have the mark in their environment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"{MARK}={mark}".encode() in entry.read_bytes():
                found.append(int(entry.parent.name))
        except OSError:  # it has ended, or is not ours
            continue
    return found


@needs_anvil
@pytest.mark.node
@pytest.mark.slow
def test_demo__every_act_holds_and_is_told(tmp_path: Path, cache: Path) -> None:
    figures = cache / "figures.json"
    with demo(tmp_path, cache, "--json", str(figures)) as process:
        output, errors = process.communicate(timeout=LIMIT_S)
        assert process.returncode == 0, output + errors
    told = json.loads(figures.read_text())
    messages = {message["name"]: message for message in told["messages"]}
    assert sorted(messages) == sorted(NAMES)
    for name, message in messages.items():
        seen = message["seen_s"]
        begin = seen.get("accepted", seen.get("posted"))
        assert begin <= seen["root known"] <= seen["delivered"], name
        assert message["delivery_gas"] > 0
        of_rollup = name in ("notice", "withdrawal")
        for known in ("send_gas", "fee_wei"):
            assert (message[known] is None) is of_rollup, name
        assert int(message["fee_e6" if of_rollup else "fee_wei"]) > 0
    assert "failed" in messages["deposit 2"]["seen_s"]
    assert [name for name, m in messages.items() if "failed" in m["seen_s"]] == ["deposit 2"]
    last = max(messages[f"ordered {number}"]["seen_s"]["delivered"] for number in (2, 3))
    assert messages["ordered 1"]["seen_s"]["delivered"] > last
    for line in (
        "the dapp read: 'hello from chain A'",
        "500,000 gwei paid too much came back",
        "300.00 credited to bob in a proven batch",
        "deposit 2: failed",
        "deposit 2: delivered on another attempt",
        "the gate's owner collected 600.00",
        "the application read: 'hello from the rollup'",
        "refused: bob's message without a fee: fee_too_low",
        "bob received 100.00",
        "the relayer leaves message 1: its fee of",
        "the relayer releases 2 and 3",
        "the dapp ran 1, 2, 3",
        "gwei paid: the relayer",
    ):
        assert line in output, line


@needs_anvil
@pytest.mark.node
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_demo__interrupted_it_stops_what_it_started(
    tmp_path: Path, cache: Path, how: signal.Signals
) -> None:
    with demo(tmp_path, cache) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "the oracle and the relayer run" in line:
                break
        process.send_signal(how)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 130
        assert "interrupted" in errors


def test_demo__without_anvil(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("TALLYSTICK_CACHE", str(tmp_path))
    monkeypatch.setattr(anvil, "find_anvil", lambda: None)
    assert main(["demo", "ormp", "--preset", "tiny", "--if-possible"]) == 0
    assert "skipped: messages between two chains need anvil" in capsys.readouterr().out
    assert main(["demo", "ormp", "--preset", "tiny"]) == 2
    assert "no anvil on this machine: run `make node`" in capsys.readouterr().err


def test_daemon_that_ends__is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    config = tmp_path / "oracle.toml"
    config.write_text("nonsense = 1\n")
    with running_daemon("oracle", config, key_variable="X", key="0x1") as daemon:
        deadline = time.monotonic() + 60
        while daemon.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        with pytest.raises(
            DaemonStoppedError, match=r"(?s)the oracle ended with exit code 2.*toml"
        ):
            daemon.require()
