"""What the oracle and the relayer are told alike, in TOML:

data_dir = "var/oracle"                # ledger and sent transactions; relative to the file
metrics_port = 9464                    # Prometheus, on 127.0.0.1; 0 picks a free one
log_level = "info"                     # debug, info, warning or error

[key]                                  # pays for transactions, and signs
keystore = "key.json"                  # mode 0600, as is the password file
password_file = "key.password"
# environment = "ORACLE_KEY"           # or the key in hex, in this variable

[[chain]]
id = "31337"                           # numbers are decimal strings or TOML integers below 2^53
name = "alpha"
urls = ["http://127.0.0.1:8545"]       # asked in turn when one fails; or urls_environment = "VAR",
                                       # a variable with URLs separated by spaces
finality = "finalized"                 # or "safe", or { confirmations = 12 }
start_block = "0"                      # at or before the first message of its endpoint
endpoint = "0x…"
relayers = ["0x…"]                     # whose assignments count
oracles = ["0x…"]                      # whose assignments and imported roots count
feeds = ["0x…"]                        # SubAPI feeds
poll_interval_s = 2.0
timeout_s = 10.0                       # of one request
max_fee_per_gas_wei = "200000000000"   # never offered more
confirmations = 64                     # after which a transaction of ours counts as decided

[[chain.rollup]]                       # a rollup that settles on this chain
contract = "0x…"
chain_id = "7001"                      # its own, in its messages
zk_oracles = ["0x…"]                   # the oracles on this chain that serve its roots
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sequencer.messages.keys import KeySource
from sequencer.messages.watch.finality import Finality
from sequencer.messages.watch.node import Node, Patience
from sequencer.messages.watch.view import ChainView
from sequencer.messages.watch.watchlist import WatchedRollup, Watchlist
from sequencer.toml_section import Section, load_toml

_U63, _U64 = (1 << 63) - 1, (1 << 64) - 1
_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True)
class ChainConfig:
    """One chain: what is watched there and how its nodes are reached."""

    name: str
    watchlist: Watchlist
    urls: tuple[str, ...]
    finality: Finality
    poll_interval_s: float
    timeout_s: float
    max_fee_per_gas_wei: int
    confirmations: int

    @property
    def chain_id(self) -> int:
        """Its id."""
        return self.watchlist.chain_id

    def view(self) -> ChainView:
        """A fresh view of it, for one thread."""
        patience = Patience(timeout_s=self.timeout_s)
        nodes = [Node(url, patience=patience) for url in self.urls]
        return ChainView(self.chain_id, nodes, self.finality)


@dataclass(frozen=True)
class DaemonConfig:
    """What both daemons need."""

    data_dir: Path
    metrics_port: int
    log_level: str
    key: KeySource
    chains: Mapping[int, ChainConfig]

    @property
    def ledger_path(self) -> Path:
        """The ledger's file."""
        return self.data_dir / "ledger.sqlite"

    @property
    def transactions_path(self) -> Path:
        """The file of sent transactions."""
        return self.data_dir / "transactions.sqlite"


def open_config(path: Path) -> tuple[DaemonConfig, Section]:
    """Read the part that is common; the section is the whole file, for the daemon's own tables.

    The caller ends with `section.refuse_unread()`. ConfigError names file, key and reason.
    """
    top = load_toml(path)
    level = top.text("log_level", "info")
    if level not in _LEVELS:
        raise top.error("log_level", f"{level!r} is none of {', '.join(_LEVELS)}")
    chains: dict[int, ChainConfig] = {}
    for section in top.tables("chain"):
        chain = read_chain(section)
        if chain.chain_id in chains:
            raise section.error("id", f"chain {chain.chain_id} is there twice")
        chains[chain.chain_id] = chain
    if not chains:
        raise top.error("chain", "no [[chain]] is given")
    config = DaemonConfig(
        data_dir=top.path("data_dir"),
        metrics_port=top.bounded_integer("metrics_port", 0, 65_535, 0),
        log_level=level,
        key=KeySource.read(top.table("key")),
        chains=chains,
    )
    return config, top


def read_chain(section: Section) -> ChainConfig:
    """One [[chain]]."""
    chain_id = section.bounded_integer("id", 1, _U63)
    watchlist = Watchlist(
        chain_id=chain_id,
        start_block=section.bounded_integer("start_block", 0, _U63),
        endpoint=section.address("endpoint") if section.has("endpoint") else None,
        relayers=frozenset(section.addresses("relayers")),
        oracles=frozenset(section.addresses("oracles")),
        feeds=frozenset(section.addresses("feeds")),
        rollups=tuple(_rollup(table) for table in section.tables("rollup")),
    )
    return ChainConfig(
        name=section.text("name", str(chain_id)),
        watchlist=watchlist,
        urls=_urls(section),
        finality=_finality(section),
        poll_interval_s=section.seconds("poll_interval_s", 0.05, 3_600, 2.0),
        timeout_s=section.seconds("timeout_s", 0.1, 600, 10.0),
        max_fee_per_gas_wei=section.bounded_integer(
            "max_fee_per_gas_wei", 1, _U63, 200_000_000_000
        ),
        confirmations=section.bounded_integer("confirmations", 0, 10_000, 64),
    )


def _rollup(section: Section) -> WatchedRollup:
    return WatchedRollup(
        section.address("contract"),
        section.bounded_integer("chain_id", 1, _U64),
        frozenset(section.addresses("zk_oracles")),
    )


def _urls(section: Section) -> tuple[str, ...]:
    if section.has("urls_environment"):
        name = section.text("urls_environment")
        urls = tuple(os.environ.get(name, "").split())
        key = "urls_environment"
    else:
        urls, key = section.texts("urls"), "urls"
    if not urls:
        raise section.error(key, "no URL is given")
    for url in urls:
        if not url.startswith(("http://", "https://")):
            raise section.error(key, "a URL does not begin with http:// or https://")
    return urls


def _finality(section: Section) -> Finality:
    if not section.has("finality"):
        return Finality()
    if section.is_table("finality"):
        table = section.table("finality")
        return Finality.after(table.bounded_integer("confirmations", 0, 100_000))
    tag = section.text("finality")
    if tag not in ("finalized", "safe"):
        expected = '"finalized", "safe" or { confirmations = N }'
        raise section.error("finality", f"{tag!r} is not {expected}")
    return Finality(tag)
