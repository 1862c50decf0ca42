"""`tallystick oracle` as a process: once, killed at random points, and its status."""

from __future__ import annotations

import json
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sequencer.cli.main import main
from tests.messages.chains import A_ID, OWNER_KEY, MessagingChain, messaging_pair
from tests.messages.oracle_world import KEY_VARIABLE, start_oracle, write_config

pytestmark = pytest.mark.node
Pair = tuple[MessagingChain, MessagingChain]
_PATIENCE_S = 60


@pytest.fixture
def pair() -> Iterator[Pair]:
    with messaging_pair() as pair:
        yield pair


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("it never came true")
        time.sleep(0.05)


def test_once_and_status(
    pair: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = pair
    monkeypatch.setenv(KEY_VARIABLE, OWNER_KEY)
    config = write_config(tmp_path, a, b)
    assert main(["oracle", "status", "--config", str(config)]) == 0
    assert "never ran here" in capsys.readouterr().out
    a.send(b)
    a.mine(2)
    assert start_oracle(config, once=True).wait(_PATIENCE_S) == 0
    assert main(["oracle", "status", "--config", str(config), "--json"]) == 0
    (route,) = json.loads(capsys.readouterr().out)["routes"]
    assert (route["messages"], route["covered"], route["waiting"]) == ("1", "1", "no")
    log = (tmp_path / "oracle.log").read_text()
    assert OWNER_KEY[2:] not in log
    assert all(json.loads(line)["event"] for line in log.splitlines() if line.startswith("{"))


def test_two_processes_never_share_a_data_directory(pair: Pair, tmp_path: Path) -> None:
    config = write_config(tmp_path, *pair)
    first = start_oracle(config)
    wait_for(lambda: '"oracle started"' in (tmp_path / "oracle.log").read_text())
    assert start_oracle(config, once=True).wait(_PATIENCE_S) == 2
    assert "another process works in" in (tmp_path / "oracle.log").read_text()
    first.terminate()
    assert first.wait(_PATIENCE_S) == 0


def test_sigterm_ends_it_in_order(pair: Pair, tmp_path: Path) -> None:
    a, b = pair
    a.send(b)
    a.mine(2)
    process = start_oracle(write_config(tmp_path, a, b))
    wait_for(lambda: any(b.oracle.events("ImportedMessageRoot", A_ID)))
    process.send_signal(signal.SIGTERM)
    assert process.wait(_PATIENCE_S) == 0
    assert '"oracle stopped"' in (tmp_path / "oracle.log").read_text()


def test_killed_at_random_points_it_loses_and_repeats_nothing(pair: Pair, tmp_path: Path) -> None:
    a, b = pair
    config = write_config(tmp_path, a, b)
    sent_before = b.transaction_count()
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for round_number in range(8):
        process = start_oracle(config)
        for i in range(3):
            a.send(b, f"{round_number}.{i}")
            time.sleep(chance.random() * 0.2)
        a.mine(2)
        time.sleep(chance.random() * 2.5)
        process.kill()
        process.wait()
    assert start_oracle(config, once=True).wait(_PATIENCE_S) == 0
    events = b.oracle.events("ImportedMessageRoot", A_ID)
    blocks = [event.args["blockHeight"] for event in events]
    assert len(set(blocks)) == len(blocks)
    assert events[-1].args["messageRoot"] == a.endpoint.call("root")
    assert b.transaction_count() - sent_before == len(events)
