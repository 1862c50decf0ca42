"""An oracle daemon between two chains in tests: its configuration file, and its process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.messages.chains import OWNER_KEY, MessagingChain

KEY_VARIABLE = "TALLYSTICK_TEST_ORACLE_KEY"


def write_config(
    folder: Path,
    source: MessagingChain,
    target: MessagingChain,
    *,
    mode: str = "owner",
    source_urls: tuple[str, ...] = (),
    target_urls: tuple[str, ...] = (),
    oracle: str | None = None,
    peers: tuple[str, ...] = (),
    finality: str = "{ confirmations = 2 }",
    route: str = "",
    timeout_s: float = 5.0,
) -> Path:
    """A configuration for one route; the key is in the environment."""
    folder.mkdir(parents=True, exist_ok=True)
    oracle = oracle or target.addresses.oracle
    chains = [
        _chain(source, source_urls, finality, source.addresses.oracle, timeout_s),
        _chain(target, target_urls, finality, oracle, timeout_s),
    ]
    text = f"""
data_dir = "data"
log_level = "debug"
[key]
environment = "{KEY_VARIABLE}"
{"".join(chains)}
[[route]]
source = "{source.chain_id}"
target = "{target.chain_id}"
oracle = "{oracle}"
mode = "{mode}"
peers = {list(peers)}
{route}
"""
    path = folder / "oracle.toml"
    path.write_text(text)
    return path


def _chain(
    chain: MessagingChain, urls: tuple[str, ...], finality: str, oracle: str, timeout_s: float
) -> str:
    return f"""
[[chain]]
id = "{chain.chain_id}"
urls = {list(urls or (chain.url,))}
finality = {finality}
start_block = "{chain.start_block}"
endpoint = "{chain.addresses.endpoint}"
relayers = ["{chain.addresses.relayer}"]
oracles = ["{oracle}"]
poll_interval_s = 0.05
timeout_s = {timeout_s}
confirmations = 2
"""


def start_oracle(
    config: Path, *, key: str = OWNER_KEY, once: bool = False
) -> subprocess.Popen[str]:
    """`tallystick oracle run` as a process of its own."""
    command = [sys.executable, "-m", "sequencer.cli.main", "oracle", "run", "--config", str(config)]
    log = (config.parent / "oracle.log").open("a")
    return subprocess.Popen(
        [*command, *(["--once"] if once else [])],
        env=os.environ | {KEY_VARIABLE: key},
        stdout=log,
        stderr=log,
        text=True,
    )
