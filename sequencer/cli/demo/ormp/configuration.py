"""The configuration files of the demo's daemons: what an operator would write by hand."""

from __future__ import annotations

from pathlib import Path

from sequencer.cli.demo.ormp.stage import Side, Stage

ORACLE_VARIABLE, RELAYER_VARIABLE = "TALLYSTICK_DEMO_ORACLE_KEY", "TALLYSTICK_DEMO_RELAYER_KEY"


def write_oracle(stage: Stage) -> Path:
    """The oracle: the roots of each chain to the other."""
    routes = _oracle_route(stage.a, stage.b) + _oracle_route(stage.b, stage.a)
    chains = _chain(stage.a) + _chain(stage.b)
    return _write(stage.folder / "oracle", "oracle", _head(ORACLE_VARIABLE) + chains + routes)


def _oracle_route(source: Side, target: Side) -> str:
    return f"""
[[route]]
source = "{source.chain_id}"
target = "{target.chain_id}"
oracle = "{target.oracle.address}"
mode = "owner"
"""


def write_relayer(stage: Stage) -> Path:
    """The relayer: between A and B for the fee that was paid at the source, from the rollup to B
    at its operator's cost.
    """
    rollup = f"""
[[chain.rollup]]
contract = "{stage.rollup.rollup.address}"
chain_id = "{stage.domain.rollup_chain_id}"
zk_oracles = ["{stage.rollup.oracle.address}"]
"""
    routes = f"""
[relayer]
first_pause_s = 0.5
longest_pause_s = 2.0
retry_failed = true

[[target]]
chain_id = "{stage.a.chain_id}"
relayer = "{stage.a.relayer.address}"

[[target]]
chain_id = "{stage.b.chain_id}"
relayer = "{stage.b.relayer.address}"
ordered_ports = ["{stage.ordered.b.address}"]

[[route]]
source_chain_id = "{stage.a.chain_id}"
target_chain_id = "{stage.b.chain_id}"

[[route]]
source_chain_id = "{stage.b.chain_id}"
target_chain_id = "{stage.a.chain_id}"

[[route]]
source_chain_id = "{stage.domain.rollup_chain_id}"
target_chain_id = "{stage.b.chain_id}"
channel = "{stage.rollup.rollup.address}"
subsidised = true
"""
    chains = _chain(stage.a) + _chain(stage.b) + rollup
    return _write(stage.folder / "relayer", "relayer", _head(RELAYER_VARIABLE) + chains + routes)


def _head(variable: str) -> str:
    return f"""data_dir = "data"

[key]
environment = "{variable}"
"""


def _chain(side: Side) -> str:
    return f"""
[[chain]]
id = "{side.chain_id}"
name = "{side.name}"
urls = ["{side.rpc.url}"]
finality = {{ confirmations = 1 }}
start_block = "0"
endpoint = "{side.endpoint.address}"
relayers = ["{side.relayer.address}"]
oracles = ["{side.oracle.address}"]
poll_interval_s = 0.1
confirmations = 4
"""


def _write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir()
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path
