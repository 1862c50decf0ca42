"""An anvil development node as a child process, straight from its npm platform package."""

from __future__ import annotations

import platform
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from verifier.chain.errors import ChainUnavailable
from verifier.chain.rpc import RpcChain

_SOURCES = Path(__file__).resolve().parents[2]
_MACHINES = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_START_TIMEOUT_S = 20
_STOP_TIMEOUT_S = 10


def find_anvil() -> Path | None:
    """The program: of the npm package beside the sources or in the working folder, or on PATH."""
    system, machine = platform.system().lower(), _MACHINES.get(platform.machine(), "unknown")
    package = Path(f"node_modules/@foundry-rs/anvil-{system}-{machine}/bin/anvil")
    for folder in (_SOURCES, Path.cwd()):
        if (folder / package).exists():
            return folder / package
    found = shutil.which("anvil")
    return None if found is None else Path(found)


@contextmanager
def running_anvil(
    *, chain_id: int = 31337, timestamp_s: int | None = None, arguments: Sequence[str] = ()
) -> Iterator[RpcChain]:
    """A node on a free loopback port, which ends with the context; its clock starts at the given
    time, or now.

    ChainUnavailable if there is no anvil or it does not start.
    """
    binary, port = find_anvil(), _free_port()
    if binary is None:
        raise ChainUnavailable("no anvil on this machine: run `make node`, or put it on PATH")
    command = [str(binary), "--port", str(port), "--chain-id", str(chain_id), "--silent"]
    command += ["--hardfork", "cancun", *arguments]
    if timestamp_s is not None:
        command += ["--timestamp", str(timestamp_s)]
    # Of its own session: Ctrl-C on a terminal reaches us alone, and we stop it in order.
    node = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield _connect(f"http://127.0.0.1:{port}", node)
    finally:
        _stop(node)


def _connect(url: str, node: subprocess.Popen[bytes]) -> RpcChain:
    deadline = time.monotonic() + _START_TIMEOUT_S
    while True:
        try:
            return RpcChain(url)
        except ChainUnavailable:
            if time.monotonic() > deadline or node.poll() is not None:
                raise
            time.sleep(0.05)


def _stop(node: subprocess.Popen[bytes]) -> None:
    node.terminate()
    try:
        node.wait(timeout=_STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        node.kill()
        node.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
