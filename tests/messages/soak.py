"""A queue of messages between two real chains, and a relayer that is killed again and again.

    python -m tests.messages.soak --messages 1000 --kills 10

Half of the messages go each way. The daemon runs as a process of its own; it is killed with
SIGKILL, each time a little after another part of the queue has arrived, and started again. Prints
a table; the exit code is 1 if a message is missing or was delivered twice.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from eth_hash.auto import keccak

from sequencer.data_directory import take_lock
from sequencer.errors import LockedError
from tests.messages.relay_world import (
    ALPHA,
    BETA,
    KEY,
    KEY_VARIABLE,
    RelayWorld,
    Side,
    running_world,
)

REFUSED = keccak(b"DeliveryRefused(bytes32,bytes4)")
BLOCK_TIME_S = 1
DEADLINE_S = 600
GAS_LIMIT = 100_000
SEND_GAS = 500_000
_PER_BLOCK = 50


@dataclass(frozen=True)
class SoakResult:
    """What came of it. `duplicates` counts by the endpoints' logs and by the applications;
    `refused` are messages that a batch carried although they were delivered.
    """

    messages: int
    seconds: float
    kills: int
    deliveries: int
    received: int
    duplicates: int
    transactions: int
    reverted: int
    refused: int
    gas_per_message: int
    exit_code: int

    @property
    def is_good(self) -> bool:
        """Everything arrived, once, and nothing was sent in vain."""
        arrived = self.deliveries == self.received == self.messages
        in_vain = self.duplicates + self.reverted + self.refused
        return arrived and in_vain == 0 and self.exit_code == 0


def queue(source: Side, target: Side, count: int) -> None:
    """Send that many messages from one chain to the other's application."""
    owner, to = source.owner, target.application.address
    target_id = target.chain.chain_id
    fee = source.endpoint.call("fee", target_id, owner, GAS_LIMIT, bytes(32), b"")
    source.ask("evm_setAutomine", False)
    for number in range(count):
        payload = number.to_bytes(32, "big")
        data = source.endpoint.encode("send", target_id, to, GAS_LIMIT, payload, owner, b"")
        request = {"from": owner, "to": source.endpoint.address, "data": "0x" + data.hex()}
        source.ask("eth_sendTransaction", request | {"value": hex(fee), "gas": hex(SEND_GAS)})
        if number % _PER_BLOCK == _PER_BLOCK - 1:
            source.mine()
    source.mine()
    source.ask("evm_setAutomine", True)
    assert source.endpoint.call("messageCount") >= count


def soak(world: RelayWorld, messages: int, kills: int, seed: int) -> SoakResult:
    """Queue, deliver with interruptions, count."""
    sides = (world.alpha, world.beta)
    halves = (messages - messages // 2, messages // 2)
    for source, target, count in zip(sides, sides[::-1], halves, strict=True):
        queue(source, target, count)
    world.beta.import_root(world.alpha)
    world.alpha.import_root(world.beta)
    for side in sides:
        side.ask("evm_setIntervalMining", BLOCK_TIME_S)
    config = world.config_path()
    numbers = random.Random(seed)
    started = time.monotonic()
    for life in range(kills):
        goal = messages * life // (kills + 1)
        daemon = _start(config)
        _wait(sides, goal, started, daemon)
        time.sleep(numbers.uniform(0, 1.5))
        daemon.kill()
        daemon.wait()
    daemon = _start(config)
    _wait(sides, messages, started, daemon)
    seconds = time.monotonic() - started
    while not _is_running(world.folder):
        time.sleep(0.05)
    daemon.send_signal(signal.SIGTERM)
    exit_code = daemon.wait(timeout=60)
    return _count(world, messages, kills, seconds, exit_code)


def _start(config: Path) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "sequencer.cli.main",
        "relayer",
        "run",
        "--config",
        str(config),
    ]
    return subprocess.Popen(command, env={**os.environ, KEY_VARIABLE: KEY})


def _is_running(folder: Path) -> bool:
    """Whether a relayer is at work, and so listens to signals: it holds its lock."""
    try:
        os.close(take_lock(folder / "data" / "lock"))
    except LockedError:
        return True
    return False


def _wait(
    sides: tuple[Side, Side], goal: int, started: float, daemon: subprocess.Popen[bytes]
) -> None:
    while sum(int(side.application.call("received")) for side in sides) < goal:
        if daemon.poll() is not None:
            raise RuntimeError(f"the relayer ended by itself with code {daemon.returncode}")
        if time.monotonic() - started > DEADLINE_S:
            raise RuntimeError(f"not {goal} deliveries after {DEADLINE_S} s")
        time.sleep(0.05)


def _count(
    world: RelayWorld, messages: int, kills: int, seconds: float, exit_code: int
) -> SoakResult:
    sides = (world.alpha, world.beta)
    said = world.alpha.dispatched() + world.beta.dispatched()
    seen = world.alpha.received() + world.beta.received()
    duplicates = sum(n - 1 for n in said.values()) + sum(n - 1 for n in seen.values())
    with sqlite3.connect(world.folder / "data" / "transactions.sqlite") as database:
        query = "SELECT count(*), sum(gas_used), sum(outcome = 'reverted') FROM intents"
        transactions, gas, reverted = database.execute(query).fetchone()
    received = sum(int(side.application.call("received")) for side in sides)
    return SoakResult(
        messages,
        seconds,
        kills,
        len(said),
        received,
        duplicates,
        transactions,
        reverted,
        sum(len(side.chain.logs(side.relayer.address, [REFUSED])) for side in sides),
        gas // messages,
        exit_code,
    )


def show(result: SoakResult) -> str:
    """A small table."""
    rows = {
        "messages": f"{result.messages} ({ALPHA} to {BETA} and back)",
        "seconds": f"{result.seconds:.1f}",
        "kills (SIGKILL)": str(result.kills),
        "delivered": str(result.deliveries),
        "seen by the applications": str(result.received),
        "duplicates": str(result.duplicates),
        "transactions": f"{result.transactions}, {result.reverted} reverted",
        "refused within batches": str(result.refused),
        "gas a message": f"{result.gas_per_message:,}",
        "exit code after SIGTERM": str(result.exit_code),
    }
    width = max(map(len, rows))
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows.items())


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=1_000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--batch", type=int, default=16, help="messages in one transaction")
    parser.add_argument("--pending", type=int, default=8, help="transactions at a time")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_world(Path(folder)) as world:
        world.settings = {"batch_messages": args.batch, "max_pending": args.pending}
        result = soak(world, args.messages, args.kills, args.seed)
    print(show(result))
    return 0 if result.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
