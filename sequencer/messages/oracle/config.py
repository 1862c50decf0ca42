"""The oracle's own part of the configuration; the rest is in `sequencer.messages.config`.

[[route]]
source = "31337"                 # a chain of the file, with an endpoint
target = "31338"                 # another one
oracle = "0x…"                   # the oracle contract on the target
mode = "owner"                   # or "signer", or "publisher"
only_assigned = true             # false: new messages are covered though nobody paid
interval_s = 60                  # between imports that nobody paid for
peers = ["http://127.0.0.1:9465"]   # publisher: the metrics ports of the other signers
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sequencer.messages.config import DaemonConfig, open_config
from sequencer.messages.oracle.route import Mode, Route
from sequencer.toml_section import Section


@dataclass(frozen=True)
class OracleConfig:
    """Everything that an oracle daemon is told."""

    daemon: DaemonConfig
    routes: tuple[Route, ...]


def load_oracle_config(path: Path) -> OracleConfig:
    """Read and check a file. ConfigError names the file, the key and what is wrong."""
    daemon, top = open_config(path)
    routes = tuple(_route(section, daemon) for section in top.tables("route"))
    if not routes:
        raise top.error("route", "no [[route]] is given")
    keys = [(r.source_chain_id, r.target_chain_id, r.oracle) for r in routes]
    if len(set(keys)) != len(keys):
        raise top.error("route", "two routes have the same source, target and oracle")
    top.refuse_unread()
    return OracleConfig(daemon, routes)


def _route(section: Section, daemon: DaemonConfig) -> Route:
    source, target = (_chain(section, key, daemon) for key in ("source", "target"))
    if source == target:
        raise section.error("target", "the same chain as source")
    watched = daemon.chains[source].watchlist
    if watched.endpoint is None:
        raise section.error("source", f"chain {source} has no endpoint in this file")
    oracle = section.address("oracle")
    if oracle not in daemon.chains[target].watchlist.oracles:
        raise section.error("oracle", f"not among the oracles of chain {target} in this file")
    mode = section.text("mode")
    if mode not in list(Mode):
        raise section.error("mode", f"{mode!r} is none of {', '.join(Mode)}")
    return Route(
        source_chain_id=source,
        channel=watched.endpoint,
        source_oracles=tuple(sorted(watched.oracles)),
        target_chain_id=target,
        oracle=oracle,
        mode=Mode(mode),
        only_assigned=section.flag("only_assigned", default=True),
        interval_s=section.seconds("interval_s", 0, 86_400, 60.0),
        peers=_peers(section, Mode(mode)),
        peer_timeout_s=section.seconds("peer_timeout_s", 0.1, 60, 5.0),
    )


def _chain(section: Section, key: str, daemon: DaemonConfig) -> int:
    chain_id = section.integer(key)
    if chain_id not in daemon.chains:
        known = ", ".join(map(str, daemon.chains))
        raise section.error(key, f"chain {chain_id} is not in this file; there are {known}")
    return chain_id


def _peers(section: Section, mode: Mode) -> tuple[str, ...]:
    peers = section.texts("peers", ())
    if peers and mode is not Mode.PUBLISHER:
        raise section.error("peers", "only a publisher asks peers")
    for peer in peers:
        if not peer.startswith(("http://", "https://")):
            raise section.error("peers", f"{peer!r} does not begin with http:// or https://")
    return tuple(peer.rstrip("/") for peer in peers)
