"""An anvil node for tests, run straight from its npm platform package."""

from __future__ import annotations

import platform
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from verifier.chain.errors import ChainUnavailable
from verifier.chain.rpc import RpcChain

ROOT = Path(__file__).resolve().parents[2]
_MACHINES = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_START_TIMEOUT_S = 20


def anvil_binary() -> Path:
    """The platform's anvil; skips the test when its npm package is not installed."""
    system, machine = platform.system().lower(), _MACHINES.get(platform.machine(), "unknown")
    binary = ROOT / f"node_modules/@foundry-rs/anvil-{system}-{machine}/bin/anvil"
    if not binary.exists():
        pytest.skip(f"no anvil at {binary.relative_to(ROOT)}: run `make node`")
    return binary


@contextmanager
def running_anvil(
    *, chain_id: int = 31337, timestamp_s: int, arguments: Sequence[str] = ()
) -> Iterator[RpcChain]:
    """A node on a free loopback port, its clock starting at the given time."""
    binary, port = anvil_binary(), _free_port()
    command = [str(binary), "--port", str(port), "--chain-id", str(chain_id), "--silent"]
    command += ["--hardfork", "cancun", "--timestamp", str(timestamp_s), *arguments]
    node = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield _connect(f"http://127.0.0.1:{port}", node)
    finally:
        node.terminate()
        node.wait(timeout=10)


def _connect(url: str, node: subprocess.Popen[bytes]) -> RpcChain:
    deadline = time.monotonic() + _START_TIMEOUT_S
    while True:
        try:
            return RpcChain(url)
        except ChainUnavailable:
            if time.monotonic() > deadline or node.poll() is not None:
                raise
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
